/** Answers as a short list: by field order and option number of one bundle version. Twin of webapp/bundles/codec.py.
 * Missing is null (cut at the end). A word of a number or date field is [n]; a full date is days since 2000-01-01. */
import { fault } from './answers.js'
import { day } from './language.js'
import { iso } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 */

const Y2000 = 10957

/** The answers of a form, in field order. Only usable answers can be encoded.
 * @param {Form} form @param {Values} answers @returns {any[]} */
export const encode = (form, answers) => row(form.answers, answers)

/** The answers again; an Error when the list does not fit the form.
 * @param {Form} form @param {any} encoded @returns {Values} */
export const decode = (form, encoded) => unrow(form.answers, encoded)

/** @param {Field[]} fields @param {Values} answers @returns {any[]} */
function row(fields, answers) {
  const found = fields.map((one) => (answers[one.name] == null ? null : cell(one, answers[one.name])))
  while (found.length && found[found.length - 1] === null) found.pop()
  return found
}

/** @param {Field[]} fields @param {any} encoded @returns {Values} */
function unrow(fields, encoded) {
  if (!Array.isArray(encoded) || encoded.length > fields.length) throw new Error('answers do not fit the form')
  /** @type {Values} */
  const found = {}
  encoded.forEach((value, n) => {
    if (value !== null) found[fields[n].name] = uncell(fields[n], value)
  })
  return found
}

/** @param {string[]} options @param {string} code @returns {number} */
function numberOf(options, code) {
  const n = options.indexOf(code)
  if (n < 0) throw new Error('no such option')
  return n
}

/** @param {Field} one @param {any} value @returns {any} */
function cell(one, value) {
  const items = one.items
  if (items) return value.map((/** @type {Values} */ card) => row(items.fields, card))
  if (one.type === 'multi') return value.map((/** @type {string} */ code) => numberOf(one.options, code))
  if (one.type === 'choice') return numberOf(one.options, value)
  if (one.words.includes(value)) return [one.words.indexOf(value)]
  const number = ['date', 'partial_date'].includes(one.type) && value.length === 10 ? day(value) : null
  return number === null ? value : number - Y2000
}

/** @param {Field} one @param {any} value @returns {any} */
function uncell(one, value) {
  const items = one.items
  if (items) {
    if (!Array.isArray(value) || value.length > items.max_items) throw new Error(`${one.name}: not a list of cards`)
    return value.map((card) => unrow(items.fields, card))
  }
  if (one.type === 'multi') {
    if (!Array.isArray(value) || new Set(value).size !== value.length) throw new Error(`${one.name}: not a set`)
    return value.map((n) => option(one, one.options, n))
  }
  if (one.type === 'choice') return option(one, one.options, value)
  if (Array.isArray(value) && one.type !== 'photos') {
    if (value.length !== 1) throw new Error(`${one.name}: not a word`)
    return option(one, one.words, value[0])
  }
  if (['date', 'partial_date'].includes(one.type) && Number.isInteger(value)) {
    if (!(value > -700_000 && value < 2_900_000)) throw new Error(`${one.name}: not a date`)
    value = iso(value + Y2000)
  }
  const wrong = fault(one, value)
  if (wrong) throw new Error(`${one.name}: ${wrong}`)
  return value
}

/** @param {Field} one @param {string[]} options @param {any} n @returns {string} */
function option(one, options, n) {
  if (!Number.isInteger(n) || n < 0 || n >= options.length) throw new Error(`${one.name}: no such option`)
  return options[n]
}
