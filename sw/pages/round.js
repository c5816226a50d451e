/** Today's route, the rest of the unit, and a quick record from anywhere. Twin: webapp/bedside/pages_round.py. */
import { isBegun } from '../drafts.js'
import { dueRows } from '../due_rows.js'
import { cut, local, longDay, many, nearDay, order, text } from '../says.js'
import { SEVERITIES, findPerson, flagWords, frame, page, todayOf, who } from './frame.js'

/**
 * @typedef {import('./frame.js').World} World
 * @typedef {import('./frame.js').Person} Person
 * @typedef {import('./frame.js').Context} Context
 * @typedef {import('./frame.js').Page} Page
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Registry} Registry
 * @typedef {{at: string, person: Person}} Stop
 */

export const DUE_TONES = ['overdue', 'due']

/** Who I visit that day, in visit order. @param {World} world @param {string} on @returns {Stop[]} */
export function visitsOn(world, on) {
  /** @type {Stop[]} */
  const mine = []
  for (const person of world.people) {
    for (const visit of person.visits) {
      if (visit.on === on && (visit.who === null || visit.who === world.me.id)) mine.push({ at: visit.at, person })
    }
  }
  return mine.sort((a, b) => order(a.at, b.at) || order(a.person.name, b.person.name) || order(a.person.ref, b.person.ref))
}

/** Each person once, in order: one who is visited twice a day has her checks and flags once.
 * @param {Person[]} people @returns {Person[]} */
export const once = (people) => [...new Map(people.map((one) => [one.ref, one])).values()]

/** @param {Person} person @param {string} today @returns {number} */
const doneToday = (person, today) => person.checks.filter((/** @type {any} */ one) => !one.superseded_by
  && local(one.performed_at).slice(0, 10) === today).length

/** @param {string} at @param {Person} person @param {Context[]} rows @param {string} today @param {Translate} t
 * @returns {Context} */
function visitCard(at, person, rows, today, t) {
  const tags = rows.map((row) => ({ tone: row.tone, text: row.short + ': ' + row.state, icon: row.state_icon,
    why: row.reason }))
  const flags = person.flags.filter((/** @type {any} */ one) => one.severity === 'urgent' || one.severity === 'high')
  if (flags.length) {
    const words = many(t, flags.length, '1 åpent varsel', '%(n)s åpne varsler')
    tags.push({ tone: 'high', text: words, icon: 'alert', why: '' })
  }
  const done = !rows.length && doneToday(person, today) > 0
  if (done) tags.push({ tone: 'ok', text: t('Alt er gjort'), icon: 'check', why: '' })
  return { url: '/round/people/' + person.ref, at, name: person.name, address: person.address, tags, done }
}

/** @param {Person[]} people @param {World} world @param {Registry} registry @param {Translate} t @returns {Context[]} */
const urgentRows = (people, world, registry, t) => people.flatMap((person) => inOrder(person.flags)
  .filter((/** @type {any} */ flag) => flag.severity === 'urgent')
  .map((/** @type {any} */ flag) => ({ url: '/round/people/' + person.ref, name: person.name,
    text: openFlagText(flag, person, world, registry, t) })))

/** Open flags, the most severe and the oldest first. Not by id: the device and the server name the same flag differently.
 * @param {any[]} flags @returns {any[]} */
export function inOrder(flags) {
  const place = (/** @type {any} */ one) => SEVERITIES.indexOf(one.severity)
  return [...flags].sort((a, b) => place(a) - place(b) || order(a.opened_at, b.opened_at) || order(a.code, b.code)
    || order(a.subject, b.subject))
}

/** The flag's words, with the answers of the check that raised it where that check is here.
 * @param {any} flag @param {Person} person @param {World} world @param {Registry} registry @param {Translate} t
 * @returns {string} */
export function openFlagText(flag, person, world, registry, t) {
  const bundle = registry.bundle(flag.bundle, flag.version)
  const check = person.checks.find((/** @type {any} */ one) => one.id === flag.check_id)
  return flagWords(bundle, flag, world.me.lang, check ? check.answers : {}, t)
}

/** @param {World} world @param {Registry} registry @returns {Context[]} */
export function draftRows(world, registry) {
  const rows = []
  for (const draft of world.drafts.filter(isBegun)) {
    const person = findPerson(world, draft.person)
    if (!person) continue
    const form = registry.form(draft.form, draft.version)
    rows.push({ url: '/round/checks/' + draft.id, name: person.name, text: text(form.title, world.me.lang) })
  }
  return rows
}

