/** What a compiled bundle module holds: types, and the defaults its file leaves out. Names as in the TOML file. */

/**
 * @typedef {{nb: string, nn: string, en: string}} Text
 * @typedef {import('./language.js').Context} Context
 * @typedef {Record<string, any>} Values
 * @typedef {(c: Context, e: any) => any} Condition
 * @typedef {{cases: [Condition, Condition][], otherwise: Condition|null}} Cases
 * @typedef {{name: string, type: string, how: Cases, label: Text|null, option_labels: Record<string, Text>}} Derived
 * @typedef {{id: string, level: string, when: Condition, field: string, text: Text}} Validation
 * @typedef {{form?: string, key?: string, shows: string[]}} Points
 * @typedef {{name: string, label: Text, type: string, hint: Text|null, short: Text|null, section: string,
 *   options: string[], words: string[], option_labels: Record<string, Text>, option_hints: Record<string, Text>,
 *   exclusive: string[], min: number|null, max: number|null, warn_below: number|null, warn_above: number|null,
 *   min_len: number, max_len: number, pattern: string, exactly: number, not_future: boolean, optional: boolean,
 *   asked: Condition|null, required: Condition|null, opened: Condition|null, hint_n: Condition|null,
 *   hint_when: Condition|null, prefill: boolean, prefill_from: Condition|null, confirm: boolean, slow: boolean,
 *   auto: string, points_at: Points|null, chips: number[], more_chip: number|null, group: string, all_ok: string, members: Field[], items: Items|null}} Field
 * @typedef {{key: string, state: string, final: string[], fresh: string, identity: string, item_title: Text,
 *   subject_label: string, min_items: number, max_items: number, fields: Field[], derived: Derived[],
 *   validations: Validation[], order: [string, number][]}} Items
 * @typedef {{kind: string, name: string, equals?: string, among?: string[]}} Entry
 * @typedef {{rule: string, code: string, severity: string, when: Condition, text: Text, each: [string, string]|null,
 *   subject: string, timed: boolean, entries: Entry[], n: Condition|null, inputs: string[], closes_on_action: string,
 *   closed_by: [string, string]|null, open: [string, string, string[]]|null}} Flag
 * @typedef {{trigger: string, on: Condition, when: Condition|null}} Emits
 * @typedef {{reason: Text, base: string, when: Condition|null, days: Condition|null, workdays: Condition|null,
 *   offset: Condition|null, trigger: string[], date: Condition|null, each: string, next_visit: boolean,
 *   otherwise: boolean, open: [string, string, string[]]|null}} Due
 * @typedef {{last: Record<string, string[]>, items: Record<string, string[]>, earlier: string[],
 *   past: Record<string, string[]>, facts: string[]}} Reads
 * @typedef {{id: string, bundle: string, version: number, title: Text, short: Text, icon: string, intro: Text|null,
 *   quick: boolean, contexts: string[], extra_actions: string[], action_labels: Record<string, Text>,
 *   per_subject: string, applies: Condition|null, declined_soon: Condition|null, declined_days: Condition|null,
 *   declined_soon_days: Condition|null, action_hints: Record<string, Text>, sections: [string, Text][],
 *   fields: Field[], answers: Field[], lists: Field[], derived: Derived[], validations: Validation[], flags: Flag[],
 *   emits: Emits[], due: Due[], summary: string[], order: [string, number][], reads: Reads, prefill_reads: Reads,
 *   due_reads: Reads, defaults: Record<string, number>, siblings: Form[]}} Form
 * @typedef {{id: string, version: number, hash: string, title: Text, short: Text, intro: Text, icon: string,
 *   guidance_version: string, defaults: Record<string, number>, labels: Record<string, Text>,
 *   forms: Form[]}} Bundle
 */

const FIELD = { hint: null, short: null, section: '', options: [], words: [], option_labels: {}, option_hints: {},
  exclusive: [], min: null, max: null, warn_below: null, warn_above: null, min_len: 0, max_len: 0, pattern: '',
  exactly: 0, not_future: false, optional: false, asked: null, required: null, opened: null, hint_n: null,
  hint_when: null, prefill: false, prefill_from: null, confirm: false, slow: false, auto: '', points_at: null,
  chips: [], more_chip: null, group: '', all_ok: '',
  members: [], items: null }
const ITEMS = { fresh: '', subject_label: '', min_items: 0, derived: [], validations: [], final: [] }
const DERIVED = { label: null, option_labels: {} }
const FLAG = { each: null, subject: '', timed: false, entries: [], n: null, inputs: [], closes_on_action: '',
  closed_by: null, open: null }
