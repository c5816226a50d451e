/** From what a form posts to one answer. Twin: webapp/bedside/reading.py. */
import { cut, strip } from './says.js'
import { osloOffset } from './workdays.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Values
 * @typedef {Map<string, string[]>} Posted
 * @typedef {[Value, string]} Reading the answer or null, and what was typed if it could not be read
 */

/** @param {Posted} posted @param {string} name @returns {string} */
export const first = (posted, name) => strip((posted.get(name) ?? [''])[0].replaceAll('\0', ''))
/** @param {string} text @returns {boolean} */
export const isDigits = (text) => /^[0-9]+$/.test(text)

/** The answer in `name`; a word chip wins when it is newly chosen, a typed value when the word was there.
 * @param {Values} field @param {string} name @param {Posted} posted @param {Value} before @returns {Reading} */
export function read(field, name, posted, before) {
  if (field.type === 'multi') return [readMulti(field, posted.get(name) ?? [], before), '']
  if (field.type === 'choice') {
    const code = first(posted, name)
    return [field.options.includes(code) ? code : null, '']
  }
  if (field.type === 'text') return [cut(first(posted, name).replaceAll('\r\n', '\n'), 2000) || null, '']
  if (field.type === 'uuid') {
    const given = first(posted, name)
    return [/^[0-9a-z-]{1,64}$/.test(given) ? given : null, '']
  }
  const word = chosenWord(field, first(posted, name + '.word'))
  if (word !== null && word !== before) return [word, '']
  const [value, raw] = typed(field, name, posted)
  if (value === null && !raw && word !== null) return [word, '']
  return [value, raw]
}

/** The word or the number of a chip beside the box.
 * @param {Values} field @param {string} given @returns {Value} */
const chosenWord = (field, given) => (field.words.includes(given) ? given
  : [...field.chips, field.more_chip].find((one) => one !== null && String(one) === given) ?? null)

/** Options in the field's order; an exclusive one replaces the others, and gives way to a new one.
 * @param {Values} field @param {string[]} given @param {Value} before @returns {string[]|null} */
function readMulti(field, given, before) {
  /** @type {string[]} */
  let chosen = field.options.filter((/** @type {string} */ code) => given.includes(code))
  const old = before ?? []
  const alone = chosen.filter((code) => field.exclusive.includes(code))
  if (alone.length && chosen.length > 1) {
    const fresh = alone.filter((code) => !old.includes(code))
    chosen = fresh.length ? fresh.slice(0, 1) : chosen.filter((code) => !field.exclusive.includes(code))
  }
  return chosen.length ? chosen : null
}

/** @param {Values} field @param {string} name @param {Posted} posted @returns {Reading} */
function typed(field, name, posted) {
  if (field.type === 'int' || field.type === 'decimal') return readNumber(first(posted, name), field.type === 'decimal')
  if (field.type === 'date') {
    const given = first(posted, name)
    const value = readDate(given)
    return [value, value !== null ? '' : cut(given, 20)]
  }
  if (field.type === 'partial_date') {
    return readPartial(first(posted, name + '.y'), first(posted, name + '.m'), first(posted, name + '.d'))
  }
  if (field.type === 'datetime') {
    const given = first(posted, name + '.date') + ' ' + first(posted, name + '.time')
    const value = readMoment(posted, name)
    return [value, value !== null ? '' : cut(strip(given), 20)]
  }
  return [null, '']
}

/** Whole numbers as they are, decimals as whole tenths; comma or point.
 * @param {string} given @param {boolean} decimal @returns {Reading} */
function readNumber(given, decimal) {
  if (given === '') return [null, '']
  const sign = given[0] === '-' ? -1 : 1
  const bare = given.replace(/^-+/, '').replaceAll('.', ',')
  const at = bare.indexOf(',')
  const whole = at < 0 ? bare : bare.slice(0, at)
  const rest = at < 0 ? '' : bare.slice(at + 1)
  const good = isDigits(whole) && whole.length <= 6 && (at < 0 || (decimal && isDigits(rest) && rest.length === 1))
  if (!good) return [null, cut(given, 20)]
  const number = decimal ? Number(whole) * 10 + Number(rest || '0') : Number(whole)
  return [number === 0 ? 0 : sign * number, '']
}

/** An ISO date, or dd.mm.yyyy typed by hand. @param {string} given @returns {string|null} */
function readDate(given) {
  let parts = given.split('-')
  if (parts.length !== 3) parts = given.split('.').reverse()
  if (parts.length !== 3 || !parts.every(isDigits) || parts[0].length !== 4) return null
  return realDay(Number(parts[0]), Number(parts[1]), Number(parts[2]))
}

/** @param {number} year @param {number} month @param {number} number @returns {string|null} */
function realDay(year, month, number) {
  if (month < 1 || month > 12 || number < 1 || number > 31 || year < 1850 || year > 2200) return null
  const made = new Date(Date.UTC(year, month - 1, number))
  return made.getUTCDate() === number ? made.toISOString().slice(0, 10) : null
}

/** @param {string} year @param {string} month @param {string} number @returns {Reading} */
function readPartial(year, month, number) {
  const raw = cut((number + '.' + month + '.' + year).replace(/^\.+|\.+$/g, ''), 20)
  if (raw === '') return [null, '']
  const numbers = [year, month, number].filter((part) => part)
  if (!numbers.every(isDigits) || year.length !== 4 || (number && !month)) return [null, raw]
  if (!month) {
    const real = realDay(Number(year), 1, 1) !== null
    return [real ? year : null, real ? '' : raw]
  }
  const full = realDay(Number(year), Number(month), Number(number || '1'))
  if (full === null) return [null, raw]
  return [number ? full : full.slice(0, 7), '']
}

/** Date and time of the Oslo wall clock as an instant with offset; null unless both are there.
 * @param {Posted} posted @param {string} name @returns {string|null} */
export function readMoment(posted, name) {
  const on = readDate(first(posted, name + '.date'))
  const at = first(posted, name + '.time')
  if (on === null || at.length < 5 || at[2] !== ':' || !isDigits(at.slice(0, 2) + at.slice(3, 5))) return null
  if (Number(at.slice(0, 2)) > 23 || Number(at.slice(3, 5)) > 59) return null
  const wall = on + 'T' + at.slice(0, 5) + ':00'
  const guess = Date.parse(wall + 'Z')
  const hours = osloOffset(guess - 7_200_000) / 60
  return wall + '+0' + hours + ':00'
}
