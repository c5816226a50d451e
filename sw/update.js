/** A new version is taken at the lock screen with one window, never in the middle of anything, and says so. */
import { leave, UPDATED } from "./marks.js";
import * as nurses from "./nurses.js";
import * as shell from "./shell.js";
import * as liveWindow from "./window_lock.js";

const PATIENCE = 20_000;
let looking = false;
let again = false;

/** A worker that was stopped in the middle answers nothing, and a line that hangs neither: the next lock asks again. @param {"prepare" | "take"} what @returns {Promise<{ ok: boolean }>} */
function ask(what) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve({ ok: false });
  return new Promise(resolve => {
    setTimeout(() => resolve({ ok: false }), PATIENCE);
    const channel = new MessageChannel();
    channel.port1.onmessage = event => resolve(event.data);
    worker.postMessage({ ask: what }, [channel.port2]);
  });
}

const mayTake = () => !nurses.current() && liveWindow.isLive();
const typing = () => Boolean(document.querySelector("input[name=pin]")?.matches(":not(:placeholder-shown)")
  && /** @type {HTMLInputElement} */ (document.querySelector("input[name=pin]")).value);

/** Is there a new version? Fetch it; take it while nobody is typing. Asked again meanwhile, it looks once more: the first look may have begun before there was one. */
export async function look() {
  again = looking;
  if (looking) return;
  looking = true;
  try {
    do {
      again = false;
      await once();
    } while (again);
  } finally {
    looking = false;
  }
}

async function once() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await Promise.race([registration?.update().catch(() => undefined), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
  if (!await shell.offered() || !(await ask("prepare")).ok) return;
  if (!mayTake() || typing() || !(await ask("take")).ok) return;
  if (!mayTake() || typing()) return; // somebody came meanwhile: the next lock takes it
  leave(UPDATED);
  location.reload();
}
