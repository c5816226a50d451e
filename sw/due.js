/** What is due for a person, why and since when; and the flags that time raises. Pure. Twin: webapp/bundles/due.py. */
import { timedRaises } from './flagging.js'
import { cards, dayOf, facts, latest, valid, valuesOf } from './history.js'
import { context, day, openItems } from './language.js'
import { parameters } from './rules.js'
import { iso, osloDate, workdays } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Due} Rule
 * @typedef {import('./bundles.js').Text} Text
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {import('./bundles.js').Context} Context
 * @typedef {{on: number, since: number, grace: number, nextVisit: boolean, reason: Text, late: boolean}} Candidate
 * @typedef {{form: Form, person: Values, today: number, latest: Values|null, latestDay: number|null,
 *   refused: Values|null, refusedDay: number|null, triggers: {type: string, on: string}[], c: Context}} Who
 * @typedef {{state: string, next_due_on: string|null, at_next_visit: boolean, reason: Text|null, since: string|null,
 *   days_late: number}} State
 */

const PARTLY = { nb: 'Delvis gjort sist', nn: 'Delvis gjort sist', en: 'Partly done last time' }
const DECLINED = { nb: 'Ønsket ikke sist, spør igjen', nn: 'Ønskte ikkje sist, spør igjen',
  en: 'Declined last time, ask again' }
/** @returns {State} */
const nothing = () => ({ state: 'not_applicable', next_due_on: null, at_next_visit: false, reason: null, since: null,
  days_late: 0 })

/** 20 % of the interval, 1 to 30 days; none for 3 days or less.
 * @param {number} interval @returns {number} */
export const graceDays = (interval) => (interval <= 3 ? 0 : Math.min(30, Math.max(1, Math.floor(interval / 5))))

/** @param {Form} form @param {Values} person @param {string} now @param {Values} params @returns {Who} */
function personOf(form, person, now, params) {
  const last = valid(person, form.id).at(-1) ?? null
  const tried = valid(person, form.id, ['done', 'partly_done', 'not_done']).at(-1)
  const refused = tried?.outcome === 'not_done' ? tried : null
  const who = { form, person, today: day(now) ?? 0, latest: last, latestDay: last ? day(dayOf(last)) : null, refused,
    refusedDay: refused ? day(dayOf(refused)) : null,
    triggers: (person.triggers ?? []).filter((/** @type {Values} */ one) => day(one.on) !== null) }
  return { ...who, c: contextOf(who, params) }
}

/** @param {Omit<Who, 'c'>} who @param {Values} params @returns {Context} */
function contextOf(who, params) {
  const { form, person } = who
  const values = who.latest ? valuesOf(who.latest) : {}
  const today = iso(who.today)
  const records = form.siblings.some((one) => one.lists.length) ? cards(form.siblings, person).records : {}
  /** @type {Values} */
  const last = {}
  for (const other of Object.keys(form.due_reads.last)) {
    const check = other === form.id ? who.latest : latest(person, other, null)
    last[other] = check ? valuesOf(check) : {}
  }
  const past = Object.fromEntries(Object.keys(form.due_reads.past)
    .map((other) => [other, valid(person, other).map(valuesOf)]))
  return context({ v: { ...values, ...elements(form, who.latest, records) }, today, last, items: records, past,
    common: { performed_on: values._on, actions: values._actions, outcome: values._outcome,
      context: who.latest?.context },
    facts: facts(person, today), params: parameters(form, params), triggers: unused(who),
    raised: new Set((who.latest?.flags ?? []).map((/** @type {Values} */ one) => one.code)),
    open: new Set((person.flags ?? []).map((/** @type {Values} */ one) => one.code)) })
}

/** @param {Omit<Who, 'c'>} who @returns {Record<string, string>} */
function unused(who) {
  /** @type {Record<string, string>} */
  const found = {}
  for (const one of who.triggers) {
    const after = who.latestDay === null || (day(one.on) ?? 0) > who.latestDay
    if (after && one.on > (found[one.type] ?? '')) found[one.type] = one.on
  }
  return found
}

