/**
 * This device is no longer welcome. What can be read goes at once, before any upload that a thief could block;
 * sealed checks stay until each has its verdict, and the papers they need with them. Then everything goes but whom to call.
 * The page and the service worker both run this; neither needs a key.
 */
import * as photos from "./photo_rows.js";
import * as store from "./store.js";

/** @typedef {{ name: string, phone: string }} Call */
/** @typedef {{ call: Call | null, emptied: boolean, unread?: number[] }} Revoked what is left of a device that is not welcome: `meta`'s "revoked";
 *   `unread`: databases that were set aside, and were deleted without having opened */

const PATIENCE = 3_000; // for databases that were set aside: they may never open
const READABLE = ["vaults", "rows", "drafts", "blobs", "views"];

/** What the server says to a device that it has revoked, in whatever answer. @param {any} body @returns {{ call: Call | null } | null} */
export const farewell = body => body.revoked ? { call: body.call ?? null } : null;

/** What was set aside too, where it opens; where not, it goes last (aside.js). @param {Call | null} call */
export async function wipe(call) {
  const [inUse, ...others] = await store.numbers();
  await wipeOne(call, inUse);
  const rest = Promise.allSettled(others.map(number => wipeOne(call, number)));
  if (others.length) await Promise.race([rest, new Promise(resolve => setTimeout(resolve, PATIENCE))]);
}

/** @param {Call | null} call @param {number} [number] */
async function wipeOne(call, number) {
  await store.transact([...READABLE, "meta"], "strict", async tx => {
    const meta = tx.objectStore("meta");
    const vaults = await tx.objectStore("vaults").getAll();
    const kept = (await meta.get("papers")) ?? [];
    await meta.put([...kept, ...vaults.map(({ papers }) => papers)], "papers");
    await meta.put({ call, emptied: false }, "revoked");
    for (const name of READABLE) await tx.objectStore(name).clear();
  }, number);
  await photos.wipe(number);
}

/** @returns {Promise<boolean>} whether everything has gone now: not while something has no verdict or lies set aside, and once only */
export async function finish() {
  const revoked = /** @type {Revoked | undefined} */ (await store.get("meta", "revoked"));
  if (!revoked || revoked.emptied || (await store.numbers()).length > 1 || (await photos.keysIn("waiting")).length) return false;
  await photos.wipe();
  return store.transact(["outbox", "receipts", "meta"], "strict", async tx => {
    if ((await tx.objectStore("outbox").index("state").getAllKeys("waiting")).length) return false;
    const meta = tx.objectStore("meta");
    const language = await meta.get("language");
    for (const name of ["outbox", "receipts", "meta"]) await tx.objectStore(name).clear();
    await meta.put({ ...revoked, emptied: true }, "revoked");
    await meta.put(language, "language");
    return true;
  });
}
