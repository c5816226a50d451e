/** Dates, times and answers as the nurse reads them. Twin: webapp/bedside/says.py. */
import { fieldOf, itemField } from './bundles.js'
import { instant, osloOffset } from './workdays.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Values
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {(text: string, values?: Record<string, string|number>) => string} Translate
 * @typedef {Record<string, string>|null|undefined} Text
 */

const SPACE = /^[ \t\r\n]+|[ \t\r\n]+$/g
const DAY = 86_400_000

/** @param {string} text @returns {string} */
export const strip = (text) => text.replace(SPACE, '')
/** The first characters of a text, counted as Python does. @param {string} text @param {number} most @returns {string} */
export const cut = (text, most) => Array.from(text).slice(0, most).join('')
/** What a table says about a code from outside; never what every object has, such as `constructor`.
 * @template T @param {Record<string, T>} table @param {string} code @returns {T|undefined} */
export const pick = (table, code) => (Object.hasOwn(table, code) ? table[code] : undefined)
/** @param {string} a @param {string} b @returns {number} */
export const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** An instant as Oslo wall time, YYYY-MM-DDTHH:MM. @param {string} moment @returns {string} */
export function local(moment) {
  const millis = instant(moment) ?? 0
  return new Date(millis + osloOffset(millis) * 60_000).toISOString().slice(0, 16)
}

/** @param {string} moment @returns {string} */
export const clock = (moment) => local(moment).slice(11, 16)
/** @param {string} first @param {string} last @returns {number} */
export const daysBetween = (first, last) => Math.round((Date.parse(last) - Date.parse(first)) / DAY)
/** 2026-11-16 -> 16.11.2026, and 2026-11 -> 11.2026. @param {string} iso @returns {string} */
export const day = (iso) => iso.split('-').reverse().join('.')

/** Today, yesterday and tomorrow by name, other days by date.
 * @param {string} iso @param {string} today @param {Translate} t @returns {string} */
export function nearDay(iso, today, t) {
  const away = daysBetween(today, iso)
  if (away === 0) return t('i dag')
  if (away === -1) return t('i går')
  if (away === 1) return t('i morgen')
  return day(iso)
}

/** @param {string} moment @param {string} today @param {Translate} t @returns {string} */
export function nearMoment(moment, today, t) {
  const at = local(moment)
  return nearDay(at.slice(0, 10), today, t) + ' ' + at.slice(11, 16)
}

/** @param {string} born @param {string} today @returns {number} */
export const age = (born, today) => Number(today.slice(0, 4)) - Number(born.slice(0, 4))
  - (today.slice(5) < born.slice(5) ? 1 : 0)

/** @param {Translate} t @param {number} count @param {string} one @param {string} more @returns {string} */
export const many = (t, count, one, more) => (count === 1 ? t(one) : t(more, { n: count }))

/** @param {string} iso @param {Translate} t @returns {string} */
export function longDay(iso, t) {
  const weekdays = ['mandag', 'tirsdag', 'onsdag', 'torsdag', 'fredag', 'lørdag', 'søndag']
  const months = ['januar', 'februar', 'mars', 'april', 'mai', 'juni', 'juli', 'august', 'september',
    'oktober', 'november', 'desember']
  const that = new Date(iso)
  const weekday = weekdays[(that.getUTCDay() + 6) % 7]
  return t(weekday) + ' ' + that.getUTCDate() + '. ' + t(months[that.getUTCMonth()])
}

/** @param {Text} table @param {string} lang @returns {string} */
export const text = (table, lang) => (table ? table[lang] || table.nb : '')
/** @param {Field} field @param {string} code @param {string} lang @returns {string} */
export const option = (field, code, lang) => text(pick(field.option_labels, code), lang) || code

/** @param {number} value @returns {string} */
export function tenths(value) {
  const size = Math.abs(value)
  const whole = Math.floor(size / 10) + ',' + (size % 10)
  return value < 0 ? '-' + whole : whole
}

/** One stored answer in words; empty for what only the machine reads.
 * @param {Field} field @param {Value} value @param {string} lang @returns {string} */
export function answer(field, value, lang) {
  if (value == null || field.auto || field.type === 'uuid') return ''
  if (field.type === 'multi') return value.map((/** @type {string} */ code) => option(field, code, lang)).join(', ')
  if (field.type === 'photos') return String(value.length)
  if (field.type === 'choice' || field.words.includes(value)) return option(field, value, lang)
  if (field.type === 'decimal') return tenths(value)
  if (field.type === 'date' || field.type === 'partial_date') return day(value)
  if (field.type === 'datetime') {
    const at = local(value)
    return day(at.slice(0, 10)) + ' ' + at.slice(11, 16)
  }
  return String(value)
}

