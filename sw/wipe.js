/**
 * This device is no longer welcome. What can be read goes at once, before any upload that a thief could block;
 * sealed checks stay until each has its verdict, and the papers they need with them.
 */
import * as nurses from "./nurses.js";
import * as photos from "./photo_rows.js";
import * as store from "./store.js";
import * as views from "./views.js";

const PATIENCE = 1_000;
const READABLE = ["vaults", "rows", "drafts", "blobs", "views"];

export async function wipe() {
  // Who was looked at goes home sealed; a disk that refuses that, or hangs, does not put the rest off.
  await Promise.race([views.flush().catch(() => undefined), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
  nurses.lock();
  await store.transact([...READABLE, "meta", "outbox"], "strict", async tx => {
    const vaults = await tx.objectStore("vaults").getAll();
    const kept = (await tx.objectStore("meta").get("papers")) ?? [];
    await tx.objectStore("meta").put([...kept, ...vaults.map(({ papers }) => papers)], "papers");
    await tx.objectStore("meta").put(true, "revoked");
    for (const name of READABLE) await tx.objectStore(name).clear();
  });
  await photos.wipe();
}