const DUE = { when: null, days: null, workdays: null, offset: null, trigger: [], date: null, each: '',
  next_visit: false, otherwise: false, open: null }
const FORM = { icon: '', intro: null, quick: false, extra_actions: [], per_subject: '', applies: null,
  declined_soon: null, declined_days: null, declined_soon_days: null, action_hints: {}, sections: [], derived: [], validations: [], flags: [], emits: [], due: [], summary: [] }

/** @param {any} one @param {Record<string, Text>} labels @returns {Field} */
function field(one, labels) {
  /** @type {Field} */
  const full = { ...FIELD, ...one }
  full.option_labels = chosen([...full.options, ...full.words], labels, full.option_labels)
  full.members = full.members.map((member) => field(member, labels))
  if (one.items) {
    full.items = { ...ITEMS, ...one.items }
    const items = /** @type {Items} */ (full.items)
    items.fields = items.fields.map((inner) => field(inner, labels))
    items.derived = items.derived.map((inner) => derived(inner, labels))
  }
  return full
}

/** @param {string[]} codes @param {Record<string, Text>} labels @param {Record<string, Text>} own */
const chosen = (codes, labels, own) => ({
  ...Object.fromEntries(codes.filter((code) => code in labels).map((code) => [code, labels[code]])), ...own })

/** @param {any} one @param {Record<string, Text>} labels @returns {Derived} */
const derived = (one, labels) => ({ ...DERIVED, ...one, option_labels: { ...labels, ...one.option_labels },
  how: { cases: [], otherwise: null, ...one.how } })

/** Fill in what a compiled module leaves out.
 * @param {any} given @returns {Bundle} */
export function bundle(given) {
  const forms = given.forms.map((/** @type {any} */ one) => {
    const fields = one.fields.map((/** @type {any} */ top) => field(top, given.labels))
    return { ...FORM, ...one, bundle: given.id, version: given.version, defaults: given.defaults, fields,
      answers: fields.flatMap((/** @type {Field} */ top) => (top.type === 'group' ? top.members : [top])),
      lists: fields.filter((/** @type {Field} */ top) => top.items !== null),
      action_labels: chosen(one.extra_actions ?? [], given.labels, {}),
      derived: (one.derived ?? []).map((/** @type {any} */ d) => derived(d, given.labels)),
      flags: (one.flags ?? []).map((/** @type {any} */ flag) => ({ ...FLAG, ...flag })),
      emits: (one.emits ?? []).map((/** @type {any} */ emits) => ({ when: null, ...emits })),
      due: (one.due ?? []).map((/** @type {any} */ due) => ({ ...DUE, ...due })) }
  })
  for (const form of forms) form.siblings = forms
  return { ...given, forms }
}

/** A question or a group of questions by name.
 * @param {Form} form @param {string} name @returns {Field|undefined} */
export const fieldOf = (form, name) => [...form.fields, ...form.answers].find((one) => one.name === name)
/** @param {Items} items @param {string} name @returns {Field|undefined} */
export const itemField = (items, name) => items.fields.find((one) => one.name === name)

/** Every loaded bundle by id and version: the device's registry. */
export class Registry {
  /** @param {Bundle[]} bundles */
  constructor(bundles) {
    this.all = [...bundles].sort((a, b) => (a.id === b.id ? a.version - b.version : a.id < b.id ? -1 : 1))
  }
  /** The newest version of each bundle, by id. */
  get bundles() {
    return this.all.filter((one, n) => this.all[n + 1]?.id !== one.id)
  }
  /** Forms of the newest versions. */
  get forms() {
    return this.bundles.flatMap((one) => one.forms)
  }
  /** @param {string} id @param {number} [version] @returns {Bundle} */
  bundle(id, version) {
    const found = this.all.filter((one) => one.id === id && (version === undefined || one.version === version)).pop()
    if (!found) throw new Error(`unknown bundle ${id} ${version ?? ''}`)
    return found
  }
  /** @param {string} id @param {number} [version] @returns {Form} */
  form(id, version) {
    const found = this.all.flatMap((one) => one.forms)
      .filter((one) => one.id === id && (version === undefined || one.version === version)).pop()
    if (!found) throw new Error(`unknown form ${id} ${version ?? ''}`)
    return found
  }
  /** @param {Form} form @returns {Bundle} */
  bundleOf(form) {
    return this.bundle(form.bundle, form.version)
  }
}
