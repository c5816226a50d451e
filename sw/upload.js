/** Sealed records up, in batches bounded by bytes. The page and the service worker both run this; neither needs a key. */
import { ask } from "./ask.js";
import { join, u32, utf8 } from "./bytes.js";
import * as clock from "./clock.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";
import { farewell } from "./wipe.js";

const MOST = 240; // papers travel along; the server takes 500 parts, and works on a batch while the next is on its way
const FIRST = 30; // of more than one batch: until the server has answered nothing else is sent, so that answer comes soon
const SECOND = 120; // and the next is there before it: a server that waits for a large one does nothing
const BYTES = 500 * 1024;
const LEAST = 4 * 1024;
const PATIENCE = 8_000; // milliseconds for an answer, beside what the bytes need on a slow line
const LONGEST = 60_000;
const SLOWEST = 4; // bytes in a millisecond
const UNANSWERED = "unanswered"; // why a record waits: the server answers, and stumbles over this one
const TRIES = 3; // of such records in one run

/** How much goes at once, and how long an answer may take, on the line there is now: less and longer each time nobody answered in time.
 * `doubted`: there was an answer that is none, so that a greeting goes first: it tells a server in trouble from one that stumbles over a record. */
const line = { bytes: BYTES, patience: PATIENCE, doubted: false };

/** @typedef {{ paused: null | string, retryAfter: number, sent: number, newEpoch: boolean, farewell: ReturnType<typeof farewell> }} Outcome */

/** @param {import("./sealed.js").Sealed[]} waiting @param {number} most @returns {import("./sealed.js").Sealed[]} */
function batch(waiting, most) {
  let size = 0;
  const fits = waiting.slice(0, most).filter(({ bytes }) => (size += bytes.length + 4) <= line.bytes);
  return fits.length ? fits : waiting.slice(0, 1);
}

/** What goes next; nothing but a greeting where it is not known whether the server answers. Those it stumbled over go last, each alone and
 * in no order, so that none of them is always behind another. @param {Run} run @param {import("./sealed.js").Sealed[]} waiting */
