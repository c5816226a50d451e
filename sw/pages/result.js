/** What a finished check led to: flags, where it is, what comes next. Twin: webapp/bedside/pages_result.py. */
import { due } from '../due.js'
import { word } from '../form_view.js'
import { prior } from '../history.js'
import * as photoLines from '../photo_lines.js'
import { saidBy, sentence } from '../reasons.js'
import { inputs, nearDay, nearMoment, pair, pairs, pick, text } from '../says.js'
import { SEVERITIES, SEVERITY, SEVERITY_ICON, findPerson, flagWords, frame, missing, page, savedLine, todayOf, who } from './frame.js'
import { derivedWords } from './person.js'
import { visitsOn } from './round.js'

/**
 * @typedef {import('./frame.js').World} World
 * @typedef {import('./frame.js').Person} Person
 * @typedef {import('./frame.js').Context} Context
 * @typedef {import('./frame.js').Page} Page
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Bundle} Bundle
 * @typedef {import('../bundles.js').Form} Form
 * @typedef {import('../bundles.js').Registry} Registry
 */

/** @param {World} world @param {string} id @returns {[Person, any]|null} */
export function findCheck(world, id) {
  for (const person of world.people) {
    const check = person.checks.find((/** @type {any} */ one) => one.id === id)
    if (check) return [person, check]
  }
  const one = findAside(world, id)
  const person = one && findPerson(world, one.person)
  return person ? [person, one.check] : null
}

/** A check of hers that counts for nobody here, and whom she made it about: left out by a supervisor, or of somebody not held.
 * @param {World} world @param {string} id @returns {any} */
export const findAside = (world, id) => world.aside?.find((/** @type {any} */ one) => one.check.id === id) ?? null

/** @param {World} world @param {Translate} t @param {Registry} registry @param {string} id @returns {Page} */
export function result(world, t, registry, id) {
  const found = findCheck(world, id)
  if (!found) return missing(world, t)
  const [person, check] = found
  const lang = world.me.lang
  const today = todayOf(world)
  const form = registry.form(check.form, check.version)
  const bundle = registry.bundle(check.bundle, check.version)
  const before = prior(form, person, check.performed_at, check.supersedes, check.id)
  const saved = savedLine(world, id, check, t)
  const waiting = ['waiting', 'quarantined'].includes(saved.state)
  return page('bedside/result.html', {
    ...frame(world, t, 'round', t('Resultat')),
    who: who(person, world, t), form_title: text(form.title, lang),
    when_text: nearMoment(check.performed_at, today, t),
    urgent: check.flags.some((/** @type {any} */ one) => one.severity === 'urgent'),
    call_title: waiting ? t('Ikke sendt. Ring.') : t('Haster. Ring hvis det ikke er gjort.'),
    call_text: waiting ? t('Ingen har fått varselet før sjekken er mottatt.') : '',
    saved_text: saved.text, saved_tone: saved.tone, saved_icon: saved.tone === 'stopped' ? 'alert' : 'check',
    saved_more: savedMore(world, id, saved.state, t),
    photos_text: photoLines.ofCheck(world, id, t),
    flags: flagRows(bundle, form, check, lang, t), flags_title: flagsTitle(check, t),
    next_due_text: nextDue(form, person, world, t), next_person: nextPerson(person, world, t),
    answers: answerRows(form, check, before, lang, t), open_answers: !check.flags.length,
    author_text: authorText(check, today, t), ...correctionLinks(check, saved.state, t),
  })
}

/** What happens by itself, or what was decided and why.
 * @param {World} world @param {string} id @param {string} state @param {Translate} t @returns {string} */
function savedMore(world, id, state, t) {
  if (state === 'waiting') return t('Sendes av seg selv når det er nett.')
  const known = pick(world.sync.by_id, id) ?? { state, reasons: [] }
  return [...known.reasons.map((/** @type {string} */ code) => sentence(known.state, code, t)), saidBy(known, t)].filter(Boolean).join(' ')
}

