/** Sealed photos up, in parts, after their checks. The page and the service worker both run this; neither needs a key. */
import { ask } from "./ask.js";
import * as rows from "./photo_rows.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";

const PART = 128 * 1024;
const LANES = 3; // so that the line is never idle while one waits for an answer
const LOCK = "tryggrunde-photos";

/** @typedef {{ token: string | null, shell: string, fetch?: typeof fetch }} How */

/** @typedef {{ done: number, paused: string | null, retryAfter: number }} Outcome how many got a verdict, and what said stop */

/** At which everything stopped last time: they go last, so that none is always before the others. @type {Set<string>} */
const stopping = new Set();

/** Every photo whose check does not wait, once. One at work at a time: a second call finds the lock taken and leaves. @param {How} how @returns {Promise<Outcome>} */
export async function uploadPhotos(how) {
  let begun = false;
  const work = (/** @type {unknown} */ lock) => {
    begun = true;
    return lock ? all(how) : { done: 0, paused: null, retryAfter: 0 };
  };
  try {
    return await navigator.locks.request(LOCK, { ifAvailable: true }, work);
  } catch (wrong) {
    if (begun) throw wrong;
    return all(how); // a browser whose locks fail: what is sent twice the server recognises
  }
}

/** @param {How} how @returns {Promise<Outcome>} */
async function all(how) {
  /** @type {Outcome} */
  const outcome = { done: 0, paused: null, retryAfter: 0 };
  const tried = new Set();
  for (;;) { // others may have come meanwhile: whoever brought them found the lock taken
    await rows.followEpoch();
    const blocked = new Set((await sealed.waiting()).map(({ id }) => id));
    const waiting = (await rows.keysIn("waiting")).filter(key => !tried.has(key) && !blocked.has(key.split("/")[0]));
    const left = [...waiting.filter(key => !stopping.has(key)), ...[...stopping].filter(key => waiting.includes(key))];
    if (!left.length || outcome.paused) return outcome;
    for (const key of left) tried.add(key);
    await send(left, outcome, how);
  }
}

/** @param {string[]} left @param {Outcome} outcome @param {How} how */
async function send(left, outcome, how) {
  const lane = async () => {
    for (let key = left.shift(); key && !outcome.paused; key = left.shift()) {
      const said = await one(key, how);
      stopping.delete(key);
      if (said === "done") outcome.done++;
      if (typeof said === "string") continue;
      stopping.add(key);
      outcome.paused ??= said.paused;
      outcome.retryAfter = Math.max(outcome.retryAfter, said.retryAfter);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Ask how much is there, and go on from it. @param {string} key @param {How} how @returns {Promise<"done" | "wait" | { paused: string, retryAfter: number }>} or why everything stops */
async function one(key, { token, shell, fetch: fetcher = fetch }) {
  const row = /** @type {rows.Photo | undefined} */ (await store.get("photos", key));
  if (row?.state !== "waiting") return "wait";
  const { id, bytes, hash } = row;
  const headers = { "X-Shell": shell, ...(token ? { Authorization: "Bearer " + token } : {}) };
  let answer = await ask(fetcher, "/sync/photos/" + hash, { body: null, headers });
  for (let before = -1; ;) {
    if (answer.paused !== null) return answer;
    const { offset, verdict, server_time } = answer.body;
    if (verdict) {
      await rows.settle(key, verdict, server_time);
      return verdict.verdict === "later" ? "wait" : "done";
    }
    if (!bytes) {
      await rows.settle(key, { id, hash, verdict: "refused", reason: "gone" }, server_time);
      return "done";
    }
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length || offset === before) return "wait";
    before = offset;
    answer = await ask(fetcher, "/sync/photos/" + hash, {
      body: bytes.slice(offset, offset + PART),
      headers: { ...headers, "Content-Type": "application/octet-stream", "X-Offset": String(offset), "X-Total": String(bytes.length) },
    });
  }
}
