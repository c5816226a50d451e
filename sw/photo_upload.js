/** Sealed photos up, in parts, after their checks. The page and the service worker both run this; neither needs a key. */
import { ask } from "./ask.js";
import * as rows from "./photo_rows.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";

const PART = 128 * 1024;
const LANES = 3; // so that the line is never idle while one waits for an answer
const LOCK = "tryggrunde-photos";

/** @typedef {{ token: string | null, shell: string, fetch?: typeof fetch }} How */

/** Every photo whose check does not wait, once. One at work at a time: a second call finds the lock taken and leaves. @param {How} how @returns {Promise<number>} how many got a verdict */
export const uploadPhotos = async how => await navigator.locks.request(LOCK, { ifAvailable: true }, lock => (lock ? all(how) : Promise.resolve(0)));

/** @param {How} how */
async function all(how) {
  await rows.followEpoch();
  const blocked = new Set((await sealed.waiting()).map(({ id }) => id));
  const left = (await rows.keysIn("waiting")).filter(key => !blocked.has(key.split("/")[0]));
  let done = 0;
  let stopped = false;
  const lane = async () => {
    for (let key = left.shift(); key && !stopped; key = left.shift()) {
      const said = await one(key, how);
      if (said === "stop") stopped = true;
      else if (said === "done") done++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return done;
}

/** Ask how much is there, and go on from it. @param {string} key @param {How} how @returns {Promise<"done" | "later" | "stop">} */
async function one(key, { token, shell, fetch: fetcher = fetch }) {
  const row = /** @type {rows.Photo | undefined} */ (await store.get("photos", key));
  if (!row?.bytes || row.state !== "waiting") return "later";
  const { bytes, hash } = row;
  const headers = { "X-Shell": shell, ...(token ? { Authorization: "Bearer " + token } : {}) };
  let answer = await ask(fetcher, "/sync/photos/" + hash, { body: null, headers });
  for (let before = -1; ;) {
    if (answer.paused !== null) return "stop";
    const { offset, verdict, server_time } = answer.body;
    if (verdict) {
      await rows.settle(key, verdict, server_time);
      return verdict.verdict === "later" ? "later" : "done";
    }
    if (!Number.isInteger(offset) || offset < 0 || offset > bytes.length || offset === before) return "later";
    before = offset;
    answer = await ask(fetcher, "/sync/photos/" + hash, {
      body: bytes.slice(offset, offset + PART),
      headers: { ...headers, "Content-Type": "application/octet-stream", "X-Offset": String(offset), "X-Total": String(bytes.length) },
    });
  }
}
