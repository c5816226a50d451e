/** When to send and to fetch, and why it stands still. What was sent is decided by the server's verdicts alone. */
import { ask, giveWay, letGo, WIRE } from "./ask.js";
import { backOff } from "./backoff.js";
import * as clock from "./clock.js";
import * as keys from "./keys.js";
import * as nurses from "./nurses.js";
import { behind, expire, followEpoch, keysIn } from "./photo_rows.js";
import { uploadPhotos } from "./photo_upload.js";
import * as records from "./records.js";
import * as sealed from "./sealed.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import { upload } from "./upload.js";
import * as views from "./views.js";
import { farewell, finish, wipe } from "./wipe.js";

const FETCH_EVERY = 300_000;
const IDLE = 60_000;
const SHORT = 8_000; // for a question without a load: a check saved meanwhile is not to wait for an answer that does not come
const CALM = 4; // nothing waits: no hurry
const LOCK_PATIENCE = 10_000;
const ASK_EVERY = 20_000; // whether this device is welcome, while nothing gets through
const SEALING = 1_000;
const UPLOADING = "tryggrunde-upload";

/** @type {{ paused: string | null, session: boolean, failures: number, notBefore: number, photosNotBefore: number, fetched: number, asked: number }} */
const state = { paused: null, session: true, failures: 0, notBefore: 0, photosNotBefore: 0, fetched: -Infinity, asked: -Infinity };
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Set<() => void>} when this device has been wiped */
const wiped = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** @type {Set<() => void>} when the log-in of whoever is unlocked was ended elsewhere */
const left = new Set();

/** @param {() => void} listener */
export const onLeft = listener => { left.add(listener); };
/** @param {() => void} listener */
export const onWipe = listener => { wiped.add(listener); };
/** @param {() => void} listener */
export const onChange = listener => { listeners.add(listener); };
const changed = () => { for (const listener of listeners) listener(); };

/** Why nothing is sent or fetched now; null when all is well. */
export const paused = () => state.paused;

/** The session of whoever is unlocked has ended: a full log-in is needed before anything is fetched. */
export const sessionEnded = () => !state.session;

/** Send and fetch now, one round at a time; a call during a round makes one more. @param {{ fetch?: boolean }} [how] @returns {Promise<void>} */
export function flush({ fetch = false } = {}) {
  if (fetch) state.fetched = -Infinity;
  if (running) {
    again = true;
    if (!fetch) giveWay();
    return running;
  }
  running = rounds().finally(() => { running = null; });
  return running;
}

async function rounds() {
  do {
    again = false;
    await alone(() => round().catch(failed));
  } while (again);
  changed();
}

/**
 * Not beside another window or the worker. A lock that fails, or that a frozen window never lets go of, stops nobody: the server
 * recognises what comes twice.
 * @param {() => Promise<void>} work
 */
async function alone(work) {
  let begun = false;
  const once = () => {
    if (begun) return Promise.resolve();
    begun = true;
    return work();
  };
  try {
    await navigator.locks.request(UPLOADING, { signal: AbortSignal.timeout(LOCK_PATIENCE) }, once);
  } catch (wrong) {
    console.warn("no lock:", wrong);
    await once();
  }
}

/** Trouble on the device itself is said, and never the end of trying. @param {unknown} wrong */
function failed(wrong) {
  console.error(wrong);
  state.paused = "device";
  state.fetched = -Infinity;
  plan(backOff("device", ++state.failures));
}

async function round() {
  clearTimeout(timer);
  const now = performance.now();
  if (now < state.notBefore) return plan(state.notBefore - now);
  await followEpoch().catch(console.error); // killed since the server was found to have gone back
  const due = performance.now() - state.fetched > FETCH_EVERY || clock.jumped();
  const outcome = await upload({ token: nurses.secret()?.session_token ?? null, shell: shell.version(), greet: due });
  let stop = outcome.paused;
  let wait = outcome.retryAfter;
  if (!stop && (due || outcome.sent || outcome.newEpoch)) {
    state.fetched = performance.now(); // before asking: whoever wants news meanwhile gets a fetch of her own
    ({ paused: stop, retryAfter: wait } = nurses.current() ? await pull() : await look());
    if (stop) state.fetched = -Infinity;
  }
  if (outcome.farewell ? await dismiss(outcome.farewell) : await revoked(stop)) return plan(0); // what the wipe has sealed goes at once
  state.paused = stop;
  state.failures = stop ? state.failures + 1 : 0;
  state.notBefore = wait ? performance.now() + wait * 1000 : 0;
  const unsent = stop !== null && (await sealed.waiting()).length + (await keysIn("waiting")).length > 0;
  if (unsent && !wait) void backgroundSync(); // a browser with net sends at once: not while the server asks for time
  plan(stop ? backOff(stop, state.failures) * (unsent ? 1 : CALM) : IDLE);
  if (!stop || stop === "wire") void sendPhotos(); // not awaited: a check saved meanwhile does not wait for pictures
  else await emptied();
}

/** Pictures go beside the rounds, on what the line has left. */
async function sendPhotos() {
  try {
    if (nurses.current() && (await behind()).length) await (await import("./photos.js")).sweep().catch(console.error);
    if (performance.now() < state.photosNotBefore) return;
    const { done, paused, retryAfter } = await uploadPhotos({ token: nurses.secret()?.session_token ?? null, shell: shell.version() });
    if (retryAfter) state.photosNotBefore = performance.now() + retryAfter * 1000;
    if (done) changed();
    if (paused && paused !== "later") void backgroundSync();
    await emptied();
  } catch (wrong) {
    console.error(wrong);
  }
}

