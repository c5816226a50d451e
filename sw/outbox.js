/** Finishing a record: signed, sealed, and on the disk before anybody says "Lagret". */
import { b64, text, unb64, utf8, uuid7 } from "./bytes.js";
import * as clock from "./clock.js";
import * as envelope from "./envelope.js";
import * as keys from "./keys.js";
import * as nurses from "./nurses.js";
import { waiting } from "./sealed.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

/** @typedef {import("./sealed.js").Sealed} Sealed */
/** @typedef {{ check: any, person: string, triggers: any[], payload: string, signature: string, version?: number }} Row
 *   `payload` = text of v1 (rows without a version), base64 of v2 */
/** @typedef {import("./envelope.js").Bytes} Bytes */

const ATTEMPTS = 5;

/** Another window or a sync took the number first. */
class SeriesMoved extends Error {}

/**
 * Sign, seal, then one strict transaction: sealed row, vault row, draft gone, series advanced. Returns after the disk has it.
 * @param {{ id: string, kind?: number, content: Record<string, unknown>, row?: { check: any, person: string, triggers: any[] } | null, app: string, drop?: string[],
 *   pack?: (whole: any) => Bytes }} record
 *   `content` = the payload's own keys; `row` = what the nurse reads; `drop` = pending views it carries;
 *   `pack` = how the payload becomes bytes, when not as JSON
 * @returns {Promise<{ id: string, hash: string }>}
 */
export async function save(record) {
  for (let left = ATTEMPTS; ; left--) {
    try {
      return await saveOnce(record);
    } catch (wrong) {
      if (!(wrong instanceof SeriesMoved) || left <= 1) throw wrong;
    }
  }
}

/** @param {Parameters<typeof save>[0]} record */
async function saveOnce(record) {
  const nurse = nurses.current();
  if (!nurse) throw new vault.LockedError("no open vault");
  const kind = record.kind ?? envelope.CHECK;
  const { installation } = await store.get("meta", "installation");
  const series = (await store.get("vaults", nurse.user.id)).series;
  const saved = clock.iso(clock.now());
  const whole = {
    id: record.id, kind: kind === envelope.CHECK ? "check" : "view", inst: installation, key: nurse.key_id, n: series + 1,
    ...record.content, rec: saved, clk: clock.evidence(), app: record.app,
  };
  const version = record.pack ? envelope.PACKED : envelope.JSON_TEXT;
  const payload = record.pack ? record.pack(whole) : utf8(JSON.stringify(whole));
  const head = { version, kind, id: record.id, installation };
  const signature = await envelope.sign(head, payload);
  const sealed = await envelope.seal(head, payload, signature, await keys.sealKey());
  const row = record.row && await vault.encrypt(
    { ...record.row, version, payload: record.pack ? b64(payload) : text(payload), signature: b64(signature) }, "rows/" + record.id);
  /** @type {Sealed} */
  const entry = {
    id: record.id, hash: sealed.hash, kind, vault: nurse.no, saved, state: "waiting", bytes: sealed.bytes,
    at: null, reasons: [], again: false,
  };
  await store.transact(["outbox", "rows", "drafts", "vaults", "views"], "strict", async tx => {
    const vaults = tx.objectStore("vaults");
    const owner = await vaults.get(nurse.user.id);
    if (owner.series !== series) throw new SeriesMoved();
    await Promise.all([
      vaults.put({ ...owner, series: series + 1 }, nurse.user.id),
      tx.objectStore("outbox").add(entry, entry.hash),
      row && tx.objectStore("rows").add({ ...row, vault: nurse.no }, record.id),
      tx.objectStore("drafts").delete(`${nurse.user.id}/${record.id}`),
      ...(record.drop ?? []).map(key => tx.objectStore("views").delete(key)),
    ]);
  });
  return { id: record.id, hash: sealed.hash };
}

/** At an unlock: what was sealed for a key the server does not know is sealed for the one it offers. */
export async function reseal() {
  const nurse = nurses.current();
  if (!nurse) return;
  const stuck = (await waiting()).filter(it => it.vault === nurse.no && it.reasons.includes("unknown_kid"));
  const { installation } = await store.get("meta", "installation");
  for (const entry of stuck) {
    const locked = await store.get("rows", entry.id);
    if (!locked) continue;
    const row = /** @type {Row} */ (await vault.decrypt(locked, "rows/" + entry.id));
    const version = row.version ?? envelope.JSON_TEXT;
    const payload = version === envelope.PACKED ? unb64(row.payload) : utf8(row.payload);
    const head = { version, kind: entry.kind, id: entry.id, installation };
    const fresh = await envelope.seal(head, payload, unb64(row.signature), await keys.sealKey());
    await store.transact(["outbox"], "strict", async tx => {
      await tx.objectStore("outbox").put({ ...entry, ...fresh, reasons: [] }, fresh.hash);
      await tx.objectStore("outbox").delete(entry.hash);
    });
  }
}

export const newId = () => uuid7(clock.now());
