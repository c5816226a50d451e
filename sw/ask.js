/** One question to the server, and what may be believed of the answer. */
const LONGEST_WISH = 3600;
const PATIENCE = 60_000;
const HANGS = 4_000;
export const WIRE = 1;

/** @type {Map<AbortController, { since: number, yields: boolean }>} what is asked now */
const asking = new Map();

/** The net is said to be back: what was asked before it went gets no answer any more, and holds up nothing. */
export const letGo = () => abort(() => true);

/** There is something to send: news that have not come yet may come after it. */
export const giveWay = () => abort(({ yields }) => yields);

/** @param {(one: { yields: boolean }) => boolean} which */
function abort(which) {
  const now = performance.now();
  for (const [control, one] of asking) if (which(one) && now - one.since > HANGS) control.abort();
}

/** Retry-After in seconds, as a number or as a date; a wish for days is a proxy's mistake. @param {string | null} header */
function wished(header) {
  const seconds = Number(header) || (Date.parse(header ?? "") - Date.now()) / 1000;
  return Math.min(Math.max(seconds || 0, 0), LONGEST_WISH);
}

/** @typedef {{ paused: string, retryAfter: number, slow?: boolean, over?: boolean } | { paused: null, body: any }} Answer */

/**
 * Ask the server, and believe nothing but its own words: a redirect, a log-in page, a captive portal, an error or a
 * cut is a reason to wait, never an answer.
 * @param {typeof fetch} fetcher @param {string} url
 * @param {{ body: BodyInit | null, headers: Record<string, string>, patience?: number, yields?: boolean }} what
 *   patience in milliseconds; yields = to something that is to be sent
 * @returns {Promise<Answer>}
 */
export async function ask(fetcher, url, { body, headers, patience = PATIENCE, yields = false }) {
  let response;
  let found = null;
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patience);
  asking.set(control, { since: performance.now(), yields });
  try {
    response = await fetcher(url, {
      method: body === null ? "GET" : "POST", body, headers: { ...headers, "X-Wire": String(WIRE) },
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: control.signal,
    });
    if ((response.headers.get("Content-Type") ?? "").startsWith("application/json")) found = await response.json();
  } catch {
    return { paused: "offline", retryAfter: 0, slow: control.signal.aborted };
  } finally {
    clearTimeout(timer);
    asking.delete(control);
  }
  const retryAfter = wished(response.headers.get("Retry-After"));
  if (response.type === "opaqueredirect") return { paused: "captive", retryAfter };
  if (response.status === 401 && found?.verdict === "unauthorised") return { paused: "unauthorised", retryAfter, over: found.over === true };
  if (response.status === 413) return { paused: "too_large", retryAfter };
  if (response.status === 426) return { paused: "wire", retryAfter };
  if (response.status === 429 || response.status >= 500) return { paused: retryAfter ? "later" : "server", retryAfter };
  if (response.status !== 200 && typeof found?.error === "string") return { paused: "server", retryAfter }; // our own words for a refusal
  if (response.status !== 200 || found === null) return { paused: "captive", retryAfter };
  if (found.wire !== WIRE) return { paused: "wire", retryAfter };
  if (Number.isNaN(Date.parse(found.server_time)) || typeof found.epoch !== "string") return { paused: "captive", retryAfter };
  return { paused: null, body: found };
}
