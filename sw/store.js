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
 * views     "user/…" → Locked           views of people not yet sealed
 */
import { openDB } from "../static/vendor/idb-8.0.4.min.js";

/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Database} Database */
/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Transaction} Transaction */
/** @typedef {import("../static/vendor/idb-8.0.4.min.js").Store} Store */

export const STORES = ["meta", "vaults", "outbox", "rows", "drafts", "blobs", "receipts", "views"];
const NAME = "tryggrunde";
const VERSION = 1;

/** @type {Promise<Database> | null} */
let opening = null;

function open() {
  opening ??= openDB(NAME, VERSION, {
    upgrade(db) {
      for (const name of STORES) {
        const made = db.createObjectStore(name);
        if (name === "outbox") made.createIndex("state", "state");
      }
    },
    blocking: forget,
    terminated: () => { opening = null; },
  }).catch(wrong => {
    opening = null;
    throw wrong;
  });
  return opening;
}

/** Let go of the connection: another window upgrades, or everything is to be deleted. */
export function forget() {
  const closing = opening;
  opening = null;
  void closing?.then(db => db.close(), () => undefined);
}

/** A connection that was closed behind our back (iOS does it): opening again helps. @param {unknown} wrong */
const connectionLost = wrong => wrong instanceof DOMException
  && (wrong.name === "InvalidStateError" || (wrong.name === "UnknownError" && /connection|server/i.test(wrong.message)));

/**
 * One transaction. `work` may await nothing but its requests. Resolves after the database said complete;
 * with "strict" that means on the disk.
 * @template T
 * @param {string[]} stores
 * @param {"readonly" | "strict" | "relaxed"} how
 * @param {(tx: Transaction) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function transact(stores, how, work) {
  try {
    return await once(stores, how, work);
  } catch (wrong) {
    if (!connectionLost(wrong)) throw wrong;
    forget();
    return await once(stores, how, work);
  }
}

/**
 * @template T
 * @param {string[]} stores
 * @param {"readonly" | "strict" | "relaxed"} how
 * @param {(tx: Transaction) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
async function once(stores, how, work) {
  const db = await open();
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
