/** Sealed records up, in batches bounded by bytes. The page and the service worker both run this; neither needs a key. */
import { join, u32, utf8 } from "./bytes.js";
import * as clock from "./clock.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";

const MOST = 480; // papers travel along; the server takes 500 parts
const BYTES = 500 * 1024;
export const WIRE = 1;

/** @typedef {{ paused: null | string, retryAfter: number, sent: number, newEpoch: boolean }} Outcome */

/** @param {import("./sealed.js").Sealed[]} waiting @param {number} most @returns {import("./sealed.js").Sealed[]} */
function batch(waiting, most) {
  let size = 0;
  const fits = waiting.slice(0, most).filter(({ bytes }) => (size += bytes.length + 4) <= BYTES);
  return fits.length ? fits : waiting.slice(0, 1);
}

/** Everybody's papers: a rescue file may meet a server that knows none of them. @returns {Promise<unknown[]>} */
export async function allPapers() {
  const [vaults, kept] = await Promise.all([store.all("vaults"), store.get("meta", "papers")]);
  return [...vaults.map(({ papers }) => papers), ...(kept ?? [])];
}

/** Papers first where the server may not know them: a server restored from before the enrolment still learns whom to trust. @param {boolean} all */
async function papersToSend(all) {
  const [vaults, epoch, kept] = await Promise.all([store.all("vaults"), store.get("meta", "epoch"), store.get("meta", "papers")]);
  const unsent = vaults.filter(({ papers_epoch }) => all || !papers_epoch || papers_epoch !== epoch);
  return { users: unsent.map(({ user }) => user.id), papers: [...unsent.map(({ papers }) => papers), ...(kept ?? [])] };
}

/** @param {string[]} users @param {string} epoch */
const papersArrived = (users, epoch) => store.transact(["vaults"], "relaxed", async tx => {
  const vaults = tx.objectStore("vaults");
  for (const user of users) {
    const found = await vaults.get(user);
    if (found) await vaults.put({ ...found, papers_epoch: epoch }, user);
  }
});

/**
 * Everything that waits, batch by batch, until all is sent or something says stop. `greet`: when nothing waits, show the
 * last receipt all the same, so that a server that went back in time sees it from a device that is locked and has nothing new.
 * @param {{ token: string | null, shell: string, greet?: boolean, fetch?: typeof fetch }} how
 * @returns {Promise<Outcome>}
 */
export async function upload({ token, shell, greet = false, fetch: fetcher = fetch }) {
  const tried = new Set();
  let most = MOST;
  let sent = 0;
  let newEpoch = false;
  let stranger = false;
  let greeting = greet && await store.get("meta", "last_receipt");
  for (;;) {
    const waiting = (await sealed.waiting()).filter(({ hash }) => !tried.has(hash));
    if (!waiting.length && !greeting) return { paused: null, retryAfter: 0, sent, newEpoch };
    const entries = batch(waiting, most);
    const { users, papers } = await papersToSend(stranger);
    const answer = await post(fetcher, entries, papers, token, shell);
    if (answer.paused === "unauthorised" && !stranger) { // perhaps restored from before the enrolment: every paper there is speaks for us
      stranger = true;
      continue;
    }
    if (answer.paused === "too_large" && entries.length) { // halve until the one is found; it waits, and delays nobody
      most = Math.max(1, Math.floor(entries.length / 2));
      if (entries.length > 1) continue;
      await sealed.stuck(entries[0].hash, "too_large");
      tried.add(entries[0].hash);
      most = MOST;
      continue;
    }
    if (answer.paused !== null) return { paused: answer.paused, retryAfter: answer.retryAfter, sent, newEpoch };
    const { server_time, epoch, verdicts } = answer.body;
    if (!Array.isArray(verdicts)) return { paused: "captive", retryAfter: 0, sent, newEpoch };
    await clock.contact(server_time);
    greeting = false;
    await sealed.settle(verdicts, server_time);
    await papersArrived(users, epoch);
    for (const { hash } of entries) tried.add(hash);
    sent += entries.length;
    // after the verdicts: a server that has just found out that it went back in time judged these without our papers
    if (await sealed.epochSeen(epoch)) {
      if (!newEpoch) tried.clear();
      newEpoch = true;
    }
    const named = new Set(verdicts.map(({ hash }) => hash));
    if (!entries.every(({ hash }) => named.has(hash))) return { paused: "server", retryAfter: 0, sent, newEpoch };
  }
}

/**
 * @param {typeof fetch} fetcher @param {import("./sealed.js").Sealed[]} entries @param {unknown[]} papers
 * @param {string | null} token @param {string} shell
 */
async function post(fetcher, entries, papers, token, shell) {
  const parts = [...papers.map(one => utf8("P" + JSON.stringify(one))), ...entries.map(({ bytes }) => bytes)];
  const last = await store.get("meta", "last_receipt");
  return ask(fetcher, "/sync/envelopes", {
    body: join(...parts.flatMap(part => [u32(part.length), part])),
    headers: {
      "Content-Type": "application/octet-stream", "X-Shell": shell,
      ...(last ? { "X-Last-Receipt": last } : {}), ...(token ? { Authorization: "Bearer " + token } : {}),
    },
  });
}

const LONGEST_WISH = 3600;

/** Retry-After in seconds, as a number or as a date; a wish for days is a proxy's mistake. @param {string | null} header */
function wished(header) {
  const seconds = Number(header) || (Date.parse(header ?? "") - Date.now()) / 1000;
  return Math.min(Math.max(seconds || 0, 0), LONGEST_WISH);
}

/** @typedef {{ paused: string, retryAfter: number } | { paused: null, body: any }} Answer */

/**
 * Ask the server, and believe nothing but its own words: a redirect, a log-in page, a captive portal, an error or a
 * cut is a reason to wait, never an answer.
 * @param {typeof fetch} fetcher @param {string} url @param {{ body: BodyInit | null, headers: Record<string, string> }} what
 * @returns {Promise<Answer>}
 */
export async function ask(fetcher, url, { body, headers }) {
  let response;
  let found = null;
  try {
    response = await fetcher(url, {
      method: body === null ? "GET" : "POST", body, headers: { ...headers, "X-Wire": String(WIRE) },
      credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(60_000),
    });
    if ((response.headers.get("Content-Type") ?? "").startsWith("application/json")) found = await response.json();
  } catch {
    return { paused: "offline", retryAfter: 0 };
  }
  const retryAfter = wished(response.headers.get("Retry-After"));
  if (response.type === "opaqueredirect") return { paused: "captive", retryAfter };
  if (response.status === 401 && found?.verdict === "unauthorised") return { paused: "unauthorised", retryAfter };
  if (response.status === 413) return { paused: "too_large", retryAfter };
  if (response.status === 426) return { paused: "wire", retryAfter };
  if (response.status === 429 || response.status >= 500) return { paused: retryAfter ? "later" : "server", retryAfter };
  if (response.status !== 200 || found === null) return { paused: "captive", retryAfter };
  if (found.wire !== WIRE) return { paused: "wire", retryAfter };
  if (Number.isNaN(Date.parse(found.server_time)) || typeof found.epoch !== "string") return { paused: "captive", retryAfter };
  return { paused: null, body: found };
}
