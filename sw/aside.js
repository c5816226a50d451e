/**
 * Databases that were set aside because they did not open (unopened.js). Each start tries them, once the page is usable; what lies sealed
 * in those that open is brought over into the ones in use, and sent like everything else. They are not changed and not deleted, but on a
 * device that is not welcome any more.
 */
import * as clock from "./clock.js";
import { nearMoment } from "./says.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

/** @typedef {import("./sealed.js").Sealed} Sealed @typedef {import("./photo_rows.js").Photo} Photo */
/** @typedef {import("./nurses.js").Vault} Vault @typedef {import("./shell.js").Translate} Translate */
/**
 * @typedef {object} Aside `meta`'s "aside" has one for each
 * @property {number} number
 * @property {string} at when it was set aside
 * @property {string | null} home when all that waited there had been brought over
 * @property {number} left drafts, and photos that were not sealed: they cannot be read here
 */
/** @typedef {{ entries: Sealed[], vaults: Vault[], papers: { body: string }[], epoch?: string, last?: string, drafts: number }} Old */
/** @typedef {{ home: boolean, badge: (t: Translate) => string, text: (t: Translate) => string, say: (t: Translate) => { text: string, advice: string, recent: boolean } }} Told */

const PATIENCE = 20_000;
const DAYS_14 = 14 * 86_400_000;

/** @type {Promise<void> | null} */
let running = null;

/** Try them, and go on with a wipe that they hold up. @returns {Promise<void>} */
export function start() {
  sync.onChange(() => { void alone(tidy); });
  return alone(bring);
}

/** @param {() => Promise<void>} work */
const alone = work => (running ??= work().catch(console.error).finally(() => { running = null; }));

async function bring() {
  const [, ...others] = await store.numbers();
  for (const number of others) {
    await one(number);
    void sync.flush();
  }
  await tidy();
}

/** It does not open, or cannot be read. */
class Shut extends Error {}

/**
 * Read from databases that were set aside. @template T @param {number} number @param {string[]} stores
 * @param {(tx: import("./store.js").Transaction) => Promise<T>} work @param {new (message?: string) => Error} [late] what it is not to come to an end in time
 * @returns {Promise<T>} @throws {Shut}
 */
const from = (number, stores, work, late = Error) => Promise.race([
  store.transact(stores, "readonly", work, number).catch(wrong => { throw new Shut(wrong); }),
  new Promise((_, fail) => { setTimeout(() => fail(new late("not in time")), PATIENCE); }),
]);

/** @param {number} number @param {string} name */
const opened = (number, name) => from(number, [name], tx => tx.objectStore(name).count(), Shut);

/** @param {number} number @returns {Promise<Old>} */
const read = number => from(number, ["outbox", "vaults", "meta", "drafts"], async tx => {
  const meta = tx.objectStore("meta");
  const [entries, vaults, kept, epoch, last, drafts] = await Promise.all([
    tx.objectStore("outbox").getAll(), tx.objectStore("vaults").getAll(), meta.get("papers"), meta.get("epoch"), meta.get("last_receipt"),
    tx.objectStore("drafts").count(),
  ]);
  return { entries, vaults, papers: [...vaults.map(({ papers }) => papers), ...(kept ?? [])], epoch, last, drafts };
});

/**
 * Whether all of it is here now. What takes too long to read, or finds no room here, is "later": only what is shut cannot be had.
 * @param {number} number @returns {Promise<"here" | "shut" | "later">}
 */
const one = number => bringOver(number).then(() => /** @type {const} */ ("here"), wrong => {
  console.warn("set aside:", wrong);
  return wrong instanceof Shut ? "shut" : "later";
});

/** Every sealed record of it, the received ones too: they are kept for 14 days. @param {number} number */
async function bringOver(number) {
  await opened(number, "meta");
  const old = await read(number);
  const lost = await take(old);
  await opened(number, "photos");
  const { hashes, left } = await pictures(number, lost);
  await store.transact(["meta"], "strict", async tx => {
    const meta = tx.objectStore("meta");
    const [brought, asides] = await Promise.all([meta.get("brought"), meta.get("aside")]);
    await meta.put([...new Set([...brought, ...hashes])], "brought");
    const known = asides?.find((/** @type {Aside} */ it) => it.number === number) ?? { number, at: clock.iso(clock.now()), home: null };
    const others = (asides ?? []).filter((/** @type {Aside} */ it) => it.number !== number);
    await meta.put([{ ...known, home: known.home ?? clock.iso(clock.now()), left: old.drafts + left }, ...others], "aside");
  });
}

/**
 * Once each, by its envelope's hash: what was brought over is remembered, for it goes from here 14 days after its receipt.
 * @param {Old} old @returns {Promise<boolean>} whether the server has gone back in time meanwhile: then everything goes again
 */
