/**
 * What the unlocked nurse may see: the snapshot's blobs, her own checks beside them (the server's copy wins) and her
 * drafts. Decrypted once per unlock; kept in memory until the lock.
 */
import * as clock from "./clock.js";
import { hers, known, placed } from "./decisions.js";
import * as nurses from "./nurses.js";
import { holds, setAside } from "./holds.js";
import { after } from "./openflags.js";
import * as photos from "./photo_rows.js";
import * as sealed from "./sealed.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

export { holds };


/** @typedef {any} Person @typedef {any} Check @typedef {any} Draft @typedef {any} World */
/** @typedef {{ cursor: string, me: any, params: any, settings_version: number, active: any, bedside?: any, route: string[], others: any[],
 *   decided?: import("./decisions.js").Decision[], taken?: Record<string, any> }} Head `taken`: hers that the journal-responsible took out */
/** @typedef {{ check: Check, person: string, triggers: any[] }} Row one of her own checks */
/** @typedef {{ head: Head | null, people: Map<string, Person>, rows: Map<string, Row>, drafts: Map<string, Draft> }} Held */

/** @type {Held | null} */
let held = null;
/** @type {Map<string, Person>} people with her own checks laid over, until something changes */
const laid = new Map();

export function forget() {
  held = null;
  laid.clear();
}

function me() {
  const nurse = nurses.current();
  if (!nurse) throw new vault.LockedError("no open vault");
  return nurse;
}

/** Decrypt everything of whoever is unlocked. */
export async function load() {
  const { user, no } = me();
  await shell.speak(user.lang);
  await shell.ready();
  const [blobs, rows, drafts] = await Promise.all([
    store.under("blobs", user.id + "/"), store.under("rows", ""), store.under("drafts", user.id + "/"),
  ]);
  /** @param {[string, vault.Locked]} entry @returns {Promise<[string, any]>} */
  const open = async ([key, locked]) => [key, await vault.decrypt(locked, key)];
  const mine = rows.filter(([, row]) => row.vault === no);
  const [opened, openRows, openDrafts] = await Promise.all([
    Promise.all(blobs.map(open)),
    Promise.all(mine.map(async ([id, row]) => /** @type {[string, any]} */ ([id, await vault.decrypt(row, "rows/" + id)]))),
    Promise.all(drafts.map(open)),
  ]);
  const prefix = user.id + "/p/";
  forget();
  held = {
    head: opened.find(([key]) => key === user.id + "/head")?.[1] ?? null,
    people: new Map(opened.filter(([key]) => key.startsWith(prefix)).map(([, person]) => [person.ref, person])),
    rows: new Map(openRows.map(([id, { check, person, triggers }]) => [id, { check, person, triggers }])),
    drafts: new Map(openDrafts.map(([, draft]) => [draft.id, draft])),
  };
}

function open() {
  me();
  if (!held) throw new vault.LockedError("nothing is read yet");
  return held;
}

export const isLoaded = () => held !== null;
export const hasSnapshot = () => Boolean(held?.head);

/** @returns {Promise<string | null>} */
export async function cursor() {
  return open().head?.cursor ?? null;
}

/** A snapshot's news, encrypted first, then in one transaction. @param {any} news */
export async function apply(news) {
  const { user } = me();
  const now = open();
  const { cursor, me: who, params, settings_version, active, bedside, route, others, decided, taken, taken_out = [] } = news;
  /** @type {Head} */
  const head = { cursor, me: who, params, settings_version, active, bedside, route, others, decided, taken };
  const people = news.full ? new Map() : new Map(now.people);
  for (const person of news.people) people.set(person.ref, person);
  const gone = [...now.people.keys()].filter(ref => !route.includes(ref) || news.gone.includes(ref));
  for (const ref of gone) people.delete(ref);
  /** @param {string} key @param {any} value */
  const lock = async (key, value) => /** @type {[string, vault.Locked]} */ ([key, await vault.encrypt(value, key)]);
  const locked = await Promise.all([
    lock(user.id + "/head", head),
    ...news.people.map((/** @type {Person} */ person) => lock(`${user.id}/p/${person.ref}`, person)),
  ]);
  const arrived = [...people.values()].flatMap(person => person.checks.map((/** @type {Check} */ check) => check.id)).filter(id => now.rows.has(id));
  arrived.push(...taken_out.filter((/** @type {string} */ id) => now.rows.has(id))); // about somebody else, deleted by law or blocked: not hers to read any more
  await store.transact(["blobs", "rows"], "strict", async tx => {
    const blobs = tx.objectStore("blobs");
    if (news.full) await blobs.delete(store.prefixed(user.id + "/"));
    await Promise.all([
      ...gone.map(ref => blobs.delete(`${user.id}/p/${ref}`)), ...locked.map(([key, value]) => blobs.put(value, key)),
      ...arrived.map(id => tx.objectStore("rows").delete(id)),
    ]);
  });
  for (const id of arrived) now.rows.delete(id);
  if (held !== now) return; // locked meanwhile
  held = { ...now, head, people };
  laid.clear();
}

