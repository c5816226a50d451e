/** Is an answer what its field allows? Twin of webapp/bundles/answers.py. */
import { day, instant } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {{field: string, level: string, code: string, rule: string}} Problem
 */

/** @param {string} field @param {string} level @param {string} code @param {string} [rule] @returns {Problem} */
export const problem = (field, level, code, rule = '') => ({ field, level, code, rule })

/** @param {any} value @returns {boolean} */
export const isEmpty = (value) => value == null || value === '' || (Array.isArray(value) && value.length === 0)

/** @param {any} value @returns {value is string} */
const isText = (value) => typeof value === 'string'

/** Code of what makes the value unusable (it then counts as missing), or "".
 * @param {Field} field @param {any} value @returns {string} */
export function fault(field, value) {
  if (field.type === 'multi') return multiFault(field, value)
  if (field.type === 'photos') return photosFault(field, value)
  if (isText(value) && field.words.includes(value)) return ''
  switch (field.type) {
    case 'choice': return isText(value) && field.options.includes(value) ? '' : 'option'
    case 'int': case 'decimal': return Number.isSafeInteger(value) && Math.abs(value) < 1e9 ? '' : 'type'
    case 'date': return isText(value) && value.length === 10 && day(value) !== null ? '' : 'type'
    case 'partial_date': return isText(value) && value.length <= 10 && day(value) !== null ? '' : 'type'
    case 'datetime': return isText(value) && instant(value) !== null ? '' : 'type'
    case 'text': return isText(value) && !value.includes('\0') ? '' : 'type'
  }
  return isText(value) && value.length > 0 && value.length <= 64 ? '' : 'type'
}

/** @param {Field} field @param {any} value @returns {string} */
function multiFault(field, value) {
  if (!Array.isArray(value) || !value.every(isText)) return 'type'
  return value.every((one) => field.options.includes(one)) && new Set(value).size === value.length ? '' : 'option'
}

/** Photos are named by the SHA-256 of what was taken; the check is valid before they arrive.
 * @param {Field} field @param {any} value @returns {string} */
function photosFault(field, value) {
  if (!Array.isArray(value) || !value.every((one) => isText(one) && /^[0-9a-f]{64}$/.test(one))) return 'type'
  return new Set(value).size === value.length && value.length <= (field.max ?? 0) ? '' : 'option'
}

/** What a usable answer breaks: hard limits, warnings, length, form.
 * @param {Field} field @param {string} path @param {any} value @param {number} today @param {number} now
 * @returns {Problem[]} */
export function limits(field, path, value, today, now) {
  if (typeof value === 'number') return numberLimits(field, path, value)
  if (field.type === 'multi') {
    const alone = value.some((/** @type {string} */ one) => field.exclusive.includes(one)) && value.length > 1
    const count = field.exactly > 0 && value.length !== field.exactly
    return [...(alone ? [problem(path, 'hard', 'exclusive')] : []), ...(count ? [problem(path, 'hard', 'exactly')] : [])]
  }
  if (field.type === 'text') {
    const length = [...value].length
    if (length < field.min_len || length > field.max_len) return [problem(path, 'hard', 'length')]
    const fits = !field.pattern || new RegExp(`^(?:${field.pattern})$`, 'u').test(value)
    return fits ? [] : [problem(path, 'hard', 'pattern')]
  }
  if (!field.not_future || field.words.includes(value)) return []
  const late = field.type === 'datetime' ? (instant(value) ?? 0) > now : (day(value) ?? 0) > today
  return late ? [problem(path, 'hard', 'future')] : []
}

/** @param {Field} field @param {string} path @param {number} value @returns {Problem[]} */
function numberLimits(field, path, value) {
  if (field.min !== null && value < field.min) return [problem(path, 'hard', 'min')]
  if (field.max !== null && value > field.max) return [problem(path, 'hard', 'max')]
  if (field.warn_below !== null && value < field.warn_below) return [problem(path, 'warn', 'warn_below')]
  return field.warn_above !== null && value > field.warn_above ? [problem(path, 'warn', 'warn_above')] : []
}