function take(old) {
  return store.transact(["outbox", "vaults", "meta"], "strict", async tx => {
    const [outbox, meta] = [tx.objectStore("outbox"), tx.objectStore("meta")];
    const [brought = [], papers = [], epoch, last, vaults] = await Promise.all([
      meta.get("brought"), meta.get("papers"), meta.get("epoch"), meta.get("last_receipt"), tx.objectStore("vaults").getAll(),
    ]);
    const lost = Boolean(epoch && old.epoch && epoch !== old.epoch);
    const done = new Set(brought);
    for (const entry of old.entries) {
      if (done.has(entry.hash) || await outbox.get(entry.hash)) continue;
      const again = lost && entry.state !== "waiting" ? { state: "waiting", again: true, reasons: [] } : {};
      await outbox.put({ ...entry, ...again, vault: vaultOf(entry, old.vaults, vaults) }, entry.hash);
    }
    const known = new Set([...papers, ...vaults.map(vault => vault.papers)].map(({ body }) => body));
    await meta.put([...papers, ...old.papers.filter(({ body }) => !known.has(body))], "papers");
    await meta.put([...new Set([...brought, ...old.entries.map(({ hash }) => hash)])], "brought");
    if (!epoch && old.epoch) await meta.put(old.epoch, "epoch");
    if (!lost && old.last && order(old.last) > order(last)) await meta.put(old.last, "last_receipt");
    return lost;
  });
}

/** @param {string | undefined} receipt */
const order = receipt => Number(receipt?.split(".")[0] ?? 0);

/** Whose it is here: each nurse's vault has a number, and another one in other databases; 0 for who has none here yet.
 * @param {Sealed} entry @param {Vault[]} theirs @param {Vault[]} ours */
function vaultOf(entry, theirs, ours) {
  const user = theirs.find(({ no }) => no === entry.vault)?.user.id;
  return ours.find(it => it.user.id === user)?.no ?? 0;
}

/** Sealed photos, one by one: they are heavy. What a nurse could see of them was under a key that is not here.
 * @param {number} number @param {boolean} lost @returns {Promise<{ hashes: string[], left: number }>} which were brought over, and how many were not sealed */
async function pictures(number, lost) {
  const brought = new Set(await store.get("meta", "brought"));
  const hashes = [];
  let left = 0;
  for (const key of await from(number, ["photos"], tx => tx.objectStore("photos").getAllKeys())) {
    const row = /** @type {Photo} */ (await from(number, ["photos"], tx => tx.objectStore("photos").get(key)));
    if (row.state === "draft") left++;
    if (!row.bytes || brought.has(row.hash) || !(row.state === "waiting" || lost && row.state === "received")) continue;
    await store.edit("photos", key, here => here ? undefined : { ...row, state: "waiting", locked: null, vault: 0, reason: "" });
    hashes.push(row.hash);
  }
  return { hashes, left };
}

/** A device that was revoked keeps nothing: those that were brought over go at once, one that does not open when all else has been sent. */
async function tidy() {
  const [, ...others] = await store.numbers();
  if (!others.length || !await store.get("meta", "revoked")) return;
  for (const number of others) {
    const came = await one(number);
    if (came === "later" || came === "shut" && await busy()) continue;
    await store.edit("meta", "revoked", it => {
      const unread = new Set(/** @type {import("./wipe.js").Revoked} */ (it).unread);
      unread[came === "here" ? "delete" : "add"](number);
      return { ...it, unread: [...unread] };
    });
    const erased = store.erase(number).then(() => true).catch(() => false);
    if (await Promise.race([erased, new Promise(resolve => { setTimeout(resolve, PATIENCE); })])) void sync.flush();
  }
}

/** Whether something here has no verdict yet. */
const busy = async () => (await Promise.all([["outbox"], ["photos"]].map(stores => store.transact(stores, "readonly",
  tx => tx.objectStore(stores[0]).index("state").count("waiting"))))).some(Boolean);

/** What is to be said of them; null when there are none. @returns {Promise<Told | null>} */
export async function told() {
  const kept = /** @type {Aside[]} */ (await store.get("meta", "aside") ?? []);
  const now = clock.iso(clock.now());
  const others = (await store.numbers()).slice(1).filter(number => !kept.some(it => it.number === number));
  const list = [...kept, ...others.map(number => ({ number, at: now, home: null, left: 0 }))];
  const revoked = /** @type {import("./wipe.js").Revoked | undefined} */ (await store.get("meta", "revoked"));
  if (revoked) return revoked.unread?.length ? gone : null;
  if (!list.length) return null;
  const home = list.every(it => it.home);
  const recent = list.some(it => !it.home || clock.now() - Date.parse(it.home) < DAYS_14);
  return {
    home, badge: t => t("Noe er lagt til side"),
    text: t => t("Det som lå usendt i lageret som er lagt til side, er ikke sendt og ikke regnet med."),
    say: t => ({ text: list.map(it => words(it, now.slice(0, 10), t)).join(" "), recent,
      advice: home ? "" : t("Vis dette til den som administrerer enheten, og tøm ikke nettleseren.") }),
  };
}

/** On a device that was revoked, when something was deleted that had not opened. @type {Told} */
const gone = {
  home: true, badge: () => "", text: () => "",
  say: t => ({ recent: true, advice: "",
    text: t("Denne enheten er sperret. Alt er slettet. Et lager som ikke åpnet seg, ble slettet uten at det som lå der, var sendt.") }),
};

/** @param {Aside} aside @param {string} today @param {Translate} t */
function words({ at, home, left }, today, t) {
  const was = t("Et lager som ikke åpnet seg, ble lagt til side %(at)s.", { at: nearMoment(at, today, t) });
  if (!home) return was + " " + t("Det som lå der og ikke var sendt, er fortsatt der og ikke sendt. Det blir hentet over av seg selv hvis lageret åpner seg.");
  const came = t("Det som ventet der, ble hentet over %(at)s og sendes som alt annet.", { at: nearMoment(home, today, t) });
  return [was, came, left ? t("Utkast og bilder som ikke var forseglet, ligger igjen der: %(n)s.", { n: left }) : ""].filter(Boolean).join(" ");
}
