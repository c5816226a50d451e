/**
 * What the browser remembers without a database: that it is enrolled, the language for a start that fails, a new version. A browser may
 * refuse it (blocked site data): then nothing is remembered, and nothing else stops.
 */

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

/** A mark for the next page of this window. @param {string} name */
export function leave(name) {
  try {
    sessionStorage.setItem(name, "1");
  } catch {
    // then the next page does not tell
  }
}

/** Whether the page before left this mark; it is gone after. @param {string} name @returns {boolean} */
export function collect(name) {
  try {
    const left = sessionStorage.getItem(name) !== null;
    sessionStorage.removeItem(name);
    return left;
  } catch {
    return false;
  }
}
