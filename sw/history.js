/** A person's earlier checks, in their one order, and the facts of them that rules read. Twin: webapp/bundles/history.py. */
import { day, instant, osloDate } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {[number, string]} Key
 */

const FALL_AGE = 65
export const DONE = ['done', 'partly_done']

/** @param {string} text @returns {number} */
const moment = (text) => instant(text) ?? 0

/** Order of checks: the earlier of performed and received, then the id.
 * @param {Values} check @returns {Key} */
export function orderKey(check) {
  const performed = moment(check.performed_at)
  const received = moment(check.received_at ?? '')
  return [received ? Math.min(performed, received) : performed, String(check.id)]
}

/** @param {Key} a @param {Key} b @returns {boolean} */
const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

/** @param {Values} check @returns {string} Oslo date of a check */
export const dayOf = (check) => osloDate(check.performed_at) ?? ''

/** Checks of a form that count, oldest first: not superseded, not entered in error.
 * @param {Values} person @param {string} formId @param {string[]} [outcomes] @returns {Values[]} */
export function valid(person, formId, outcomes = DONE) {
  return (person.checks ?? [])
    .filter((/** @type {Values} */ one) => one.form === formId && !one.superseded_by
      && one.status !== 'entered_in_error' && outcomes.includes(one.outcome ?? 'done'))
    .map((/** @type {Values} */ one) => ({ one, key: orderKey(one) }))
    .sort((/** @type {{key: Key}} */ a, /** @type {{key: Key}} */ b) => (before(a.key, b.key) ? -1 : 1))
    .map((/** @type {{one: Values}} */ pair) => pair.one)
}

/** Answers and derived values of a check, with its day, actions and outcome under names no field can have.
 * @param {Values} check @returns {Values} */
export const valuesOf = (check) => ({ ...check.answers, ...check.derived, _on: dayOf(check),
  _actions: check.actions?.length ? check.actions : null, _outcome: check.outcome ?? 'done' })

/** Age, fall group and end of life on a day.
 * @param {Values} person @param {string} today @returns {Values} */
export function facts(person, today) {
  const born = String(person.born ?? '')
  const age = day(born) === null ? null
    : Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0)
  return { age, fall_group: Boolean(person.fall_group_set) || (age !== null && age >= FALL_AGE),
    end_of_life: Boolean(person.end_of_life) }
}

/** Records of the lists this bundle's forms share, by identity and key, and the checks they came from.
 * @param {Form[]} forms @param {Values} person @param {Key|null} [until] @param {string|null} [exclude]
 * @returns {{records: Record<string, Record<string, Values[]>>, uses: string[]}} */
export function cards(forms, person, until = null, exclude = null) {
  const wanted = forms.filter((form) => form.lists.length).flatMap((form) => valid(person, form.id)
    .map((check) => ({ check, form, key: orderKey(check) })))
    .filter(({ check, key }) => (until === null || before(key, until)) && check.id !== exclude)
    .sort((a, b) => (before(a.key, b.key) ? -1 : 1))
  /** @type {Record<string, Record<string, Values[]>>} */
  const records = {}
  /** @type {string[]} */
  const uses = []
  for (const { check, form } of wanted) {
    for (const listed of form.lists) {
      const items = /** @type {import('./bundles.js').Items} */ (listed.items)
      for (const card of check.answers?.[listed.name] ?? []) {
        const key = card[items.key]
        if (typeof key !== 'string') continue
        const keys = (records[items.identity] ??= {})
        ;(keys[key] ??= []).push({ ...card, ...check.derived?.[listed.name]?.[key], _on: dayOf(check) })
        uses.push(check.id)
      }
    }
  }
  return { records, uses }
}

/** The facts of history a form's rules name; nothing else travels with a check.
 * @param {Form} form @param {Values} person @param {string} performedAt @param {string|null} [exclude] the check this
 * one corrects @param {string} [checkId] @param {boolean} [wide] also what prefilled fields need @returns {Values} */
