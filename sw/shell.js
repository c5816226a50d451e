/** The modules that travel with the shell: templates, one per bundle version, and what is said in each language. Names are content hashes. */

import { Registry } from "./bundles.js";

/** @typedef {{ version: string, assets: string[], modules: Modules }} Listed */
/** @typedef {{ templates: string, speech: Record<string, string>, bundles: Record<string, string>, about?: Record<string, Record<string, string>> }} Modules */
/** @typedef {{ words: Record<string, string>, texts: Record<string, string[]> }} Speech */
/** @typedef {(ctx: any, t: Translate) => string} Template */
/** @typedef {(text: string, values?: Record<string, string | number>) => string} Translate */

const PATIENCE = 4_000;
const PAUSE = 30_000;

/** @type {{ listed: Listed, templates: Record<string, Template> } | null} */
let loaded = null;
/** @type {Promise<Registry> | null} */
let reading = null;
/** @type {Registry | null} */
let bundles = null;

/** What is said, by language. @type {Map<string, Record<string, string>>} */
const spoken = new Map();
/** The bundles' texts, in every language that has come. @type {Map<string, import("./bundles.js").Text[]>} */
const texts = new Map();

/** @param {string} url @returns {Promise<any>} */
const module = async url => (await import(url)).default;

/** What every page needs, the locked one too. */
export async function load() {
  const response = await fetch("/shell.json", { credentials: "same-origin" });
  const listed = /** @type {Listed} */ (await response.json());
  loaded = { listed, templates: await module(listed.modules.templates) };
}

/** The bundles: needed when a vault is open, and read while the nurse types. @returns {Promise<Registry>} */
export function ready() {
  return reading ??= read().catch(wrong => {
    reading = null;
    throw wrong;
  });
}

async function read() {
  const made = await Promise.all(Object.entries(have().listed.modules.bundles).map(async ([key, url]) => {
    const texts = said(key), next = texts.values();
    return (await module(url))(() => next.next().value);
  }));
  return bundles = new Registry(made);
}

/** @param {string} key */
function said(key) {
  const found = texts.get(key);
  if (!found) throw new Error("nothing is said of " + key);
  return found;
}

/** The language to speak: this one, or another while this one has not come to the device. @param {string} lang @returns {Promise<string>} */
export async function speak(lang) {
  for (const one of [lang, "nb", ...Object.keys(have().listed.modules.speech)]) {
    if (spoken.has(one) || await learn(one)) return one;
  }
  throw new Error("no language has come to this device");
}

/** @type {Map<string, number>} when a line gave no answer in time */
const silent = new Map();

/** @type {Map<string, Promise<any>>} */
const coming = new Map();

/** From the worker's cache or the server. Nobody is kept waiting by a line that hangs: once so long, and then not for a while. @param {string} url @returns {Promise<any>} */
function brought(url) {
  if (performance.now() - (silent.get(url) ?? -Infinity) < PAUSE) return Promise.resolve(null);
  const asked = coming.get(url) ?? ask(url).finally(() => coming.delete(url));
  coming.set(url, asked);
  return asked;
}

/** @param {string} url */
async function ask(url) {
  const since = performance.now();
  try {
    const response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    if (performance.now() - since > PATIENCE / 2) silent.set(url, performance.now());
    return null;
  }
}

/** @param {string} lang @returns {Promise<boolean>} */
async function learn(lang) {
  const { speech } = have().listed.modules;
  const heard = /** @type {Speech | null} */ (Object.hasOwn(speech, lang) ? await brought(speech[lang]) : null);
  if (!heard) return false;
  for (const [key, list] of Object.entries(heard.texts)) {
    const all = texts.get(key) ?? list.map(() => /** @type {any} */ ({}));
    list.forEach((text, n) => { all[n][lang] = text; });
    texts.set(key, all);
  }
  spoken.set(lang, heard.words);
  return true;
}

/** Explanations by address; they come after the shell, and only when asked for. @type {Map<string, any[]>} */
const explanations = new Map();

/** @param {string} id @param {number} version @param {string} lang */
function aboutUrl(id, version, lang) {
  const { about = {} } = have().listed.modules;
  const key = `${id}@${version}`;
  return Object.hasOwn(about, key) ? about[key][lang] : "";
}

/** Get an explanation, from the worker's cache or the server. @param {string} id @param {number} version @param {string} lang */
export async function explain(id, version, lang) {
  const url = aboutUrl(id, version, lang);
  if (!url || explanations.has(url)) return;
  const found = await brought(url);
  if (found) explanations.set(url, found);
}

/** What `explain` got; nothing when it has not come yet. @param {string} id @param {number} version @param {string} lang @returns {any[]} */
export const explained = (id, version, lang) => explanations.get(aboutUrl(id, version, lang)) ?? [];

function have() {
  if (!loaded) throw new Error("the shell is not loaded");
  return loaded;
}

/** The version every request names. */
export const version = () => loaded?.listed.version ?? "";
export function registry() {
  if (!bundles) throw new Error("the bundles are not read");
  return bundles;
}

/** Whether this shell has every bundle version that a snapshot speaks of. @param {any} news */
export function reads({ active, people }) {
  const known = new Set(registry().all.map(({ id, version }) => `${id} ${version}`));
  const named = people.flatMap((/** @type {any} */ person) => [...person.checks, ...person.flags]);
  return [...Object.entries(active), ...named.map((/** @type {any} */ one) => [one.bundle, one.version])]
    .every(([id, version]) => known.has(`${id} ${version}`));
}

/** @param {string} name @param {any} context @param {Translate} t */
export function render(name, context, t) {
  const template = have().templates[name];
  if (!template) throw new Error("no template " + name);
  return template(context, t);
}

/** Bokmål is the key. @param {string} lang @returns {Translate} */
export function translator(lang) {
  const words = spoken.get(lang) ?? {};
  return (text, values = {}) => (words[text] ?? text)
    .replace(/%\((\w+)\)s|%%/g, (all, name) => (name ? String(values[name]) : "%"));
}

/** The server has another shell than this page runs; null when it cannot be asked. @returns {Promise<Listed | null>} */
export async function offered() {
  try {
    const response = await fetch("/shell.json", { cache: "no-store", headers: { "X-Fresh": "1" }, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    const listed = response.ok ? /** @type {Listed} */ (await response.json()) : null;
    return listed && listed.version !== version() ? listed : null;
  } catch {
    return null;
  }
}
