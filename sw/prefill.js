/** Answers a new draft starts with: slow facts of last time, and a card for every open item. Twin: webapp/bundles/prefill.py. */
import { isEmpty } from './answers.js'
import { prior } from './history.js'
import { openItems } from './language.js'
import { contextOf } from './rules.js'
import { osloDate } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 */

/** Answers of a fresh draft for this person. Ids of new cards and of the check are the caller's.
 * @param {Form} form @param {Values} person @param {string} performedAt @param {Values} [params] @returns {Values} */
export const start = (form, person, performedAt, params = {}) => prefill(form,
  prior(form, person, performedAt, null, '~', true), osloDate(performedAt) ?? '', params)

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
