/** A draft as the form on the screen: sections of flat controls. Twin: webapp/bedside/form_view.py. */
import { fieldOf } from './bundles.js'
import { base, cards, chip, chips, control, domId, group, problemOf } from './controls.js'
import { OUTCOMES, REASONS, actionsOf, isBegun } from './drafts.js'
import { problemLabel, stops } from './judging.js'
import { SEVERITIES, SEVERITY, SEVERITY_ICON, flagWords } from './pages/frame.js'
import { answer, clock, local, many, pair, pick, text } from './says.js'

/**
 * @typedef {Record<string, any>} Values
 * @typedef {Record<string, any>} Control
 * @typedef {import('./bundles.js').Bundle} Bundle
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./controls.js').View} View
 * @typedef {import('./judging.js').Judged} Judged
 * @typedef {import('./says.js').Translate} Translate
 */

/** @type {Record<string, string>} */
const WORDS = {
  done: 'Gjort', partly_done: 'Delvis gjort', not_done: 'Ikke gjort', declined: 'Ønsker ikke',
  not_home: 'Ikke hjemme', acute: 'Akutt situasjon', no_time: 'Ikke tid', not_relevant: 'Ikke aktuelt',
  other: 'Annet', none: 'Ingen', gp_contacted: 'Kontaktet fastlege', ooh_contacted: 'Kontaktet legevakt',
  emergency_113: 'Ringt 113', manager_informed: 'Informert leder', kin_informed: 'Informert pårørende',
  user_informed: 'Informert bruker', fixed_now: 'Rettet nå', planned: 'Satt i plan',
  planned_visit: 'Planlagt besøk', service_start: 'Oppstart av tjeneste',
  after_hospital: 'Etter sykehus eller korttid', after_event: 'Etter hendelse', by_phone: 'Per telefon',
}

/** The label of a code every form has, or of an action this form adds.
 * @param {Form} form @param {string} code @param {string} lang @param {Translate} t @returns {string} */
export const word = (form, code, lang, t) => {
  const known = pick(WORDS, code)
  return known ? t(known) : text(pick(form.action_labels, code), lang) || code
}

/** @param {Bundle} bundle @param {Form} form @param {Values} draft @param {Judged} judged @param {Values} world
 * @param {Translate} t @param {boolean} tried @returns {Values} */
export function formView(bundle, form, draft, judged, world, t, tried) {
  const lang = world.me.lang
  /** @type {View} */
  const view = { bundle, form, draft, judged, lang, t, today: local(judged.common.performed_at).slice(0, 10), tried }
  const recorded = judged.common.outcome !== 'not_done'
  const factFields = recorded ? factsOf(view) : []
  const flags = recorded ? liveFlags(view) : []
  const left = new Set(judged.problems.filter((one) => one.code === 'required').map((one) => placeOf(form, one.path))).size
  return {
    action: '/round/checks/' + draft.id,
    answers_url: '/round/checks/' + draft.id + '/answers',
    tried,
    head: head(view),
    facts_title: t('Fra sist. Stemmer det fortsatt?'),
    facts: factFields.map((one) => pair(text(one.label, lang), answer(one, draft.answers[one.name], lang))),
    facts_confirmed: !judged.openFacts.length,
    facts_error: problemOf(view, 'facts')?.text ?? '',
    facts_open: false,
    fact_controls: factFields.map((one) => control(view, one, one.name, draft.answers)),
    sections: recorded ? sections(view, factFields) : [],
    live_flags: flags,
    ending: ending(view, flags.length > 0),
    progress_text: left ? many(t, left, '1 svar mangler', '%(n)s svar mangler') : t('Klar til å lagres'),
    draft_text: isBegun(draft) ? t('Utkast lagret %(at)s', { at: clock(draft.updated_at) }) : '',
    save_text: draft.supersedes ? t('Lagre rettingen') : t('Lagre'),
    ...summary(view),
  }
}

/** Where on the screen a problem is: a group's members share one place.
 * @param {Form} form @param {string} path @returns {string} */
const placeOf = (form, path) => fieldOf(form, path)?.group || path

/** @param {View} view @returns {Values} */
function summary(view) {
  /** @type {{id: string, text: string}[]} */
  const rows = []
  for (const one of view.tried ? stops(view.judged) : []) {
    const place = placeOf(view.form, one.path)
    const id = place === 'facts' ? 'facts' : domId(place)
    const text = problemLabel(view.form, place, view.draft.answers, view.lang, view.t) + ': ' + one.text
    if (!rows.some((row) => row.id === id && row.text === text)) rows.push({ id, text })
  }
  return { problems: rows,
    problems_title: many(view.t, rows.length, 'Ikke lagret: 1 ting må rettes', 'Ikke lagret: %(n)s ting må rettes') }
}

/** @param {View} view @param {string} path @param {string} label @param {boolean} optional @returns {Control} */
const commonControl = (view, path, label, optional) => ({ ...base(view, path, label, '', optional), name: path })

/** @param {View} view @param {string} path @param {string} label @param {string} type @param {string[]} codes
 * @param {string[]} chosen @returns {Control} */
function wordChips(view, path, label, type, codes, chosen) {
  const made = commonControl(view, path, label, type === 'checkbox' && path !== 'common.actions')
  const hints = path === 'common.actions' ? view.form.action_hints : {}
  return chips(made, type, codes.map((code) => ({ ...chip(path, code, word(view.form, code, view.lang, view.t),
    chosen.includes(code)), hint: text(hints[code], view.lang) })))
}

/** @param {View} view @param {string} path @param {string} label @param {string} value @param {string} hint
 * @param {boolean} optional @returns {Control} */
