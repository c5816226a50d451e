/**
 * What the device keeps: the only file that says indexedDB. Nothing in it is readable patient data.
 *
 * meta      name → value                what belongs to the device: installation, anchors, last receipt
 * vaults    user id → Vault             one per nurse: wrapped keys, papers, series, wrong PINs
 * outbox    envelope hash → Sealed      finished checks sealed to the server, until 14 days after receipt
 * rows      check id → Locked           finished checks as the nurse reads them, under her vault key
 * drafts    draft id → Locked           begun checks
 * blobs     "user/what" → Locked        the snapshot, one blob per service user
 * receipts  check id → Receipt          the server's word for each record
 * views     "user/…" → Locked           views of people and lists, not yet sealed
 *
 * In a database of their own, so that an app of an older version still opens the records:
 * photos      check id/hash → Photo       photos of findings, encrypted and sealed
 * photo_marks name → value                the epoch they were last sent in
 *
 * Databases that do not open are set aside (unopened.js): nothing happens to them, and two of the next number are used from then on.
 */
import { openDB } from "../static/vendor/idb-8.0.4.min.js";

/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Database} Database */
/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Transaction} Transaction */
/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Store} Store */

export const STORES = ["meta", "vaults", "outbox", "rows", "drafts", "blobs", "receipts", "views"];
export const PHOTO_STORES = ["photos", "photo_marks"];
const STATEFUL = ["outbox", "photos"];
const NAME = "tryggrunde";
const PHOTOS = "tryggrunde-photos";
const VERSION = 1;

/** @type {Map<string, Promise<Database>>} */
const opening = new Map();

/** @type {Promise<number[]> | null} */
let numbered = null;

/** Which databases lie here, those in use first; none where the browser does not say. Asked once: whoever began in some goes on in them. */
export const numbers = (again = false) => (numbered = !again && numbered || list());

async function list() {
  const found = await indexedDB.databases?.().catch(() => undefined) ?? [];
  return found.map(({ name }) => name === NAME ? 1 : Number(name?.split(NAME + ".")[1])).filter(Boolean).sort((a, b) => b - a);
}

/** @param {string} name @param {number} number */
const named = (name, number) => number > 1 ? `${name}.${number}` : name;

/** @param {string} name @param {string[]} stores */
function openNamed(name, stores) {
  const known = opening.get(name);
  if (known) return known;
  const fresh = openDB(name, VERSION, {
    upgrade(db) {
      for (const store of stores) {
        const made = db.createObjectStore(store);
        if (STATEFUL.includes(store)) made.createIndex("state", "state");
      }
    },
    blocking: forget,
    terminated: () => { opening.delete(name); },
  }).catch(wrong => {
    opening.delete(name);
    throw wrong;
  });
  opening.set(name, fresh);
  return fresh;
}

/** @param {string[]} stores @param {number} [number] */
async function open([first], number) {
  const which = number ?? (await numbers())[0] ?? 1;
  return PHOTO_STORES.includes(first) ? openNamed(named(PHOTOS, which), PHOTO_STORES) : openNamed(named(NAME, which), STORES);
}

/** Let go of the connections: another window upgrades, or everything is to be deleted. */
export function forget() {
  for (const closing of opening.values()) void closing.then(db => db.close(), () => undefined);
  opening.clear();
}

/** Delete databases that are not in use: of a device that is not welcome, and of a try. @param {number} number */
export async function erase(number) {
  forget();
  for (const name of [PHOTOS, NAME]) { // the second is how they are found
    await new Promise((onsuccess, onerror) => Object.assign(indexedDB.deleteDatabase(named(name, number)), { onsuccess, onerror }));
  }
  await numbers(true);
}

/** @param {unknown} wrong */
export const isFull = wrong => wrong instanceof DOMException && wrong.name === "QuotaExceededError";

/** @type {(work: typeof once) => Promise<boolean>} */
let makeRoom = async () => false;
/** @type {Promise<boolean> | null} */
let making = null;
/** How to make room on a full disk: whether there was something the device can do without. @param {typeof makeRoom} way */
export const whenFull = way => { makeRoom = way; };

/** A connection that was closed behind our back (iOS does it): opening again helps. @param {unknown} wrong */
const connectionLost = wrong => wrong instanceof DOMException
  && (wrong.name === "InvalidStateError" || (wrong.name === "UnknownError" && /connection|server/i.test(wrong.message)));

/**
 * One transaction. `work` may await nothing but its requests, and may be asked twice. Resolves after the database said complete;
 * with "strict" that means on the disk.
 * @template T
 * @param {string[]} stores
 * @param {"readonly" | "strict" | "relaxed"} how
 * @param {(tx: Transaction) => Promise<T> | T} work
 * @param {number} [number] of databases that are not those in use
 * @returns {Promise<T>}
 */
export async function transact(stores, how, work, number) {
  try {
    return await once(stores, how, work, number);
  } catch (wrong) {
    if (connectionLost(wrong)) forget();
    else if (!isFull(wrong) || !await (making ??= makeRoom(once).finally(() => { making = null; }))) throw wrong;
    return await once(stores, how, work, number);
  }
}

/**
 * @template T
 * @param {string[]} stores
 * @param {"readonly" | "strict" | "relaxed"} how
 * @param {(tx: Transaction) => Promise<T> | T} work
 * @param {number} [number]
 * @returns {Promise<T>}
 */
async function once(stores, how, work, number) {
  const db = await open(stores, number);
  const tx = how === "readonly" ? db.transaction(stores, "readonly")
    : db.transaction(stores, "readwrite", { durability: how });
  const done = tx.done;
  done.catch(() => undefined); // reported below, also when `work` fails first
  let result;
  try {
    result = await work(tx);
  } catch (wrong) {
    try { tx.abort(); } catch { /* it has already ended */ }
    throw wrong;
  }
  await done;
  return result;
}

/** @param {string} store @param {IDBValidKey} key @returns {Promise<any>} */
export const get = (store, key) => transact([store], "readonly", tx => tx.objectStore(store).get(key));

/** @param {string} store @returns {Promise<any[]>} */
export const all = store => transact([store], "readonly", tx => tx.objectStore(store).getAll());

/** Everything whose key starts with `prefix`. @param {string} store @param {string} prefix @returns {Promise<[string, any][]>} */
export function under(store, prefix) {
  const range = IDBKeyRange.bound(prefix, prefix + "\uffff");
  return transact([store], "readonly", async tx => {
    const [keys, values] = await Promise.all([tx.objectStore(store).getAllKeys(range), tx.objectStore(store).getAll(range)]);
    return keys.map((key, i) => /** @type {[string, any]} */ ([String(key), values[i]]));
  });
}

/** @param {string} prefix */
export const prefixed = prefix => IDBKeyRange.bound(prefix, prefix + "\uffff");

/** @param {string} store @param {IDBValidKey} key @param {unknown} value */
export async function put(store, key, value) {
  await transact([store], "strict", async tx => { await tx.objectStore(store).put(value, key); });
}

/** @param {string} store @param {IDBValidKey} key */
export async function remove(store, key) {
  await transact([store], "strict", tx => tx.objectStore(store).delete(key));
}

/**
 * Read, change and write one value in a single strict transaction; `change` returning undefined writes nothing.
 * @param {string} store
 * @param {IDBValidKey} key
 * @param {(value: any) => any} change
 * @returns {Promise<any>} what is there now
 */
export function edit(store, key, change) {
  return transact([store], "strict", async tx => {
    const before = await tx.objectStore(store).get(key);
    const after = change(before);
    if (after !== undefined) await tx.objectStore(store).put(after, key);
    return after ?? before;
  });
}