/** @param {World} world @param {Translate} t @returns {[string, Context[]]} */
function nextShift(world, t) {
  const today = todayOf(world)
  const days = world.people.flatMap((/** @type {Person} */ person) => person.visits.map((/** @type {any} */ one) => one.on))
    .filter((/** @type {string} */ on) => on > today).sort(order)
  if (!days.length) return ['', []]
  const rows = visitsOn(world, days[0]).map(({ at, person }) => ({ at, name: person.name,
    url: '/round/people/' + person.ref }))
  return [t('Neste vakt: %(day)s', { day: nearDay(days[0], today, t) }), rows]
}

/** @param {World} world @param {Translate} t @param {Registry} registry @returns {Page} */
export function round(world, t, registry) {
  const today = todayOf(world)
  const route = visitsOn(world, today)
  const seen = once(route.map((one) => one.person))
  const asked = new Map(seen.map((person) => [person.ref, dueRows(person, world, registry, t)
    .filter((row) => DUE_TONES.includes(row.tone))]))
  const [overdue, due] = DUE_TONES.map((tone) => [...asked.values()].flat().filter((row) => row.tone === tone).length)
  const done = seen.reduce((sum, person) => sum + doneToday(person, today), 0)
  const total = done + overdue + due
  const [nextTitle, nextVisits] = nextShift(world, t)
  return page('bedside/round.html', {
    ...frame(world, t, 'round', t('Min runde')), enrol_url: world.device ? '' : '/enrol',
    date_text: longDay(today, t), unit_name: world.me.unit.name,
    urgent: urgentRows(seen, world, registry, t),
    drafts: draftRows(world, registry),
    visits: route.map(({ at, person }) => visitCard(at, person, asked.get(person.ref) || [], today, t)),
    summary_text: many(t, route.length, '1 besøk', '%(n)s besøk') + '. '
      + t('%(overdue)s over tiden, %(due)s til i dag.', { overdue, due }),
    progress_max: String(Math.max(total, 1)), progress_value: String(total ? done : 1),
    progress_text: t('%(done)s av %(total)s sjekker gjort', { done, total }),
    next_title: nextTitle, next_visits: nextVisits,
  })
}

/** @param {World} world @returns {any[]} */
const everyone = (world) => [...world.people, ...world.others]
  .sort((a, b) => order(a.name, b.name) || order(a.ref, b.ref))

/** What was asked for, and who answers to it: every word is in her name, date of birth or address.
 * @param {string} q @param {World} world @param {Translate} t @returns {{ asked: string, answers: (person: any) => boolean }} */
function searched(q, world, t) {
  const asked = cut(q.replaceAll('\0', ''), 60)
  const words = asked.toLowerCase().split(' ').filter((one) => one)
  return { asked, answers: (person) => {
    const row = who(person, world, t)
    const haystack = (row.name + ' ' + row.born + ' ' + row.address).toLowerCase()
    return words.every((word) => haystack.includes(word))
  } }
}

/** The rest of the unit. What was searched for stays in the body of the request.
 * @param {World} world @param {Translate} t @param {string} q @returns {Page} */
export function people(world, t, q) {
  const { asked, answers } = searched(q, world, t)
  const found = everyone(world).filter(answers).map((one) => who(one, world, t))
  return page('bedside/people.html', {
    ...frame(world, t, '', t('Andre i enheten')),
    unit_name: world.me.unit.name, q: asked, search_url: '/round/people', people: found.slice(0, 60),
    count_text: many(t, found.length, '1 bruker', '%(n)s brukere'),
  })
}

/** Today's people first, then the rest: choosing one opens the quick form. What was searched for stays in the body.
 * @param {World} world @param {Translate} t @param {Registry} registry @param {string} q @returns {Page} */
export function event(world, t, registry, q) {
  const { asked, answers } = searched(q, world, t)
  const today = once(visitsOn(world, todayOf(world)).map((one) => one.person).filter(answers))
  const refs = today.map((one) => one.ref)
  const others = everyone(world).filter((one) => !refs.includes(one.ref) && answers(one))
  const groups = [{ title: t('På ruta di i dag'), people: eventRows(today, world, t) },
    { title: t('Andre i enheten'), people: eventRows(others, world, t) }].filter((one) => one.people.length)
  const forms = registry.forms.filter((form) => form.quick)
    .map((form) => ({ id: form.id, title: text(form.short, world.me.lang), icon: form.icon || 'event' }))
  return page('bedside/event.html', {
    ...frame(world, t, 'event', t('Ny hendelse')), q: asked, search_url: '/round/event', groups, forms, somebody: everyone(world).length > 0,
    count_text: many(t, today.length + others.length, '1 bruker', '%(n)s brukere'),
  })
}

/** @param {any[]} people @param {World} world @param {Translate} t @returns {Context[]} */
const eventRows = (people, world, t) => people
  .map((one) => who(one, world, t))
  .map((row) => ({ name: row.name, born: row.born, address: row.address, start_url: row.url + '/checks' }))
