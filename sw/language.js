/**
 * Operations of the condition language at run time, used by the compiled bundle modules. Missing is null or undefined.
 * Twin of webapp/bundles/ops.py: one defined meaning for missing, words and partial dates.
 */
import { day as dayOfText, instant as instantOfText, iso, lastDay, workdays as afterDays } from './workdays.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Values
 * @typedef {{v: Values, today: string, common: Values, last: Record<string, Values>,
 *   items: Record<string, Record<string, Values[]>>, past: Record<string, Values[]>, facts: Values,
 *   params: Record<string, number>, triggers: Record<string, string>, raised: Set<string>, open: Set<string>}} Context
 */

/** @param {Partial<Context> & {v: Values, today: string}} given @returns {Context} */
export const context = (given) => ({ common: {}, last: {}, items: {}, past: {}, facts: {}, params: {}, triggers: {},
  raised: new Set(), open: new Set(), ...given })

/** @param {Value} x @returns {x is number} */
const isNumber = (x) => typeof x === 'number'
/** @param {Value} a @param {Value} b @returns {boolean} */
export const eq = (a, b) => a != null && a === b
/** @param {Value} a @param {Value} b @returns {boolean} */
export const ne = (a, b) => a != null && b != null && a !== b
/** @param {Value} a @param {Value} b @returns {boolean} */
export const lt = (a, b) => isNumber(a) && isNumber(b) && a < b
/** @param {Value} a @param {Value} b @returns {boolean} */
export const le = (a, b) => isNumber(a) && isNumber(b) && a <= b
/** @param {Value} a @param {Value} b @returns {boolean} */
export const gt = (a, b) => lt(b, a)
/** @param {Value} a @param {Value} b @returns {boolean} */
export const ge = (a, b) => le(b, a)

/** Day number of a date (its first day when partial); null for missing and for words.
 * @param {Value} x @returns {number|null} */
export const day = (x) => (typeof x === 'string' ? dayOfText(x) : null)
/** @param {Value} x @returns {Value} */
export const dayOrWord = (x) => day(x) ?? x
/** @param {Value} x @returns {number|null} */
export const instant = (x) => (typeof x === 'string' ? instantOfText(x) : null)

/** @param {Value} x @param {Value[]} options @returns {boolean} */
export const isIn = (x, options) => x != null && options.includes(x)
/** @param {Value} x @param {Value[]} options @returns {boolean} */
export const notIn = (x, options) => x != null && !options.includes(x)
/** @param {Value} x @param {string[]} options @returns {boolean} */
export const includes = (x, options) => !!x && options.some((one) => x.includes(one))
/** @param {Value} x @param {string[]} options @returns {boolean} */
const same = (x, options) => x.every((/** @type {string} */ one) => options.includes(one))
  && options.every((one) => x.includes(one))
/** @param {Value} x @param {string[]} options @returns {boolean} */
export const setIs = (x, options) => !!x && x.length > 0 && same(x, options)
/** @param {Value} x @param {string[]} options @returns {boolean} */
export const setIsNot = (x, options) => !!x && x.length > 0 && !same(x, options)

/** @param {Value} a @param {Value} b @returns {number|null} */
export const add = (a, b) => (isNumber(a) && isNumber(b) ? a + b : null)
/** @param {Value} a @param {Value} b @returns {number|null} */
export const subtract = (a, b) => (isNumber(a) && isNumber(b) ? a - b : null)
/** @param {Value} d @param {Value} n @returns {string|null} */
export function addDays(d, n) {
  const number = day(d)
  return number !== null && isNumber(n) ? iso(number + n) : null
}
/** @param {Value} a @param {Value} b @returns {number|null} days from a to b */
export const daysBetween = (a, b) => subtract(day(b), day(a))
/** @param {Value} d @param {Value} n @returns {string|null} */
export function afterWorkdays(d, n) {
  const number = day(d)
  return number !== null && isNumber(n) ? iso(afterDays(number, n)) : null
}
/** Oslo day of a time; a date stays; words and missing stay what they are.
 * @param {Value} x @returns {string|null} */
export function date(x) {
  if (typeof x !== 'string') return null
  if (x.length <= 10 || !/^\d/.test(x)) return x
  const number = day(x)
  return number === null ? null : iso(number)
}
/** @param {Value} x @returns {boolean} */
export const answered = (x) => x != null && !(Array.isArray(x) && x.length === 0)
/** @param {Value} x @returns {boolean} */
export const isDate = (x) => day(x) !== null
/** Named so because `default` is a word of the language.
 * @param {Value} x @param {Value} y @returns {Value} */
export const orElse = (x, y) => (answered(x) ? x : y)
/** @param {Value} x @param {Value} y @returns {number|null} */
export const lower = (x, y) => (isNumber(x) ? (isNumber(y) ? Math.min(x, y) : x) : isNumber(y) ? y : null)
/** @param {Value} x @param {Value} y @returns {number|null} */
export const higher = (x, y) => (isNumber(x) ? (isNumber(y) ? Math.max(x, y) : x) : isNumber(y) ? y : null)
/** First day of a is later than the last day of b.
 * @param {Value} a @param {Value} b @returns {boolean} */
export function surelyAfter(a, b) {
  if (typeof a === 'string' && typeof b === 'string' && a.length > 10 && b.length > 10) {
    return gt(instant(a), instant(b))
  }
  return gt(day(a), typeof b === 'string' ? lastDay(b) : null)
}

/** Latest record of each item that is not in a final state, oldest item first.
 * @param {Record<string, Values[]>|undefined} records @param {string} state @param {string[]} final
 * @returns {Values[]} */
export function openItems(records, state, final) {
  /** @type {Values[]} */
  const found = []
  for (const [key, history] of Object.entries(records ?? {})) {
    const latest = history[history.length - 1]
    if (!final.includes(latest[state])) found.push({ ...latest, _key: key, _first: history[0]._on })
  }
  return found.sort((a, b) => (a._first + ' ' + a._key < b._first + ' ' + b._key ? -1 : 1))
}

/** @param {Value[]|undefined} source @param {(one: Value) => boolean} test @returns {number} */
export const count = (source, test) => (source ?? []).filter((one) => test(one) === true).length
/** @param {Value[]|undefined} source @param {(one: Value) => boolean} test @returns {boolean} */
export const any = (source, test) => (source ?? []).some((one) => test(one) === true)
/** @param {Value[]|undefined} source @param {(one: Value) => boolean} test @returns {boolean} */
export const all = (source, test) => (source ?? []).every((one) => test(one) === true)
/** @param {Set<string>} codes @param {string[]} wanted @returns {boolean} */
export const has = (codes, wanted) => wanted.some((one) => codes.has(one))
