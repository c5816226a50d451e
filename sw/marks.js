/**
 * What the browser remembers without a database: that it is enrolled, the language for a start that fails, a new version. A browser may
 * refuse it (blocked site data): then nothing is remembered, and nothing else stops.
 */

/** Left by a window that takes a new version, and said on the first lock page after. */
export const UPDATED = "tryggrunde-updated";

/** @param {string} name @returns {string | null} */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // refused or full: the worker's empty frame also says that the browser is enrolled
  }
}

/** A mark for the next page of this window. @param {string} name @param {string} [value] */
export function leave(name, value = "1") {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // then the next page does not tell
  }
}

/** What the page before left; null when nothing. @param {string} name @returns {string | null} */
export function left(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Whether the page before left this mark; it is gone after. @param {string} name @returns {boolean} */
export function collect(name) {
  const found = left(name) !== null;
  if (found) sessionStorage.removeItem(name);
  return found;
}
