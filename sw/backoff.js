/** How long to wait before the next try, by what went wrong: told by itself, never by `online`, which lies. */

/**
 * First and longest wait in milliseconds. No contact costs nobody anything, so that is tried often enough for a record to be home
 * within seconds after the net is; a server that answers, and cannot, is left in peace for longer each time.
 * @type {Record<string, [number, number]>}
 */
const WAITS = {
  offline: [2_000, 4_000],
  captive: [4_000, 15_000],
  unauthorised: [4_000, 60_000],
  later: [2_000, 60_000],
  server: [4_000, 120_000],
  device: [4_000, 300_000],
};
const OTHER = /** @type {[number, number]} */ ([5_000, 300_000]);

/** @param {string} cause @param {number} failures in a row, from 1 @param {number} [chance] 0 to 1: a fleet does not come back at once @returns {number} */
export function backOff(cause, failures, chance = Math.random()) {
  const [first, longest] = WAITS[cause] ?? OTHER;
  return Math.min(longest, first * 2 ** Math.min(failures - 1, 10)) * (0.5 + chance / 2);
}