const textBox = (view, path, label, value, hint, optional) => ({ ...commonControl(view, path, label, optional),
  kind: 'area', value, maxlength: '500', hint })

/** @param {View} view @returns {Control[]} */
function head(view) {
  const { t, draft, form } = view
  const rows = []
  if (draft.supersedes) rows.push(textBox(view, 'reason', t('Hvorfor rettes sjekken?'), draft.reason, '', false))
  return form.quick ? rows : [...rows, ...outcome(view)]
}

/** Done, partly or not, and why: on top, but last for what is recorded because it happened.
 * @param {View} view @returns {Control[]} */
function outcome(view) {
  const { t } = view
  const common = view.draft.common
  const rows = [wordChips(view, 'common.outcome', t('Ble sjekken gjort?'), 'radio', OUTCOMES, [common.outcome])]
  if (common.outcome !== 'done') {
    const chosen = common.not_done_reason ? [common.not_done_reason] : []
    rows.push(wordChips(view, 'common.not_done_reason', t('Hvorfor?'), 'radio', REASONS, chosen))
  }
  if (common.not_done_reason === 'other') {
    const hint = t('Ikke skriv navn eller fødselsnummer.')
    rows.push(textBox(view, 'common.not_done_text', t('Hvilken grunn?'), common.not_done_text, hint, true))
  }
  return rows
}

/** Slow facts that came from last time and are still asked. @param {View} view @returns {Field[]} */
const factsOf = (view) => view.form.answers.filter((one) => view.draft.prefilled.includes(one.name)
  && view.judged.evaluation.asked.has(one.name) && view.draft.answers[one.name] !== undefined)

/** @param {View} view @param {Field[]} factFields @returns {Control[]} */
function sections(view, factFields) {
  const done = factFields.map((one) => one.name)
  const rows = []
  /** @type {[string, import('./bundles.js').Text|null][]} */
  const named = [['', null], ...view.form.sections]
  for (const [id, title] of named) {
    const fields = view.form.fields.filter((one) => one.section === id && !done.includes(one.name))
    const [direct, folded] = split(view, fields)
    if (!direct.length && !folded.length) continue
    const labels = folded.slice(0, 2).map((one) => one.label).join(', ') + (folded.length > 2 ? ' …' : '')
    const more = direct.length ? labels : view.t('Fyll ut')
    rows.push(section('s-' + (id || 'first'), text(title, view.lang), direct, folded, more))
  }
  return rows
}

/** @param {string} id @param {string} title @param {Control[]} direct @param {Control[]} folded @param {string} more
 * @returns {Control} */
function section(id, title, direct, folded, more) {
  return { id, title, controls: direct, more: folded, more_text: more,
    open: folded.some((one) => Boolean(one.error || one.warn)) }
}

/** Questions that stand open, and optional ones folded away until asked for or answered.
 * @param {View} view @param {Field[]} fields @returns {[Control[], Control[]]} */
function split(view, fields) {
  const { asked, required, opened } = view.judged.evaluation
  /** @type {Control[]} */
  const direct = []
  /** @type {Control[]} */
  const folded = []
  for (const field of fields) {
    const names = field.type === 'group' ? field.members.map((one) => one.name) : [field.name]
    if (field.auto || !names.some((name) => asked.has(name))) continue
    const made = oneControl(view, field)
    const needed = required.has(field.name) || opened.has(field.name) || !field.optional
    if (needed || made.error || made.warn) direct.push(made)
    else folded.push(made)
  }
  return [direct, folded]
}

/** @param {View} view @param {Field} field @returns {Control} */
function oneControl(view, field) {
  if (field.type === 'group') return group(view, field)
  if (field.items) return cards(view, field)
  return control(view, field, field.name, view.draft.answers)
}

/** @param {View} view @returns {Control[]} */
function liveFlags(view) {
  const rows = []
  for (const severity of SEVERITIES) {
    for (const raised of view.judged.evaluation.flags) {
      if (raised.severity !== severity) continue
      const words = flagWords(view.bundle, { ...raised, form: view.form.id }, view.lang, view.judged.answers, view.t)
      rows.push({ tone: severity, severity: view.t(SEVERITY[severity]), icon: SEVERITY_ICON[severity], text: words })
    }
  }
  return rows
}

/** What was done about it, and what is seldom needed folded away.
 * @param {View} view @param {boolean} flagged @returns {Control[]} */
function ending(view, flagged) {
  const { t, form } = view
  const common = view.draft.common
  const actions = wordChips(view, 'common.actions', t('Hva gjorde du?'), 'checkbox', actionsOf(form), common.actions)
  const note = textBox(view, 'common.note', t('Merknad'), common.note, t('Ikke skriv navn eller fødselsnummer.'), true)
  const where = wordChips(view, 'common.context', t('Anledning'), 'radio', form.contexts, [common.context])
  const at = common.performed_at ? local(common.performed_at) : ''
  const when = { ...commonControl(view, 'common.performed_at', t('Gjort tidligere enn nå?'), true), kind: 'datetime',
    date: at.slice(0, 10), time: at.slice(11, 16), max: view.today, now_do: '' }
  const needed = flagged && view.judged.common.outcome !== 'not_done'
  const direct = [...(needed ? [actions] : []), ...(note.error ? [note] : [])]
  const folded = [...(needed ? [] : [actions]), ...(note.error ? [] : [note]), where, when,
    ...(form.quick ? outcome(view) : [])]
  const more = needed ? t('Merknad, anledning, tidspunkt') : t('Tiltak, merknad, tidspunkt')
  return [section('ending', '', direct, folded, more)]
}