/** A check was saved. @param {string} id @param {Row} row */
export function added(id, row) {
  open().rows.set(id, row);
  open().drafts.delete(id);
  laid.delete(row.person);
}

/** @param {string} ref @returns {Person | null} in full, or the little that is known of someone else in the unit */
export function person(ref) {
  const { head, people, rows } = open();
  const ready = laid.get(ref);
  if (ready) return ready;
  const other = head?.others.find(one => one.ref === ref);
  const base = people.get(ref) ?? (other && stub(other, head));
  if (!base) return null;
  const decided = hers(head?.decided);
  const own = [...rows.values()].filter(row => placed(row, decided.get(row.check.id)) === ref);
  const whole = own.length ? lay(base, own) : base;
  laid.set(ref, whole);
  return whole;
}

/** @param {any} other @param {Head | null} head @returns {Person} */
const stub = (other, head) => ({
  ref: other.ref, name: other.name, born: other.born, address: other.address, unit: other.unit ?? head?.me.unit.id ?? "",
  key_note: "", fall_group_set: false, end_of_life: false, history_missing: true,
  episodes: [], triggers: [], visits: [], checks: [], flags: [],
});

/** Order of checks: a clock cannot put a check later than its receipt. @param {Check} check @returns {[number, string]} */
const order = check => [Math.min(Date.parse(check.performed_at), check.received_at ? Date.parse(check.received_at) : Infinity), check.id];

/** The person as she is with these checks too: history, triggers and open flags. @param {Person} base @param {Row[]} own @returns {Person} */
function lay(base, own) {
  const known = new Set(base.checks.map((/** @type {Check} */ check) => check.id));
  const fresh = own.filter(({ check }) => !known.has(check.id)).sort((a, b) => (a.check.id < b.check.id ? -1 : 1));
  let whole = base;
  for (const { check, triggers } of fresh) {
    const form = shell.registry().form(check.form, check.version);
    const { answers, derived, flags, outcome } = check;
    whole = after(form, whole, check, /** @type {any} */ ({ answers, derived, flags, triggers, outcome, asked: new Set(Object.keys(answers)) }));
  }
  const checks = [...whole.checks].sort((a, b) => {
    const [at, id] = order(a), [bt, other] = order(b);
    return at - bt || (id < other ? -1 : 1);
  });
  return { ...whole, checks };
}

/** Everything a page is made from. @returns {Promise<World | null>} null before the first snapshot */
export async function world() {
  const { head, people, rows, drafts } = open();
  if (!head) return null;
  const lang = await shell.speak(head.me.lang);
  const decided = hers(head.decided);
  const own = [...rows.values()].map(row => ({ row, ref: placed(row, decided.get(row.check.id)) }));
  const touched = own.map(({ ref }) => ref).filter(ref => ref && !people.has(ref));
  const refs = /** @type {string[]} */ ([...head.route.filter(ref => people.has(ref)), ...new Set(touched)]);
  const aside = own.filter(({ ref }) => !ref || !person(ref)).map(({ row: { person, check } }) => ({ person, check }));
  return {
    now: clock.iso(clock.now()), me: { ...head.me, lang }, unspoken: lang !== head.me.lang, params: head.params, settings_version: head.settings_version, active: head.active, bedside: head.bedside,
    people: refs.map(person).filter(Boolean), others: head.others, device: true, aside,
    drafts: [...drafts.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), sync: await syncState(decided, head.taken),
  };
}

/** @type {() => string | null} */
let paused = () => null;
/** Who knows why nothing is sent. @param {() => string | null} ask */
export const pausedBy = ask => { paused = ask; };

/** @param {Map<string, import("./decisions.js").Decision>} decided @param {Record<string, any>} [taken] */
async function syncState(decided, taken) {
  const [entries, anchor, told, pictures, aside] = await Promise.all([
    sealed.entries(), store.get("meta", "anchor"), photos.told(), photos.waiting(), setAside(),
  ]);
  const checks = entries.filter(({ kind }) => kind === 1);
  const mine = checks.filter(entry => entry.vault === me().no);
  const unsent = checks.filter(({ state }) => state === "waiting");
  const saved = [...unsent, ...(pictures.photos_oldest ? [{ saved: pictures.photos_oldest }] : [])];
  return {
    waiting: unsent.length, oldest: sealed.oldest(saved), last_contact: anchor?.s ?? null, paused: paused(),
    by_id: { ...Object.fromEntries(mine.map(entry => [entry.id, known(entry, decided.get(entry.id))])), ...taken },
    photos: told, set_aside: aside?.home === false ? aside : null,
  };
}

/** @param {string} id @returns {Draft | null} */
export const draft = id => open().drafts.get(id) ?? null;

/** @param {Draft} changed */
export async function saveDraft(changed) {
  const key = `${me().user.id}/${changed.id}`;
  await store.put("drafts", key, await vault.encrypt(changed, key));
  open().drafts.set(changed.id, changed);
}

/** @param {string} id */
export async function discardDraft(id) {
  await store.remove("drafts", `${me().user.id}/${id}`);
  open().drafts.delete(id);
}
