/** The modules that travel with the shell: templates, words and one per bundle version. Names are content hashes. */

import { bundle, Registry } from "./bundles.js";

/** @typedef {{ version: string, assets: string[], modules: Modules }} Listed */
/** @typedef {{ templates: string, words: string, bundles: Record<string, string>, about?: Record<string, Record<string, string>> }} Modules */
/** @typedef {(ctx: any, t: Translate) => string} Template */
/** @typedef {(text: string, values?: Record<string, string | number>) => string} Translate */

/** @type {{ listed: Listed, templates: Record<string, Template>, words: Record<string, Record<string, string>>, registry: Registry } | null} */
let loaded = null;

/** @param {string} url @returns {Promise<any>} */
const module = async url => (await import(url)).default;

export async function load() {
  const response = await fetch("/shell.json", { credentials: "same-origin" });
  const listed = /** @type {Listed} */ (await response.json());
  const { templates, words, bundles } = listed.modules;
  const [made, said, ...loadedBundles] = await Promise.all([
    module(templates), module(words), ...Object.values(bundles).map(module),
  ]);
  loaded = { listed, templates: made, words: said, registry: new Registry(loadedBundles.map(bundle)) };
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
  const response = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (response?.ok) explanations.set(url, await response.json());
}

/** What `explain` got; nothing when it has not come yet. @param {string} id @param {number} version @param {string} lang @returns {any[]} */
export const explained = (id, version, lang) => explanations.get(aboutUrl(id, version, lang)) ?? [];

function have() {
  if (!loaded) throw new Error("the shell is not loaded");
  return loaded;
}

/** The version every request names. */
export const version = () => loaded?.listed.version ?? "";
export const registry = () => have().registry;

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
  const words = have().words[lang] ?? {};
  return (text, values = {}) => (words[text] ?? text)
    .replace(/%\((\w+)\)s|%%/g, (all, name) => (name ? String(values[name]) : "%"));
}

/** The server has another shell than this page runs; null when it cannot be asked. @returns {Promise<Listed | null>} */
export async function offered() {
  try {
    const response = await fetch("/shell.json", { cache: "no-store", headers: { "X-Fresh": "1" }, redirect: "error" });
    const listed = response.ok ? /** @type {Listed} */ (await response.json()) : null;
    return listed && listed.version !== version() ? listed : null;
  } catch {
    return null;
  }
}
