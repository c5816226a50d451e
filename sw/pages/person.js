/** One person: what is due, what is open, the last results and what changed. Twin: webapp/bedside/pages_person.py. */
import { fieldOf } from '../bundles.js'
import { isBegun } from '../drafts.js'
import { dueRows } from '../due_rows.js'
import { canStart } from '../prefill.js'
import { answer, day, daysBetween, local, many, nearDay, nearMoment, order, tenths, text } from '../says.js'
import { SEVERITIES, SEVERITY, SEVERITY_ICON, findPerson, frame, missing, page, todayOf, who } from './frame.js'
import { inOrder, openFlagText } from './round.js'

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

const FIRST_ANSWERS = 4

/** @param {World} world @param {Translate} t @param {Registry} registry @param {string} ref @returns {Page} */
export function person(world, t, registry, ref) {
  const found = findPerson(world, ref)
  if (!found) return missing(world, t)
  const rows = dueRows(found, world, registry, t).filter((row) => canStart(registry.form(row.form), found, world.now, world.params))
    .map((row) => dueCard(row, found, world, t))
  const pressing = rows.filter((row) => row.tone === 'overdue' || row.tone === 'due' || row.draft_url)
  const names = Object.keys(world.active).sort(order)
  return page('bedside/person.html', {
    ...frame(world, t, 'round', t('Bruker')),
    who: who(found, world, t), history_missing: Boolean(found.history_missing),
    due: pressing, other_forms: rows.filter((row) => !pressing.includes(row)).map((row) => ({ ...row, quiet: true })),
    flags: flagRows(found, world, registry, t),
    unit_note: unitTold(found, world) ? '' : t('Tallene for hele enheten er ikke hentet ennå. De kommer ved neste kontakt med serveren.'),
    packages: names.map((one) => packageOf(registry.bundle(one, world.active[one]), found, world, registry, t)),
  })
}

/** @param {Context} row @param {Person} found @param {World} world @param {Translate} t @returns {Context} */
function dueCard(row, found, world, t) {
  const draft = world.drafts.find((/** @type {any} */ one) => one.person === found.ref && one.form === row.form
    && !one.supersedes && isBegun(one))
  const tone = ['overdue', 'due'].includes(row.tone) ? row.tone : row.tone === 'done' ? 'ok' : 'quiet'
  return { ...row, tag_tone: tone, state: draft ? t('påbegynt') : row.state, quiet: false,
    start_url: '/round/people/' + found.ref + '/checks', draft_url: draft ? '/round/checks/' + draft.id : '' }
}

/** @param {Person} found @param {World} world @param {Registry} registry @param {Translate} t @returns {Context[]} */
function flagRows(found, world, registry, t) {
  return inOrder(found.flags).map((flag) => ({
    tone: flag.severity, severity: t(SEVERITY[flag.severity]), icon: SEVERITY_ICON[flag.severity],
    about: text(registry.form(flag.form, flag.version).title, world.me.lang),
    text: openFlagText(flag, found, world, registry, t), inputs: [], meta: flagMeta(flag, t),
  }))
}

/** @param {any} flag @param {Translate} t @returns {string} */
function flagMeta(flag, t) {
  const parts = [t('Åpnet %(on)s.', { on: day(local(flag.opened_at).slice(0, 10)) })]
  if (flag.owner) parts.push(t('Ansvarlig: %(name)s.', { name: flag.owner.name }))
  else parts.push(t('Ingen ansvarlig ennå.'))
  if (flag.due_on) parts.push(t('Frist %(on)s.', { on: day(flag.due_on) }))
  if (flag.not_found_last) parts.push(t('Ikke funnet ved siste sjekk.'))
  return parts.join(' ')
}

/** The last three results of a package, newest first.
 * @param {Bundle} bundle @param {Person} found @param {World} world @param {Registry} registry @param {Translate} t
 * @returns {Context} */
function packageOf(bundle, found, world, registry, t) {
  const checks = found.checks.filter((/** @type {any} */ one) => one.bundle === bundle.id && !one.superseded_by)
  const latest = [...checks].reverse().slice(0, 3)
  const results = latest.map((check, place) => result(check, earlier(check, checks),
    registry.form(check.form, check.version), bundle.forms.length > 1, place === 0, world, t))
  return { title: text(bundle.title, world.me.lang), about_url: '/round/about/' + bundle.id, results,
    trend: trend(bundle, found, world, registry, t), lines: unitLines(bundle, found, world, t) }
}

/** The declared values at the last three checks, oldest first; of one check alone there is nothing to compare.
 * @param {Bundle} bundle @param {Person} found @param {World} world @param {Registry} registry @param {Translate} t @returns {Context[]} */
function trend(bundle, found, world, registry, t) {
  const rows = []
  for (const one of world.bedside?.trend[bundle.id] ?? []) {
    const said = []
    let label = ''
    for (const check of found.checks) {
      if (check.form !== one.form || check.superseded_by || check.outcome === 'not_done') continue
      const [name, words] = trendWords(one, check, registry.form(check.form, check.version), world.me.lang, t)
      label = name
      if (words) said.push(nearDay(local(check.performed_at).slice(0, 10), todayOf(world), t) + ': ' + words)
    }
    if (said.length > 1) rows.push({ label, value: said.slice(-3).join(' · '), changed: false, was: '' })
  }
  return rows
}

