/** Photos as they lie on the disk; the page and the service worker both read them, neither needs a key for it. */
import * as clock from "./clock.js";
import * as store from "./store.js";

/**
 * @typedef {object} Photo
 * @property {string} check @property {string} name SHA-256 of the picture
 * @property {number} vault @property {string} id @property {string} taken
 * @property {"draft" | "waiting" | "received" | "refused"} state
 * @property {import("./vault.js").Locked | null} locked for the nurse, until there is a verdict
 * @property {Uint8Array<ArrayBuffer> | null} bytes sealed for the server; nothing when this copy went to make room, and the server lost its own
 * @property {string} hash of the sealed bytes
 * @property {string | null} at the server's time of its verdict
 * @property {string} reason why it waits, or why it was refused
 */
/** @typedef {{ id: string, hash: string, verdict: string, reason?: string }} Verdict */

const SENT = "sent/";

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

/** What the server said, for this id and this envelope. What it has is marked: the copy may go before its 14 days have passed. @param {string} key @param {Verdict} verdict @param {string} serverTime */
export const settle = (key, verdict, serverTime) => store.transact(["photos", "photo_marks"], "strict", async tx => {
  const row = judged(await tx.objectStore("photos").get(key), verdict, serverTime);
  if (!row) return;
  await tx.objectStore("photos").put(row, key);
  if (row.state === "received") await tx.objectStore("photo_marks").put({ ...row, bytes: null }, SENT + key);
});

/** @param {Photo | undefined} row @param {Verdict} verdict @param {string} at @returns {Photo | null} */
function judged(row, { id, hash, verdict, reason = "" }, at) {
  if (!row || row.id !== id || row.hash !== hash || row.state !== "waiting") return null;
  if (verdict === "accepted" || verdict === "duplicate") return { ...row, state: "received", at, locked: null, reason: "" };
  if (verdict === "refused") return { ...row, state: "refused", at, locked: null, bytes: null, reason };
  return verdict === "later" ? { ...row, reason } : null;
}

/** Copies the server has named go first when the disk is full, for whatever is to be written. */
store.whenFull(async transact => {
  const gone = await keysIn("received");
  await transact(["photos"], "strict", async tx => { await Promise.all(gone.map(key => tx.objectStore("photos").delete(key))); });
  return gone.length > 0;
});

/** As records: kept 14 days by the server's own time. @param {string} serverTime */
export async function expire(serverTime) {
  const before = Date.parse(serverTime) - 14 * 86_400_000;
  for (const key of [...await keysIn("received"), ...await keysIn("refused")]) {
    const row = /** @type {Photo | undefined} */ (await store.get("photos", key));
    if (row && Date.parse(row.at ?? serverTime) < before) await store.remove("photos", key);
  }
  for (const [mark, { at }] of await store.under("photo_marks", SENT)) if (Date.parse(at) < before) await store.remove("photo_marks", mark);
}

/** A server that went back in time gets every copy again, and is asked for those that are gone here. Compared here, so that a kill in between loses nothing. */
export async function followEpoch() {
  const [epoch, mark] = await Promise.all([store.get("meta", "epoch"), store.get("photo_marks", "epoch")]);
  if (!epoch || epoch === mark) return;
  await store.transact(["photos", "photo_marks"], "strict", async tx => {
    const photos = tx.objectStore("photos");
    const marks = tx.objectStore("photo_marks"), sent = store.prefixed(SENT);
    const copies = mark === undefined ? [] : await photos.index("state").getAllKeys("received");
    for (const key of copies) await photos.put({ ...await photos.get(key), state: "waiting", reason: "" }, key);
    for (const row of mark === undefined ? [] : await marks.getAll(sent)) {
      const key = keyOf(row.check, row.name);
      if (!await photos.get(key)) await photos.put({ ...row, state: "waiting", reason: "" }, key);
    }
    await marks.delete(sent);
    await marks.put(epoch, "epoch");
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

/** This device is no longer welcome: what can be read goes, sealed ones wait for their verdict. @param {number} [number] */
export async function wipe(number) {
  await store.transact(["photos", "photo_marks"], "strict", async tx => {
    const photos = tx.objectStore("photos");
    await tx.objectStore("photo_marks").delete(store.prefixed(SENT));
    for (const key of await photos.getAllKeys()) {
      const row = await photos.get(key);
      await (row.state === "waiting" ? photos.put({ ...row, locked: null }, key) : photos.delete(key));
    }
  }, number);
}
