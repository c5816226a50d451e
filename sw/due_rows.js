/** What is due for one person, why and how late, in words. Twin: webapp/bedside/due_rows.py. */
import { forPerson } from './due.js'
import { daysBetween, many, nearDay, text } from './says.js'

/**
 * @typedef {Record<string, any>} Values
 * @typedef {import('./says.js').Translate} Translate
 */

/** @type {Record<string, number>} */
const ORDER = { overdue: 0, due: 1, upcoming: 2, done: 3, not_applicable: 4 }
/** @type {Record<string, string>} */
const ICONS = { overdue: 'alert', due: 'clock' }

/** One row per form, the most late first.
 * @param {Values} person @param {Values} world @param {any} registry @param {Translate} t @returns {Values[]} */
export function dueRows(person, world, registry, t) {
  const lang = world.me.lang
  const today = world.now.slice(0, 10)
  const states = forPerson(registry, person, world.now, world.params)
  const rows = registry.forms.map((/** @type {Values} */ form, /** @type {number} */ place) => {
    const one = states[form.id]
    return {
      form: form.id, title: text(form.title, lang), short: text(form.short, lang), icon: form.icon || 'check-form',
      tone: one.state, quick: form.quick, place, late: one.days_late || 0, state: stateWords(one, today, t),
      state_icon: ICONS[one.state] ?? '', reason: one.reason ? text(one.reason, lang) : '',
    }
  })
  return rows.sort((/** @type {Values} */ a, /** @type {Values} */ b) => ORDER[a.tone] - ORDER[b.tone] || b.late - a.late
    || a.place - b.place)
}

/** @param {Values} one @param {string} today @param {Translate} t @returns {string} */
function stateWords(one, today, t) {
  const on = one.next_due_on
  if (one.state === 'overdue') {
    return many(t, one.days_late || daysBetween(on, today), '1 dag over tiden', '%(n)s dager over tiden')
  }
  if (one.state === 'due') return one.at_next_visit || on > today ? t('ved dette besøket') : t('nå')
  if (one.state === 'upcoming') return nearDay(on, today, t)
  return one.state === 'done' ? t('gjort i dag') : t('ikke aktuelt')
}
