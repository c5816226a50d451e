/** Sealed records, as the page and the service worker see them: kept until the server has named them, and 14 days more. */
import { REJECT } from "./decisions.js";
import { followEpoch } from "./photo_rows.js";
import * as store from "./store.js";

/**
 * @typedef {object} Sealed what lies in clear beside the sealed bytes
 * @property {string} id
 * @property {string} hash of the envelope
 * @property {number} kind
 * @property {number} vault
 * @property {string} saved
 * @property {"waiting" | "received" | "quarantined"} state
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {string | null} at the server's time of its verdict
 * @property {string[]} reasons why it waits, or why it is with a supervisor
 * @property {string} [receipt] the number of the server's receipt
 * @property {boolean} again it was received once, by a server that has lost it
 */
/** @typedef {{ id: string, content_hash: string, received_at: string, seq_tag: string }} Receipt */

const DAYS_14 = 14 * 86_400_000;

/** @returns {Promise<Sealed[]>} every sealed record on the device, oldest first */
export async function entries() {
  const found = /** @type {Sealed[]} */ (await store.all("outbox"));
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @returns {Promise<Sealed[]>} */
export async function waiting() {
  const found = await store.transact(["outbox"], "readonly", tx => tx.objectStore("outbox").index("state").getAll("waiting"));
  return /** @type {Sealed[]} */ (found).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** When the first of these was saved. @param {{ saved: string }[]} entries @returns {string | null} */
export const oldest = entries => entries.map(({ saved }) => saved).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;

/** @typedef {{ id: string, hash: string, verdict: string, receipt?: Receipt, reasons?: string[], reason?: string, flags?: [string, string][] }} Verdict */

/**
 * The server's words, each for an id and an envelope hash. Nothing else takes a record out of the count.
 * @param {Verdict[]} verdicts @param {string} serverTime
 */
export function settle(verdicts, serverTime) {
  return store.transact(["outbox", "receipts", "meta"], "strict", async tx => {
    const outbox = tx.objectStore("outbox");
    const meta = tx.objectStore("meta");
    const found = /** @type {(Sealed | undefined)[]} */ (await Promise.all(verdicts.map(({ hash }) => outbox.get(hash))));
    let newest = /** @type {string | undefined} */ (await meta.get("last_receipt"));
    verdicts.forEach((verdict, i) => {
      const entry = found[i];
      if (!entry || entry.id !== verdict.id) return;
      const after = judged(entry, verdict, serverTime);
      if (after) void outbox.put(after, entry.hash);
      if (after?.state !== "received" || !verdict.receipt) return;
      void tx.objectStore("receipts").put({ ...verdict.receipt, flags: verdict.flags ?? [] }, entry.id);
      if (!newest || number(verdict.receipt.seq_tag) > number(newest)) newest = verdict.receipt.seq_tag;
    });
    if (newest) void meta.put(newest, "last_receipt"); // the highest: it is the first to be missing when the server went back in time
  });
}

/** @param {string} seqTag */
const number = seqTag => Number(seqTag.split(".")[0]);

/** @param {Sealed} entry @param {Verdict} verdict @param {string} serverTime @returns {Sealed | null} */
function judged(entry, verdict, serverTime) {
  const { verdict: word, receipt } = verdict;
  if ((word === "accepted" || word === "duplicate") && receipt?.id === entry.id) {
    return { ...entry, state: "received", at: receipt.received_at, receipt: receipt.seq_tag.split(".")[0], reasons: [], again: false };
  }
  if (word === "quarantined") return { ...entry, state: "quarantined", at: serverTime, reasons: verdict.reasons ?? [] };
  if (word === "later") return { ...entry, reasons: [verdict.reason ?? "later"] };
  return null;
}

/** A supervisor decided what to do with records that were not accepted. @param {{ id: string, hash: string, decision: string, at: string }[]} decided */
export async function decided(decided) {
  if (!decided.length) return;
  await store.transact(["outbox"], "strict", async tx => {
    const outbox = tx.objectStore("outbox");
    const found = /** @type {(Sealed | undefined)[]} */ (await Promise.all(decided.map(({ hash }) => outbox.get(hash))));
    decided.forEach(({ at, decision }, i) => {
      const entry = found[i];
      const changed = entry?.state === "received" && entry.reasons[0] === REJECT && decision !== REJECT; // she changed her mind
      if (entry && (entry.state === "quarantined" || changed)) void outbox.put({ ...entry, state: "received", at, reasons: [decision] }, entry.hash);
    });
  });
}

/**
 * Another epoch than the known one: the server went back in time, and everything kept counts as unsent and goes again.
 * One transaction: a device that dies between the two would know the epoch and never send again.
 * Photos follow at once: nothing is to say that all has arrived while they are missing there.
 * @param {string} epoch @returns {Promise<boolean>} whether it was another one
 */
export async function epochSeen(epoch) {
  const other = await store.transact(["outbox", "meta"], "strict", async tx => {
    const outbox = tx.objectStore("outbox");
    const meta = tx.objectStore("meta");
    const known = await meta.get("epoch");
    if (!epoch || known === epoch) return false; // a server that could not look names none
    void meta.put(epoch, "epoch");
    if (known === undefined) return false;
    for (const entry of /** @type {Sealed[]} */ (await outbox.getAll())) {
      if (entry.state !== "waiting") void outbox.put({ ...entry, state: "waiting", again: true, reasons: [] }, entry.hash);
    }
    await meta.delete("last_receipt");
    return true;
  });
  if (other) await followEpoch().catch(console.error); // no room for it now: each round tries again
  return other;
}

/** Why a record still waits, when no verdict could say it. @param {string} hash @param {string} reason */
export const stuck = (hash, reason) => store.edit("outbox", hash, entry => entry?.state === "waiting" ? { ...entry, reasons: [reason] } : undefined);

/** Sealed copies go when 14 days have passed by the server's own time. @param {string} serverTime */
export function expire(serverTime) {
  return store.transact(["outbox", "rows", "receipts"], "strict", async tx => {
    const before = Date.parse(serverTime) - DAYS_14;
    for (const entry of /** @type {Sealed[]} */ (await tx.objectStore("outbox").index("state").getAll("received"))) {
      if (Date.parse(entry.at ?? serverTime) >= before) continue;
      for (const name of ["rows", "receipts"]) void tx.objectStore(name).delete(entry.id);
      void tx.objectStore("outbox").delete(entry.hash);
    }
  });
}