/** Cards of the latest check as conditions see them: answers with derived values and their history.
 * @param {Form} form @param {Values|null} check @param {Record<string, Record<string, Values[]>>} records
 * @returns {Values} */
function elements(form, check, records) {
  return Object.fromEntries(form.lists.map((listed) => {
    const items = /** @type {import('./bundles.js').Items} */ (listed.items)
    const known = records[items.identity] ?? {}
    return [listed.name, (check?.answers?.[listed.name] ?? [])
      .map((/** @type {Values} */ card) => card[items.key]).filter((/** @type {string} */ key) => key in known)
      .map((/** @type {string} */ key) => ({ ...known[key].at(-1), _key: key, _first: known[key][0]._on,
        _earlier: known[key].slice(0, -1), _prior: known[key].at(-2) ?? null }))]
  }))
}

/** State of one form for one person at `now`: not_applicable, done, due, overdue or upcoming.
 * @param {Form} form @param {Values} person @param {string} now @param {Values} [params] @returns {State} */
export function due(form, person, now, params = {}) {
  if (!inService(person, osloDate(now) ?? now)) return nothing()
  const who = personOf(form, person, now, params)
  if (form.applies && form.applies(who.c, null) !== true) return nothing()
  const found = afterRefusal(who, candidates(who))
  if (!found.length) return nothing()
  const first = found.reduce((best, one) => (one.on < best.on ? one : best))
  const atNextVisit = found.some((one) => one.nextVisit)
  const state = who.latestDay === who.today && !form.per_subject ? 'done'
    : who.today > first.on + first.grace ? 'overdue'
      : atNextVisit || first.on <= who.today ? 'due' : 'upcoming'
  return { state, next_due_on: iso(first.on), at_next_visit: atNextVisit, reason: first.reason, since: iso(first.since),
    days_late: Math.max(0, who.today - first.on) }
}

/** Death or the end of service closes everything that is due. No episodes = not recorded = in service.
 * @param {Values} person @param {string} today @returns {boolean} */
function inService(person, today) {
  const service = (person.episodes ?? []).filter((/** @type {Values} */ one) => one.kind === 'service')
  return !service.length || service.some((/** @type {Values} */ one) => one.from <= today && (one.to == null || one.to >= today))
}

/** Every reason that counts now, in table order.
 * @param {Who} who @returns {Candidate[]} */
function candidates(who) {
  /** @type {Candidate[]} */
  const found = []
  let fromCheck = false
  for (const rule of who.form.due) {
    if (rule.otherwise && fromCheck) continue
    const fresh = ofRule(rule, who)
    found.push(...fresh)
    fromCheck ||= fresh.length > 0 && rule.base !== 'trigger'
  }
  if (who.latest?.outcome === 'partly_done' && who.latestDay !== null) {
    found.push({ on: who.latestDay + 7, since: who.latestDay, grace: graceDays(7), nextVisit: true, reason: PARTLY,
      late: false })
  }
  return found
}

/** The candidates of one due rule.
 * @param {Rule} rule @param {Who} who @returns {Candidate[]} */
function ofRule(rule, who) {
  if (rule.base === 'trigger') return ofTriggers(rule, who)
  const found = bases(rule, who).filter(([base, e]) => base !== null && holds(rule, who.c, e))
    .map(([base, e]) => counted(rule, /** @type {number} */ (base), e, who))
  return rule.base === 'on' ? found.filter((one) => who.latestDay === null || one.on > who.latestDay) : found
}

/** The days a rule counts from, each with its card.
 * @param {Rule} rule @param {Who} who @returns {[number|null, any][]} */
function bases(rule, who) {
  const { c, person } = who
  if (rule.base === 'flag') {
    return (person.flags ?? []).filter((/** @type {Values} */ one) => one.code === rule.each)
      .map((/** @type {Values} */ one) => day(one.opened_at) ?? 0).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)
      .map((/** @type {number} */ one) => [one, null])
  }
  if (rule.base === 'open' && rule.open && rule.date) {
    const [identity, state, final] = rule.open
    const from = rule.date
    return openItems(c.items[identity], state, final).map((one) => [day(from(c, one)), one])
  }
  if (rule.base === 'on' || rule.base === 'from') return [[rule.date ? day(rule.date(c, null)) : null, null]]
  return who.latest ? [[who.latestDay, null]] : []
}