/** What a list card is called: its subject, or the list's word and a number.
 * @param {Field} field @param {Values} item @param {number} place @param {string} lang @returns {string} */
export function cardTitle(field, item, place, lang) {
  if (!field.items) return ''
  const of = itemField(field.items, field.items.subject_label)
  const subject = of ? answer(of, item[of.name], lang) : ''
  return subject || text(field.items.item_title, lang) + ' ' + (place + 1)
}

/** @param {string} label @param {string} value @returns {Values} */
export const pair = (label, value) => ({ label, value, was: '', changed: false })

/** What a chosen id may name, newest first, in words: earlier checks, or finished cards of the same list.
 * @param {Form} form @param {Field} field @param {Field|null|undefined} listed @param {Values} prior @param {string} lang
 * @returns {[string, string][]} */
export function namedIds(form, field, listed, prior, lang) {
  const at = field.points_at
  const of = listed?.items
  if (at?.form) {
    const other = /** @type {Form} */ (form.siblings.find((one) => one.id === at.form))
    const key = at.key ?? ''
    return (prior.past?.[at.form] ?? []).filter((/** @type {Values} */ one) => one[key] !== undefined).reverse()
      .map((/** @type {Values} */ one) => [one[key], shown([...other.answers, ...other.derived], at.shows, one, lang)])
  }
  if (!at || !of) return []
  /** @type {[string, Values][]} */
  const known = Object.entries(prior.items?.[of.identity] ?? {}).map(([key, found]) => [key, found.at(-1)])
  return known.filter(([, one]) => of.final.includes(one[of.state]))
    .sort(([a, one], [b, two]) => (one._on + ' ' + a < two._on + ' ' + b ? 1 : -1))
    .map(([key, one]) => [key, shown([...of.fields, ...of.derived], at.shows, one, lang) + ', ' + day(one._on)])
}

/** Some values of an earlier record in words.
 * @param {any[]} named @param {string[]} names @param {Values} record @param {string} lang @returns {string} */
const shown = (named, names, record, lang) => names.filter((name) => record[name] != null).map((name) => {
  const one = named.find((each) => each.name === name)
  return 'how' in one ? day(String(record[name])) : answer(one, record[name], lang)
}).join(', ')

/** Every answer of a check as label and words, cards included, in the form's order. `prior`: the history it was made with.
 * @param {Form} form @param {Values} answers @param {string} lang @param {Values} prior @returns {Values[]} */
export function pairs(form, answers, lang, prior) {
  /** @param {Field} field @param {Value} value @param {Field|null} [listed] @returns {string} */
  const said = (field, value, listed) => (!field.points_at || value == null ? answer(field, value, lang)
    : namedIds(form, field, listed, prior, lang).find(([key]) => key === value)?.[1] ?? '')
  const rows = []
  for (const field of form.answers) {
    const value = answers[field.name]
    if (value == null) continue
    const items = field.items
    if (!items) {
      const words = said(field, value)
      if (words) rows.push(pair(text(field.label, lang), words))
      continue
    }
    value.forEach((/** @type {Values} */ item, /** @type {number} */ place) => {
      const parts = items.fields.map((one) => [text(one.label, lang), said(one, item[one.name], field)])
        .filter(([, words]) => words).map(([label, words]) => label + ': ' + words)
      rows.push(pair(cardTitle(field, item, place, lang), parts.join('; ')))
    })
  }
  return rows
}

/** The answers that made a flag true: `finding.category` from the card of its subject, of a group those it lists.
 * @param {Form} form @param {Values} flag @param {Values} answers @param {string} lang @returns {Values[]} */
export function inputs(form, flag, answers, lang) {
  const rows = []
  const subject = flag.subject
  const listed = (flag.list ?? []).filter((/** @type {string[]} */ one) => one[0] === 'field')
    .map((/** @type {string[]} */ one) => one[1])
  for (const name of flag.inputs) {
    const dot = name.indexOf('.')
    const outer = dot < 0 ? name : name.slice(0, dot)
    const field = fieldOf(form, outer)
    if (!field || (listed.length && field.group && !listed.includes(outer))) continue
    if (!field.items) {
      const words = answer(field, answers[outer], lang)
      if (words) rows.push(pair(text(field.label, lang), words))
      continue
    }
    const of = dot < 0 ? null : itemField(field.items, name.slice(dot + 1))
    for (const item of answers[outer] ?? []) {
      if (!of || (subject && item[field.items.key] !== subject)) continue
      const words = answer(of, item[of.name], lang)
      if (words) rows.push(pair(text(of.label, lang), words))
    }
  }
  return rows
}