/** A device that was revoked has sent all it had: the server is told, and so is whoever looks at the screen. */
async function emptied() {
  if (!await finish()) return;
  state.fetched = -Infinity;
  for (const listener of wiped) listener();
  void flush();
}

/** @param {number} ms */
function plan(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), Math.max(ms, 250));
}

/** The snapshot, by cursor, of whoever is unlocked. @returns {Promise<{ paused: string | null, retryAfter: number }>} */
async function pull() {
  const nurse = nurses.current();
  const token = nurses.secret()?.session_token;
  if (!nurse || !token || !records.isLoaded()) return { paused: null, retryAfter: 0 };
  const gone = () => nurses.current()?.user.id !== nurse.user.id; // locked meanwhile, or a colleague is here: not her news
  const [cursor, holds] = await Promise.all([records.cursor(), records.holds()]);
  const answer = await ask(fetch, "/sync/snapshot", {
    body: JSON.stringify({ wire: WIRE, shell: shell.version(), cursor, holds }),
    headers: { "Content-Type": "application/json", Authorization: "Bearer " + token }, yields: true,
  });
  if (gone()) return { paused: null, retryAfter: 0 };
  if (answer.paused !== null) {
    state.session = answer.paused !== "unauthorised"; // sending goes on without a session
    if (answer.over && await nurses.leave(token)) for (const listener of left) listener();
    return { paused: state.session ? answer.paused : null, retryAfter: answer.retryAfter };
  }
  state.session = true;
  const { server_time, epoch, key_list, decided, lease } = answer.body;
  await clock.contact(server_time);
  if (await sealed.epochSeen(epoch)) again = true;
  if (gone()) return { paused: null, retryAfter: 0 };
  const fits = shell.reads(answer.body);
  if (fits) await records.apply(answer.body);
  await keys.accept(key_list);
  await sealed.decided(decided ?? []);
  await Promise.all([sealed.expire(server_time), expire(server_time)]);
  if (lease && !gone()) await nurses.refresh({ lease });
  changed();
  return { paused: fits ? null : "wire", retryAfter: 0 };
}

/** Locked: only the key list, and whether this device is still welcome. @returns {Promise<{ paused: string | null, retryAfter: number }>} */
async function look() {
  const said = JSON.stringify({ wire: WIRE, shell: shell.version(), holds: await records.holds() });
  let answer = await ask(fetch, "/sync/keys", { body: said, headers: { "Content-Type": "application/json" }, patience: SHORT, yields: true });
  if (answer.paused === "captive" || answer.paused === "server") answer = await ask(fetch, "/sync/keys", { body: null, headers: {}, patience: SHORT, yields: true }); // a server one version back
  if (answer.paused !== null) return answer;
  await clock.contact(answer.body.server_time);
  if (await sealed.epochSeen(answer.body.epoch)) again = true;
  await keys.accept(answer.body.key_list);
  const { name } = answer.body;
  if (name) await store.edit("meta", "installation", known => known && known.name !== name ? { ...known, name } : undefined);
  const bye = farewell(answer.body);
  if (bye) await dismiss(bye);
  return { paused: null, retryAfter: 0 };
}

/**
 * Asked when a session has ended, and when nothing gets through: whoever lets no upload pass does not keep the device from hearing
 * that it is lost. @param {string | null} stop
 */
async function revoked(stop) {
  const ended = stop === "unauthorised" || !state.session;
  const now = performance.now();
  if (!ended && (!stop || now - state.asked < ASK_EVERY)) return false;
  state.asked = now;
  const answer = await ask(fetch, "/sync/keys", { body: null, headers: {}, patience: SHORT, yields: true });
  const bye = answer.paused === null && farewell(answer.body);
  return bye && dismiss(bye);
}

/** Not welcome any more: nothing is left to read, on the disk or on the screen. False when that was done before. @param {{ call: import("./wipe.js").Call | null }} bye */
async function dismiss({ call }) {
  if (await store.get("meta", "revoked") && !nurses.current()) return false;
  // Who was looked at goes home sealed; a disk that refuses that, or hangs, does not put the rest off.
  await Promise.race([views.flush().catch(() => undefined), new Promise(resolve => setTimeout(resolve, SEALING))]);
  nurses.lock();
  await wipe(call);
  state.fetched = -Infinity; // the server is told that it is done
  for (const listener of wiped) listener();
  return true;
}

/** Where the browser can: upload later, even with the app closed. */
async function backgroundSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const manager = /** @type {any} */ (registration)?.sync;
  await manager?.register("upload").catch(() => undefined);
}

/** A new nurse, or none: what is known of the session belonged to the one before. That the server asked for time is about all of them. */
export function userChanged() {
  state.session = true;
  if (performance.now() >= state.notBefore) state.paused = null;
}

/** A sign of life from the outside: try at once, whatever the back-off says, but not before the server asked for. */
const wake = () => {
  state.failures = 0;
  state.asked = -Infinity;
  if (document.visibilityState === "visible") void flush();
};

export function start() {
  addEventListener("online", letGo);
  addEventListener("online", wake);
  addEventListener("focus", wake);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  navigator.serviceWorker?.addEventListener("message", event => { if (event.data?.ask === "contact") void flush({ fetch: true }); });
  setInterval(() => void clock.keep(), 60_000);
  void flush();
}

/** @returns {Promise<string | null>} when the server was last heard */
export const lastContact = async () => (await store.get("meta", "anchor"))?.s ?? null;
