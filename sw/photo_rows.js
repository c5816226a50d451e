/** Photos as they lie on the disk; the page and the service worker both read them, neither needs a key for it. */
import * as clock from "./clock.js";
import * as store from "./store.js";

/**
 * @typedef {object} Photo
 * @property {string} check @property {string} name SHA-256 of the picture
 * @property {number} vault @property {string} id @property {string} taken
 * @property {"draft" | "waiting" | "received" | "refused"} state
 * @property {import("./vault.js").Locked | null} locked for the nurse, until there is a verdict
 * @property {Uint8Array<ArrayBuffer> | null} bytes sealed for the server
 * @property {string} hash of the sealed bytes
 * @property {string | null} at the server's time of its verdict
 * @property {string} reason why it waits, or why it was refused
 */
/** @typedef {{ id: string, hash: string, verdict: string, reason?: string }} Verdict */

/** Why a file is no photo; `reason` has a sentence in reasons.js. */
export class UnfitError extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** @param {string} check @param {string} name */
export const keyOf = (check, name) => check + "/" + name;

/** @param {unknown} wrong */
export const isFull = wrong => wrong instanceof DOMException && wrong.name === "QuotaExceededError";

/** @param {string} check @returns {Promise<[string, Photo][]>} */
export const of = check => store.under("photos", check + "/");

/** Keys only: the pictures are heavy. @param {string} state @returns {Promise<string[]>} */
export const keysIn = state => store.transact(["photos"], "readonly",
  async tx => (await tx.objectStore("photos").index("state").getAllKeys(state)).map(String));

/** Of saved checks and not sealed yet: there was no room, or the app was killed in between. They wait like the others. @returns {Promise<string[]>} */
export async function behind() {
  const begun = await keysIn("draft");
  const saved = await Promise.all(begun.map(async key => {
    const [check] = key.split("/");
    return Boolean(await store.get("rows", check) ?? await store.get("receipts", check));
  }));
  return begun.filter((_, at) => saved[at]);
}

/** How many wait, and when the first of their checks was made: its id says so. @returns {Promise<{ photos: number, photos_oldest: string | null }>} */
export async function waiting() {
  const keys = [...await keysIn("waiting"), ...await behind()];
  const first = keys.sort()[0];
  return { photos: keys.length, photos_oldest: first ? clock.iso(parseInt(first.replace("-", "").slice(0, 12), 16)) : null };
}

/** Begun ones, and those that must be sealed again. @param {number} vault @returns {Promise<[string, string][]>} check and key */
export async function unsealed(vault) {
  /** @type {[string, string][]} */
  const found = [];
  for (const key of [...await keysIn("draft"), ...await keysIn("waiting")]) {
    const row = /** @type {Photo | undefined} */ (await store.get("photos", key));
    if (row?.vault === vault && (row.state === "draft" || row.reason === "unknown_kid")) found.push([row.check, key]);
  }
  return found;
}

/** A begun photo whose check is nowhere: thrown away with its draft, or long ago. @param {string} key @param {number} before */
export async function forgetOld(key, before) {
  const row = /** @type {Photo | undefined} */ (await store.get("photos", key));
  if (row?.state === "draft" && Date.parse(row.taken) < before) await store.remove("photos", key);
}

/** What the server said, for this id and this envelope. @param {string} key @param {Verdict} verdict @param {string} serverTime */
export const settle = (key, { id, hash, verdict, reason = "" }, serverTime) => store.edit("photos", key, /** @param {Photo | undefined} row */ row => {
  if (!row || row.id !== id || row.hash !== hash || row.state !== "waiting") return undefined;
  if (verdict === "accepted" || verdict === "duplicate") return { ...row, state: "received", at: serverTime, locked: null, reason: "" };
  if (verdict === "refused") return { ...row, state: "refused", at: serverTime, locked: null, bytes: null, reason };
  return verdict === "later" ? { ...row, reason } : undefined;
});

/** Copies the server has named go first when the disk is full. @template R @param {() => Promise<R>} work @returns {Promise<R>} */
export async function withRoom(work) {
  try {
    return await work();
  } catch (wrong) {
    if (!isFull(wrong) || !await makeRoom()) throw wrong;
    return work();
  }
}

/** @returns {Promise<boolean>} whether there were any */
async function makeRoom() {
  const gone = await keysIn("received");
  await store.transact(["photos"], "strict", async tx => { await Promise.all(gone.map(key => tx.objectStore("photos").delete(key))); });
  return gone.length > 0;
}

/** As records: kept 14 days by the server's own time. @param {string} serverTime */
export async function expire(serverTime) {
  const before = Date.parse(serverTime) - 14 * 86_400_000;
  for (const key of [...await keysIn("received"), ...await keysIn("refused")]) {
    const row = /** @type {Photo | undefined} */ (await store.get("photos", key));
    if (row && Date.parse(row.at ?? serverTime) < before) await store.remove("photos", key);
  }
}

/** A server that went back in time gets every copy again. Compared here, so that a kill in between loses nothing. */
export async function followEpoch() {
  const [epoch, mark] = await Promise.all([store.get("meta", "epoch"), store.get("photo_marks", "epoch")]);
  if (!epoch || epoch === mark) return;
  await store.transact(["photos", "photo_marks"], "strict", async tx => {
    const photos = tx.objectStore("photos");
    for (const key of mark === undefined ? [] : await photos.index("state").getAllKeys("received")) {
      await photos.put({ ...await photos.get(key), state: "waiting", reason: "" }, key);
    }
    await tx.objectStore("photo_marks").put(epoch, "epoch");
  });
}

/** Per check: how many wait, and why others were refused. @returns {Promise<Record<string, { waiting: number, refused: string[] }>>} */
export async function told() {
  /** @type {Record<string, { waiting: number, refused: string[] }>} */
  const found = {};
  /** @param {string} key */
  const at = key => (found[key.split("/")[0]] ??= { waiting: 0, refused: [] });
  for (const key of [...await keysIn("waiting"), ...await behind()]) at(key).waiting++;
  for (const key of await keysIn("refused")) at(key).refused.push((await store.get("photos", key))?.reason ?? "");
  return found;
}

/** This device is no longer welcome: what can be read goes, sealed ones wait for their verdict. */
export async function wipe() {
  await store.transact(["photos"], "strict", async tx => {
    const photos = tx.objectStore("photos");
    for (const key of await photos.getAllKeys()) {
      const row = await photos.get(key);
      await (row.state === "waiting" ? photos.put({ ...row, locked: null }, key) : photos.delete(key));
    }
  });
}