/** @param {any} one @param {any} check @param {Form} form @param {string} lang @param {Translate} t @returns {[string, string]} */
function trendWords(one, check, form, lang, t) {
  if (!one.days) return valueWords(form, check, one.value, lang, t)
  const since = check.derived[one.value]
  const days = since?.length === 10 ? daysBetween(since, local(check.performed_at).slice(0, 10)) : -1 // of a year alone nothing is counted
  return [text(one.days, lang), days < 0 ? '' : many(t, days, '1 dag', '%(n)s dager')]
}

/** What the server last said of how her unit stands. @param {Person} found @param {World} world @returns {any} */
const unitTold = (found, world) => world.bedside?.units[found.unit]

/** How the unit stands, each sentence with the age of its numbers.
 * @param {Bundle} bundle @param {Person} found @param {World} world @param {Translate} t @returns {string[]} */
function unitLines(bundle, found, world, t) {
  const told = unitTold(found, world)
  if (!told) return []
  const when = nearMoment(told.at, todayOf(world), t)
  const old = daysBetween(local(told.at).slice(0, 10), todayOf(world)) > 1
  const age = old ? t('gamle tall, fra %(when)s', { when }) : t('tall fra %(when)s', { when })
  return (told.lines[bundle.id] ?? []).map((/** @type {any} */ one) => text(one, world.me.lang) + ' (' + age + ')')
}

/** @param {any} check @param {any[]} checks @returns {any} */
function earlier(check, checks) {
  const before = checks.filter((one) => one.form === check.form && one.outcome !== 'not_done'
    && one.performed_at < check.performed_at && one.id !== check.id)
  return before.length ? before[before.length - 1] : null
}

/** @param {any} check @param {any} before @param {Form} form @param {boolean} manyForms @param {boolean} newest
 * @param {World} world @param {Translate} t @returns {Context} */
function result(check, before, form, manyForms, newest, world, t) {
  const lang = world.me.lang
  const line = manyForms ? [text(form.short, lang)] : []
  line.push(check.author.name)
  if (check.outcome !== 'done') line.push(check.outcome === 'partly_done' ? t('delvis gjort') : t('ikke gjort'))
  if (check.supersedes) line.push(t('rettet'))
  return { url: '/round/checks/' + check.id, when: nearMoment(check.performed_at, todayOf(world), t),
    line: line.join(' · '), tags: severityTags(check, t), changes: changes(check, before, form, newest, lang, t) }
}

/** @param {any} check @param {Translate} t @returns {Context[]} */
function severityTags(check, t) {
  const rows = []
  for (const severity of SEVERITIES.slice(0, 3)) {
    const count = check.flags.filter((/** @type {any} */ one) => one.severity === severity).length
    if (!count) continue
    rows.push({ tone: severity, text: t(SEVERITY[severity]) + (count > 1 ? ' × ' + count : ''),
      icon: SEVERITY_ICON[severity] })
  }
  return rows
}

/** The form's summary: what differs from the one before, and for the newest result its first answers too.
 * @param {any} check @param {any} before @param {Form} form @param {boolean} newest @param {string} lang @param {Translate} t
 * @returns {Context[]} */
function changes(check, before, form, newest, lang, t) {
  const rows = []
  let plain = newest ? FIRST_ANSWERS : 0
  for (const name of form.summary) {
    const [label, now] = valueWords(form, check, name, lang, t)
    const was = before ? valueWords(form, before, name, lang, t)[1] : ''
    const changed = before !== null && now !== was
    if (!now || !(changed || plain > 0)) continue
    plain -= changed ? 0 : 1
    rows.push({ label, value: now, was: changed ? t('før: %(value)s', { value: was || t('ikke svart') }) : '' })
  }
  return rows
}

/** @param {Form} form @param {any} check @param {string} name @param {string} lang @param {Translate} t
 * @returns {[string, string]} */
function valueWords(form, check, name, lang, t) {
  const field = fieldOf(form, name)
  if (field) {
    const value = check.answers[name]
    if (field.items) return [text(field.label, lang), value?.length ? String(value.length) : '']
    return [text(field.label, lang), answer(field, value, lang)]
  }
  const derived = form.derived.find((one) => one.name === name)
  if (!derived) return [name, '']
  return [text(derived.label, lang) || name, derivedWords(derived, check.derived[name], lang, t)]
}

/** @param {import('../bundles.js').Derived} derived @param {any} value @param {string} lang @param {Translate} t
 * @returns {string} */
export function derivedWords(derived, value, lang, t) {
  if (value == null) return ''
  if (derived.type === 'bool') return value ? t('Ja') : t('Nei')
  if (derived.type === 'choice') {
    return derived.option_labels[value] ? text(derived.option_labels[value], lang) : String(value)
  }
  if (derived.type === 'decimal') return tenths(value)
  return derived.type === 'date' ? day(value) : String(value)
}
