/** Calendar of the rules: Oslo days, partial dates and Norwegian working days. Twin of webapp/bundles/workdays.py. */

const DAY = 86_400_000
const HOUR = 3_600_000
/** @type {Map<number, Set<number>>} */
const holidaysOf = new Map()

/** Day number (0 = 1970-01-01) of a year, month and day; null when there is no such day.
 * @param {number} year @param {number} month @param {number} date @returns {number|null} */
function civil(year, month, date) {
  const millis = Date.UTC(year, month - 1, date)
  const back = new Date(millis)
  if (year < 1000 || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== date) return null
  return millis / DAY
}

/** @param {number} number @returns {string} the ISO date of a day number */
export const iso = (number) => new Date(number * DAY).toISOString().slice(0, 10)

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?(Z|[+-]\d\d:\d\d)$/

/** Milliseconds since 1970 of a date and time with offset; null for anything else.
 * @param {string} text @returns {number|null} */
export function instant(text) {
  if (!TIME.test(text)) return null
  const millis = Date.parse(text.replace(/(\.\d{3})\d{3}/, '$1'))
  return Number.isNaN(millis) ? null : millis
}

/** @param {number} year @param {number} month @returns {number} 01:00 UTC on the last Sunday of March or October */
function lastSunday(year, month) {
  const last = Date.UTC(year, month - 1, 31)
  return last - new Date(last).getUTCDay() * DAY + HOUR
}

/** Minutes east of UTC in Oslo: European summer time since 1996.
 * @param {number} millis @returns {number} */
export function osloOffset(millis) {
  const year = new Date(millis).getUTCFullYear()
  return lastSunday(year, 3) <= millis && millis < lastSunday(year, 10) ? 120 : 60
}

/** @param {string} text @returns {number|null} day number in Oslo of a date and time */
export function osloDay(text) {
  const millis = instant(text)
  return millis === null ? null : Math.floor((millis + osloOffset(millis) * 60_000) / DAY)
}

/** @param {string} text @returns {string|null} ISO date in Oslo of a date and time */
export function osloDate(text) {
  const number = osloDay(text)
  return number === null ? null : iso(number)
}

/** Day number of a date, of the first day of a partial date, or of a time's day in Oslo; null for a word.
 * @param {string} text @returns {number|null} */
export function day(text) {
  if (text.length > 10) return osloDay(text)
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text)
  return parts ? civil(Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)) : null
}

/** Day number of the last day a partial date may mean.
 * @param {string} text @returns {number|null} */
export function lastDay(text) {
  const first = day(text)
  if (first === null || (text.length !== 4 && text.length !== 7)) return first
  const year = Number(text.slice(0, 4))
  return Date.UTC(year, text.length === 4 ? 12 : Number(text.slice(5, 7)), 1) / DAY - 1
}

/** @param {number} year @returns {number} day number of Easter Sunday */
export function easter(year) {
  const whole = Math.floor
  const a = year % 19, b = whole(year / 100), c = year % 100
  const h = (19 * a + b - whole(b / 4) - whole((b - whole((b + 8) / 25) + 1) / 3) + 15) % 30
  const k = (32 + 2 * (b % 4) + 2 * whole(c / 4) - h - (c % 4)) % 7
  const m = whole((a + 11 * h + 22 * k) / 451)
  const n = h + k - 7 * m + 114
  return Date.UTC(year, whole(n / 31) - 1, (n % 31) + 1) / DAY
}

/** @param {number} year @returns {Set<number>} days that are never working days, whatever the weekday */
export function holidays(year) {
  let found = holidaysOf.get(year)
  if (!found) {
    const fixed = [[1, 1], [5, 1], [5, 17], [12, 25], [12, 26]].map(([m, d]) => Date.UTC(year, m - 1, d) / DAY)
    found = new Set([...fixed, ...[-3, -2, 1, 39, 50].map((n) => easter(year) + n)])
    holidaysOf.set(year, found)
  }
  return found
}

/** @param {number} number @returns {boolean} Monday to Friday and no public holiday */
export function isWorkday(number) {
  const when = new Date(number * DAY)
  const week = when.getUTCDay()
  return week > 0 && week < 6 && !holidays(when.getUTCFullYear()).has(number)
}

/** The count-th working day after a day, the day itself not counted.
 * @param {number} number @param {number} count @returns {number} */
export function workdays(number, count) {
  while (count > 0) {
    number += 1
    if (isWorkday(number)) count -= 1
  }
  return number
}