function next(run, waiting) {
  const clean = waiting.filter(({ reasons }) => !reasons.includes(UNANSWERED));
  if (!run.answered && (waiting.length ? line.doubted || !clean.length : run.greeting)) return [];
  if (run.alone >= TRIES && clean.length) stop(run, "server", 0);
  if (run.alone >= TRIES || !waiting.length) return null;
  if (!clean.length) return [waiting[Math.floor(Math.random() * waiting.length)]];
  const most = run.answered ? run.next : clean.length <= run.most ? MOST : FIRST;
  if (run.answered) run.next = MOST;
  return batch(clean, Math.min(run.most, most));
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
 * Everything that waits, batch by batch, until all is sent or something says stop. Once the server has answered, the next
 * batch is on its way while it works on the one before; answers are taken in the order of sending. `greet`: when nothing waits,
 * show the last receipt all the same, so that a server that went back in time sees it from a device that is locked and has nothing new.
 * @param {{ token: string | null, shell: string, greet?: boolean, fetch?: typeof fetch }} how
 * @returns {Promise<Outcome>}
 */
export async function upload({ token, shell, greet = false, fetch: fetcher = fetch }) {
  /** @type {Run} */
  const run = {
    tried: new Set(), most: MOST, next: SECOND, sent: 0, newEpoch: false, answered: false, greeted: false, alone: 0, stranger: false, stopped: null,
    farewell: null, greeting: greet && Boolean(await store.get("meta", "last_receipt")),
  };
  /** @type {Flight[]} */
  const flying = [];
  for (;;) {
    while (!run.stopped && flying.length < (run.answered ? 2 : 1)) {
      const waiting = (await sealed.waiting()).filter(({ hash }) => !run.tried.has(hash));
      const entries = next(run, waiting);
      if (!entries) break;
      const { stranger, newEpoch } = run;
      const { users, papers } = await papersToSend(stranger);
      for (const { hash } of entries) run.tried.add(hash);
      run.greeting = false;
      flying.push({ entries, users, stranger, newEpoch, answer: post(fetcher, entries, papers, token, shell) });
    }
    const first = flying.shift();
    if (!first) return { paused: null, retryAfter: 0, ...run.stopped, sent: run.sent, newEpoch: run.newEpoch, farewell: run.farewell };
    await land(run, first);
  }
}

/** @typedef {{ entries: import("./sealed.js").Sealed[], users: string[], stranger: boolean, newEpoch: boolean, answer: Promise<import("./ask.js").Answer> }} Flight */
/** @typedef {{ tried: Set<string>, most: number, next: number, sent: number, newEpoch: boolean, answered: boolean, stranger: boolean,
 *   greeted: boolean, alone: number, greeting: boolean, stopped: { paused: string, retryAfter: number } | null, farewell: ReturnType<typeof farewell> }} Run */

/** What an answer says; the first that says stop is the reason. @param {Run} run @param {Flight} flight */
async function land(run, { entries, users, stranger, newEpoch, answer: coming }) {
  const answer = await coming;
  if (answer.paused === "unauthorised" && !stranger) { // perhaps restored from before the enrolment: every paper there is speaks for us
    run.stranger = true;
    run.greeting = !entries.length;
    return again(run, entries);
  }
  if (answer.paused === "too_large" && entries.length) return halve(run, entries, "too_large");
  if (answer.paused !== null) {
    if (answer.slow) slower(entries);
    if (answer.paused === "server" || answer.paused === "captive") {
      if (entries.length && (run.greeted || entries[0].reasons.includes(UNANSWERED))) return halve(run, entries, UNANSWERED);
      line.doubted = true;
    }
    return stop(run, answer.paused, answer.retryAfter);
  }
  quicker();
  const { server_time, epoch, verdicts } = answer.body;
  if (!Array.isArray(verdicts)) return stop(run, "captive", 0);
  run.answered = true;
  run.greeted ||= !entries.length;
  line.doubted = false;
  if (run.alone) run.most = MOST;
  run.farewell ??= farewell(answer.body);
  await clock.contact(server_time);
  if (run.newEpoch && !newEpoch) return again(run, entries); // judged without our papers: the next verdict counts
  await sealed.settle(verdicts, server_time);
  await papersArrived(users, epoch);
  run.sent += entries.length;
  // after the verdicts: a server that has just found out that it went back in time judged these without our papers.
  // What is on its way was sent without them too: it goes again as well.
  if (await sealed.epochSeen(epoch)) {
    if (!run.newEpoch) run.tried.clear();
    run.newEpoch = true;
  }
  const named = new Set(verdicts.map(({ hash }) => hash));
  if (!entries.every(({ hash }) => named.has(hash))) stop(run, "server", 0);
}

/** @param {Run} run @param {string} paused @param {number} retryAfter */
function stop(run, paused, retryAfter) {
  run.stopped ??= { paused, retryAfter };
}

/** @param {Run} run @param {import("./sealed.js").Sealed[]} entries */
function again(run, entries) {
  for (const { hash } of entries) run.tried.delete(hash);
}

/** Too large, or something the server stumbles over: halve until the one is found; it waits, and delays nobody.
 * @param {Run} run @param {import("./sealed.js").Sealed[]} entries @param {string} reason */
async function halve(run, entries, reason) {
  run.most = Math.max(1, Math.floor(entries.length / 2));
  if (entries.length > 1) return again(run, entries);
  await sealed.stuck(entries[0].hash, reason);
  if (reason === UNANSWERED) run.alone += 1;
  else run.most = MOST;
}

/** Nobody answered in time: perhaps the line is too slow for so much, perhaps the server for such haste. @param {import("./sealed.js").Sealed[]} entries */
function slower(entries) {
  const sent = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  line.bytes = Math.max(LEAST, Math.min(line.bytes, Math.floor(sent / 4)));
  line.patience = Math.min(LONGEST, line.patience * 2);
}

function quicker() {
  line.bytes = Math.min(BYTES, line.bytes * 2);
  line.patience = PATIENCE;
}

/**
 * @param {typeof fetch} fetcher @param {import("./sealed.js").Sealed[]} entries @param {unknown[]} papers
 * @param {string | null} token @param {string} shell
 */
async function post(fetcher, entries, papers, token, shell) {
  const parts = [...papers.map(one => utf8("P" + JSON.stringify(one))), ...entries.map(({ bytes }) => bytes)];
  const last = await store.get("meta", "last_receipt");
  const body = join(...parts.flatMap(part => [u32(part.length), part]));
  return ask(fetcher, "/sync/envelopes", {
    body,
    patience: line.patience + body.length / SLOWEST,
    headers: {
      "Content-Type": "application/octet-stream", "X-Shell": shell,
      ...(last ? { "X-Last-Receipt": last } : {}), ...(token ? { Authorization: "Bearer " + token } : {}),
    },
  });
}
