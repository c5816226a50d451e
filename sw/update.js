/** A new version is taken at the lock screen with one window, never in the middle of anything, and says so. */
import { collect, leave } from "./marks.js";
import * as nurses from "./nurses.js";
import * as shell from "./shell.js";
import * as liveWindow from "./window_lock.js";

const MARK = "tryggrunde-updated";
let looking = false;

/** @param {"prepare" | "take"} what @returns {Promise<{ ok: boolean }>} */
function ask(what) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve({ ok: false });
  return new Promise(resolve => {
    const channel = new MessageChannel();
    channel.port1.onmessage = event => resolve(event.data);
    worker.postMessage({ ask: what }, [channel.port2]);
  });
}

const mayTake = () => !nurses.current() && liveWindow.isLive();
const typing = () => Boolean(document.querySelector("input[name=pin]")?.matches(":not(:placeholder-shown)")
  && /** @type {HTMLInputElement} */ (document.querySelector("input[name=pin]")).value);

/** Is there a new version? Fetch it; take it while nobody is typing. */
export async function look() {
  if (looking) return;
  looking = true;
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.update().catch(() => undefined);
    if (!await shell.offered() || !(await ask("prepare")).ok) return;
    if (!mayTake() || typing() || !(await ask("take")).ok) return;
    if (!mayTake() || typing()) return; // somebody came meanwhile: the next lock takes it
    leave(MARK);
    location.reload();
  } finally {
    looking = false;
  }
}

/** Said once, on the first lock page after. */
export const justUpdated = () => collect(MARK);