/** @param {any} check @param {Translate} t @returns {string} */
function flagsTitle(check, t) {
  if (check.outcome === 'not_done') return t('Ikke gjort')
  return check.flags.length ? t('Varsler') : t('Ingen varsler')
}

/** @param {Bundle} bundle @param {Form} form @param {any} check @param {string} lang @param {Translate} t
 * @returns {Context[]} */
const flagRows = (bundle, form, check, lang, t) => SEVERITIES.flatMap((severity) => check.flags
  .filter((/** @type {any} */ flag) => flag.severity === severity)
  .map((/** @type {any} */ flag) => ({
    tone: severity, severity: t(SEVERITY[severity]), icon: SEVERITY_ICON[severity], about: '',
    text: flagWords(bundle, { ...flag, form: form.id }, lang, check.answers, t), meta: '',
    inputs: inputs(form, flag, check.answers, lang),
  })))

/** @param {Form} form @param {Person} person @param {World} world @param {Translate} t @returns {string} */
function nextDue(form, person, world, t) {
  const one = due(form, person, world.now, world.params[form.bundle] ?? {})
  if (one.state === 'not_applicable' || one.next_due_on === null) return t('Ingen ny sjekk er planlagt.')
  const on = nearDay(one.next_due_on, todayOf(world), t)
  const reason = one.reason ? text(one.reason, world.me.lang) : ''
  return on + (one.at_next_visit ? ' ' + t('eller ved neste besøk') : '') + (reason ? '. ' + reason : '')
}

/** @param {Person} person @param {World} world @param {Translate} t @returns {Context|null} */
function nextPerson(person, world, t) {
  const route = visitsOn(world, todayOf(world))
  const place = route.map((one) => one.person.ref).lastIndexOf(person.ref)
  if (place < 0 || place + 1 >= route.length) return null
  const after = route[place + 1]
  return { url: '/round/people/' + after.person.ref,
    text: t('Neste: %(name)s %(at)s', { name: after.person.name, at: after.at }) }
}

/** @param {Form} form @param {any} check @param {Context} before @param {string} lang @param {Translate} t @returns {Context[]} */
function answerRows(form, check, before, lang, t) {
  const rows = [pair(t('Ble sjekken gjort?'), word(form, check.outcome, lang, t))]
  if (check.not_done_reason) rows.push(pair(t('Hvorfor?'), word(form, check.not_done_reason, lang, t)))
  if (check.not_done_text) rows.push(pair(t('Hvilken grunn?'), check.not_done_text))
  rows.push(...pairs(form, check.answers, lang, before))
  for (const derived of form.derived) {
    const words = derivedWords(derived, check.derived[derived.name], lang, t)
    if (derived.label && words) rows.push(pair(text(derived.label, lang), words))
  }
  if (check.actions.length) {
    const done = check.actions.map((/** @type {string} */ one) => word(form, one, lang, t)).join(', ')
    rows.push(pair(t('Hva gjorde du?'), done))
  }
  if (check.note) rows.push(pair(t('Merknad'), check.note))
  rows.push(pair(t('Anledning'), word(form, check.context, lang, t)))
  return rows
}

/** @param {any} check @param {string} today @param {Translate} t @returns {string} */
function authorText(check, today, t) {
  const by = check.author.name + (check.author.title ? ', ' + check.author.title : '')
  return t('%(by)s. Utført %(at)s, registrert %(recorded)s.', { by, at: nearMoment(check.performed_at, today, t),
    recorded: nearMoment(check.recorded_at, today, t) })
}

/** Both records stay visible: each points at the other. @param {any} check @param {string} state @param {Translate} t @returns {Context} */
const correctionLinks = (check, state, t) => ({
  replaced_url: check.superseded_by ? '/round/checks/' + check.superseded_by : '',
  replaces_url: check.supersedes ? '/round/checks/' + check.supersedes : '',
  reason_text: t('Dette er en retting. Grunn: %(reason)s', { reason: check.reason || '' }),
  can_correct: !check.superseded_by && state !== 'rejected', correct_url: '/round/checks/' + check.id + '/correction',
})
