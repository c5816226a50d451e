/** Work out one field or derived value: usable, required, hinted. Twin of webapp/bundles/fields.py. */
import { fault, isEmpty, limits, problem } from './answers.js'
import { date } from './language.js'

/**
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Context} Context
 * @typedef {import('./bundles.js').Values} Values
 */

/** A derived value: the first case that is true.
 * @param {import('./bundles.js').Derived} derived @param {Context} c @param {Values|null} e @returns {any} */
export function work(derived, c, e) {
  const { cases, otherwise } = derived.how
  const found = cases.find(([when]) => when(c, e) === true)
  const value = found ? found[1](c, e) : otherwise ? otherwise(c, e) : undefined
  if (!found && !otherwise) return null
  if (derived.type === 'bool') return value === true
  return (derived.type === 'date' ? date(value) : value) ?? null
}

/** The value if the field allows it; otherwise a problem and missing. Multis come out in option order.
 * @param {Field} one @param {string} path @param {any} value @param {import('./answers.js').Problem[]} problems
 * @param {number} today @param {number} now @returns {any} */
export function usable(one, path, value, problems, today, now) {
  if (isEmpty(value)) return null
  const wrong = fault(one, value)
  if (wrong) {
    problems.push(problem(path, 'hard', wrong))
    return null
  }
  const usual = one.type === 'multi' ? one.options.filter((code) => value.includes(code)) : value
  problems.push(...limits(one, path, usual, today, now))
  return usual
}

/** @param {Field} one @param {Context} c @param {Values|null} e @returns {boolean} */
export const isRequired = (one, c, e) => !one.optional && (one.required ? one.required(c, e) === true : true)

/** @param {Field} one @param {Context} c @param {Values|null} e @returns {boolean} */
export function hintShows(one, c, e) {
  if (one.hint_when && one.hint_when(c, e) !== true) return false
  return !one.hint_n || Boolean(one.hint_n(c, e))
}

/** Opened and hint of an asked field, into a result or a card.
 * @param {Field} one @param {Context} c @param {Values|null} e
 * @param {{opened: Set<string>, hints: Record<string, number|null>}} into */
export function noteScreen(one, c, e, into) {
  if (one.opened && one.opened(c, e) === true) into.opened.add(one.name)
  if (one.hint && hintShows(one, c, e)) into.hints[one.name] = one.hint_n ? one.hint_n(c, e) : null
}
