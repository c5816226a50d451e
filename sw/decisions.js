/** What supervisors have decided about a nurse's refused records, as her last snapshot told it. */

/** @typedef {{ id: string, hash: string, decision: string, at: string, by?: string, reason?: string, person?: string | null, receipt?: string }} Decision
 *   `by` and what follows is told to the author alone */

export const REJECT = "reject";

/** Those about her own records, by id. @param {Decision[] | undefined} decided @returns {Map<string, Decision>} */
export const hers = decided => new Map((decided ?? []).filter(one => one.by !== undefined).map(one => [one.id, one]));

/** Whom a check of hers counts for: somebody else when a supervisor says so, nobody when it was left out.
 * @param {{ person: string }} row @param {Decision | undefined} decision @returns {string | null} */
export const placed = (row, decision) => decision?.decision === REJECT ? null : decision?.person ?? row.person;

/** What a page says of a record, with what was decided about this very envelope.
 * @param {import("./sealed.js").Sealed} entry @param {Decision | undefined} decision */
export function known({ hash, state, at, saved, reasons, receipt = "" }, decision) {
  if (state === "waiting" || decision?.hash !== hash) return { state, at: state === "waiting" ? saved : at, reasons, receipt };
  const { decision: word, by, reason } = decision;
  return { state: "received", at: decision.at, reasons: [word], receipt: decision.receipt || receipt, decided: { by, reason } };
}
