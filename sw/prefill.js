/** Answers a new draft starts with: slow facts of last time, and a card for every open item. Twin: webapp/bundles/prefill.py. */
import { isEmpty } from './answers.js'
import { prior } from './history.js'
import { openItems } from './language.js'
import { contextOf } from './rules.js'
import { instant, osloDate } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 */

/** Answers of a fresh draft for this person. Ids of new cards and of the check are the caller's.
 * @param {Form} form @param {Values} person @param {string} performedAt @param {Values} [params] @returns {Values} */
export function start(form, person, performedAt, params = {}) {
  const found = prefill(form, prior(form, person, performedAt, null, '~', true), osloDate(performedAt) ?? '', params)
  const subject = waitingSubject(form, person)
  return subject ? { ...found, [form.per_subject]: subject } : found
}

/** A form about one event needs an event to be about.
 * @param {Form} form @param {Values} person @param {string} performedAt @param {Values} [params] @returns {boolean} */
export const canStart = (form, person, performedAt, params = {}) => !form.per_subject
  || start(form, person, performedAt, params)[form.per_subject] !== undefined

/** A form that is done once per event: the one whose open flag has waited longest for it.
 * @param {Form} form @param {Values} person @returns {string} */
function waitingSubject(form, person) {
  const codes = form.siblings.flatMap((other) => other.flags)
    .filter((flag) => flag.closed_by?.[0] === form.id && flag.closed_by[1] === form.per_subject)
    .map((flag) => flag.code)
  const waiting = (person.flags ?? []).filter((/** @type {Values} */ one) => codes.includes(one.code))
    .map((/** @type {Values} */ one) => ({ at: instant(one.opened_at) ?? 0, subject: String(one.subject) }))
    .sort((/** @type {Values} */ a, /** @type {Values} */ b) => a.at - b.at || (a.subject < b.subject ? -1 : 1))
  return waiting.length ? waiting[0].subject : ''
}

/** As `start`, from `prior(…, wide = true)`.
 * @param {Form} form @param {Values} wide @param {string} [today] @param {Values} [params] @returns {Values} */
export function prefill(form, wide, today = '', params = {}) {
  const c = contextOf(form, {}, wide, today, params)
  const before = c.last[form.id] ?? {}
  /** @type {Values} */
  const found = {}
  for (const one of form.answers) {
    if (one.items) {
      const items = one.items
      const cards = openItems(c.items[items.identity], items.state, items.final).map((record) => card(items, record))
      if (cards.length) found[one.name] = cards
      continue
    }
    const value = one.prefill_from ? one.prefill_from(c, null) : one.prefill ? before[one.name] : null
    if (!isEmpty(value)) found[one.name] = value
  }
  return found
}

/** A card for an open item: its key and its slow facts.
 * @param {import('./bundles.js').Items} items @param {Values} record @returns {Values} */
function card(items, record) {
  /** @type {Values} */
  const found = { [items.key]: record._key }
  for (const one of items.fields) if (one.prefill && !isEmpty(record[one.name])) found[one.name] = record[one.name]
  return found
}
