/**
 * What time it is, when no clock is trusted: each contact leaves an anchor (the server's time and the device's),
 * and "now" never goes back: it is the highest of anything seen.
 */
import * as store from "./store.js";

/** @typedef {{ s: string, d: string }} Anchor server time and device time of one contact */

/** @type {Anchor | null} */
let anchor = null;
let highest = 0;
const started = { at: 0, mono: 0 };
const JUMP = 120_000;
const HOUR = 3_600_000;
const WRONG = 24 * HOUR;
const SOON = 36 * HOUR;

export async function load() {
  const [kept, seen] = await Promise.all([store.get("meta", "anchor"), store.get("meta", "seen")]);
  anchor = kept ?? null;
  highest = seen ?? 0;
  started.at = Math.max(highest, estimate());
  started.mono = performance.now();
}

function estimate() {
  const at = Date.now();
  if (!anchor) return at;
  const server = Date.parse(anchor.s), behind = server - Date.parse(anchor.d);
  return behind > WRONG && putRight(at - server) ? at : at + behind;
}

/**
 * A clock that was days behind at the latest contact and now says what time it was there, was put right since: a tablet whose battery
 * was empty. Counted from the anchor, as many days would have passed, and every vault would be closed. @param {number} since
 */
const putRight = since => since > -JUMP && since < SOON;

/** Milliseconds; stands still when the device's clock is set back, except for time that really ran. */
export function now() {
  const ran = started.at + (performance.now() - started.mono);
  highest = Math.max(highest, estimate(), started.at ? ran : 0);
  return highest;
}

/** A contact with the server. @param {string} serverTime */
export async function contact(serverTime) {
  anchor = { s: serverTime, d: iso(Date.now()) };
  highest = Math.max(Date.parse(serverTime), Math.min(highest, Date.parse(serverTime) + 120_000));
  started.at = highest;
  started.mono = performance.now();
  await store.transact(["meta"], "relaxed", async tx => {
    await tx.objectStore("meta").put(anchor, "anchor");
    await tx.objectStore("meta").put(highest, "seen");
  });
}

/** The device's clock was set, or the device slept, since the latest contact: what the anchor says of it may be wrong. */
export const jumped = () => anchor !== null && Math.abs(Date.now() - Date.parse(anchor.d) - (performance.now() - started.mono)) > JUMP;

/** Kept each minute, so that a restart does not win time. */
export const keep = () => store.put("meta", "seen", now());

/** What a record carries as evidence. @returns {{ s: string | null, d: string | null, n: string }} */
export const evidence = () => ({ s: anchor?.s ?? null, d: anchor?.d ?? null, n: iso(Date.now()) });

const OSLO = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Oslo", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  second: "2-digit", timeZoneName: "longOffset",
});

/** ISO with Oslo's offset. @param {number} ms */
export function iso(ms) {
  const part = Object.fromEntries(OSLO.formatToParts(ms).map(({ type, value }) => [type, value]));
  const offset = (part.timeZoneName ?? "").replace(/^(GMT|UTC)/, "").replace("−", "-") || "+00:00";
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
}