/** @param {Rule} rule @param {Context} c @param {any} e @returns {boolean} */
const holds = (rule, c, e) => !rule.when || rule.when(c, e) === true

/** A trigger counts until a check is performed on or after its day (or its earlier due day).
 * @param {Rule} rule @param {Who} who @returns {Candidate[]} */
function ofTriggers(rule, who) {
  /** @type {Candidate[]} */
  const found = []
  for (const one of who.triggers) {
    const base = day(one.on)
    if (base === null || !rule.trigger.includes(one.type) || !holds(rule, who.c, null)) continue
    const candidate = counted(rule, base, null, who)
    if (who.latestDay === null || Math.min(base, candidate.on) > who.latestDay) found.push(candidate)
  }
  return found
}

/** Base day + interval, with its grace and its reason in words.
 * @param {Rule} rule @param {number} base @param {any} e @param {Who} who @returns {Candidate} */
function counted(rule, base, e, who) {
  const late = who.refusedDay !== null && base > who.refusedDay
  const make = (/** @type {number} */ on, /** @type {number} */ days, /** @type {number} */ grace) => ({ on, since: base,
    grace, nextVisit: rule.next_visit, reason: worded(rule.reason, days), late: late && rule.base !== 'on' }) // planned before
  if (rule.base === 'on') {
    const offset = amount(rule.offset, who.c, e)
    return make(base + offset, offset, 0)
  }
  if (rule.workdays) {
    const count = amount(rule.workdays, who.c, e)
    return make(workdays(base, count), count, 0)
  }
  const days = amount(rule.days, who.c, e)
  return make(base + days, days, graceDays(days))
}

/** @param {import('./bundles.js').Condition|null} of @param {Context} c @param {any} e @returns {number} */
function amount(of, c, e) {
  const value = of ? of(c, e) : 0
  return Number.isInteger(value) ? value : 0
}

/** @param {Text} reason @param {number} days @returns {Text} */
const worded = (reason, days) => /** @type {Text} */ (Object.fromEntries(Object.entries(reason)
  .map(([lang, text]) => [lang, text.replaceAll('{days}', String(days))])))

/** What a check that was not done does to the dates.
 * @param {Who} who @param {Candidate[]} found @returns {Candidate[]} */
function afterRefusal(who, found) {
  const day = who.refusedDay
  if (who.refused === null || day === null) return found
  const reason = who.refused.not_done_reason
  if (reason === 'not_relevant') return found.filter((one) => one.late)
  if (reason !== 'declined') return found.map((one) => ({ ...one, nextVisit: true }))
  const soon = (who.person.flags ?? []).some((/** @type {Values} */ one) => ['urgent', 'high'].includes(one.severity))
    || (who.form.declined_soon !== null && who.form.declined_soon(who.c, null) === true)
  const wanted = soon ? who.form.declined_soon_days : who.form.declined_days
  const days = wanted === null ? (soon ? 7 : 30) : amount(wanted, who.c, null)
  return found.map((one) => (one.late ? one : { on: day + days, since: day, grace: graceDays(days), nextVisit: false,
    reason: DECLINED, late: false }))
}

/** Flags that have come up by time alone.
 * @param {Form} form @param {Values} person @param {string} now @param {Values} [params]
 * @returns {import('./rules.js').Raise[]} */
export function timed(form, person, now, params = {}) {
  if (!form.flags.some((one) => one.timed) || !inService(person, osloDate(now) ?? now)) return []
  const who = personOf(form, person, now, params)
  return timedRaises(form, who.c, who.triggers)
}

/** Due of every form, by form id.
 * @param {{forms: Form[]}} registry @param {Values} person @param {string} now @param {Values} [params]
 * @returns {Record<string, State>} */
export const forPerson = (registry, person, now, params = {}) => Object.fromEntries(registry.forms
  .map((form) => [form.id, due(form, person, now, params)]))