export function prior(form, person, performedAt, exclude = null, checkId = '~', wide = false) {
  /** @type {Key} */
  const until = [moment(performedAt), checkId]
  const today = osloDate(performedAt) ?? ''
  const wanted = wide ? [form.reads, form.prefill_reads] : [form.reads]
  const uses = new Set()
  /** @type {Values} */
  const last = {}
  for (const other of [...new Set([...wanted.flatMap((reads) => Object.keys(reads.last)), ...(wide ? [form.id] : [])])].sort()) {
    const check = latest(person, other, until, exclude)
    if (!check) continue
    last[other] = picked(valuesOf(check),
      wide && other === form.id ? null : wanted.flatMap((reads) => reads.last[other] ?? []))
    uses.add(check.id)
  }
  const items = itemFacts(form, person, until, exclude, wide)
  for (const id of items.uses) uses.add(id)
  /** @type {Values} */
  const past = {}
  for (const [other, names] of Object.entries(form.reads.past)) {
    const found = valid(person, other).filter((one) => before(orderKey(one), until) && one.id !== exclude)
    past[other] = found.map((one) => picked(valuesOf(one), names))
    for (const one of found) uses.add(one.id)
  }
  const known = facts(person, today)
  const result = { facts: Object.fromEntries(form.reads.facts.map((name) => [name, known[name]])), last,
    items: items.found, past, uses: [...uses].sort() }
  return wide ? { ...result, triggers: unusedTriggers(form, person, today) } : result
}

/** @param {Values} person @param {string} formId @param {Key|null} until @param {string|null} [exclude]
 * @returns {Values|undefined} */
export const latest = (person, formId, until, exclude = null) => valid(person, formId)
  .filter((one) => (until === null || before(orderKey(one), until)) && one.id !== exclude).at(-1)

/** Only the named facts, and the day; missing ones stay out.
 * @param {Values} values @param {string[]|null} names @returns {Values} */
const picked = (values, names) => Object.fromEntries(Object.entries(values)
  .filter(([name, value]) => value != null && (names === null || name === '_on' || names.includes(name))))

/** @param {Form} form @param {Values} person @param {Key} until @param {string|null} exclude @param {boolean} wide
 * @returns {{found: Values, uses: string[]}} */
function itemFacts(form, person, until, exclude, wide) {
  const parts = Object.fromEntries(form.siblings.flatMap((other) => other.lists)
    .map((one) => /** @type {import('./bundles.js').Items} */ (one.items)).map((items) => [items.identity, items]))
  const own = form.lists.map((one) => one.items?.identity ?? '')
  const wanted = [...new Set([...Object.keys(form.reads.items), ...own])].sort()
  if (!wanted.length) return { found: {}, uses: [] }
  const { records, uses } = cards(form.siblings, person, until, exclude)
  /** @type {Values} */
  const found = {}
  for (const identity of wanted) {
    const keep = wide ? null : [...(form.reads.items[identity] ?? []), parts[identity].state]
    for (const [key, history] of Object.entries(records[identity] ?? {})) {
      const rest = form.reads.earlier.includes(identity) ? history : history.slice(-1)
      const kept = rest.map((one) => picked(one, keep))
      if (history[0] !== rest[0]) kept.unshift({ _on: history[0]._on })
      ;(found[identity] ??= {})[key] = kept
    }
  }
  return { found, uses }
}

/** Day of the latest trigger of each type, up to today, that no check of the form has used up.
 * @param {Form} form @param {Values} person @param {string} today @returns {Record<string, string>} */
function unusedTriggers(form, person, today) {
  const check = latest(person, form.id, null)
  const since = check ? dayOf(check) : ''
  /** @type {Record<string, string>} */
  const found = {}
  for (const one of person.triggers ?? []) {
    if (since < one.on && one.on <= today && one.on > (found[one.type] ?? '')) found[one.type] = one.on
  }
  return found
}
