/** Where in a draft a path of the form leads. Twin: webapp/bedside/places.py. */
import { fieldOf, itemField } from './bundles.js'
import { isDigits } from './reading.js'

/**
 * @typedef {Record<string, any>} Values
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 */

/** The field a path names and the answers it lives in: the check's own, or one card's.
 * @param {Values} draft @param {Form} form @param {string} path @returns {[Values, Values]|null} */
export function placeOf(draft, form, path) {
  const parts = path.split('.')
  const field = fieldOf(form, parts[0])
  if (!field || field.type === 'group') return null
  if (parts.length === 1) return field.items ? null : [field, draft.answers]
  if (parts.length !== 3 || !field.items || !isDigits(parts[1]) || parts[1].length > 3) return null
  const inner = itemField(field.items, parts[2])
  const items = (draft.answers[field.name] ?? []).map((/** @type {Values} */ item) => ({ ...item }))
  if (!inner || Number(parts[1]) >= items.length) return null
  draft.answers[field.name] = items
  return [inner, items[Number(parts[1])]]
}
