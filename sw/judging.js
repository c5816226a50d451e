/** Is this draft ready to be saved, and if not, why not. Twin: webapp/bedside/judging.py. */
import { fieldOf, itemField } from './bundles.js'
import { prior as priorOf } from './history.js'
import { evaluate } from './rules.js'
import { cardTitle, local, order, tenths, text } from './says.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Values
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./says.js').Translate} Translate
 * @typedef {{path: string, level: string, code: string, text: string, confirmed: boolean}} Problem
 * @typedef {{evaluation: any, prior: Values, common: Values, answers: Values, problems: Problem[],
 *   openFacts: string[]}} Judged
 */

/** What stands between the draft and "Lagre". @param {Judged} judged @returns {Problem[]} */
export const stops = (judged) => judged.problems.filter((one) => one.level === 'hard' || !one.confirmed)

/** @param {Values} draft @param {Form} form @param {Values} person @param {string} now @param {Values} params
 * @param {string} lang @param {Translate} t @returns {Judged} */
export function judge(draft, form, person, now, params, lang, t) {
  const common = { ...draft.common, performed_at: draft.common.performed_at || now }
  const prior = priorOf(form, person, common.performed_at, draft.supersedes)
  const today = local(common.performed_at).slice(0, 10)
  let evaluation = evaluate(form, draft.answers, common, prior, today, params)
  const openFacts = draft.prefilled.filter((/** @type {string} */ name) => evaluation.answers[name] !== undefined
    && !draft.confirmed.includes(name))
  let answers = evaluation.answers
  if (common.outcome === 'partly_done') {
    answers = Object.fromEntries(Object.entries(answers).filter(([name]) => !openFacts.includes(name)))
    evaluation = evaluate(form, answers, common, prior, today, params)
    answers = evaluation.answers
  }
  /** @type {Judged} */
  const judged = { evaluation, prior, common, answers, problems: [], openFacts }
  judged.problems = [...correctionProblems(draft, t), ...outcomeProblems(judged, t)]
  if (common.outcome !== 'not_done') {
    judged.problems.push(...answerProblems(draft, form, judged, lang, t))
    judged.problems.push(...actionProblems(judged, t))
  }
  if (local(common.performed_at) > local(now)) {
    judged.problems.push(hard('common.performed_at', 'future', t('Kan ikke være fram i tid.')))
  }
  return judged
}

/** @param {string} path @param {string} code @param {string} words @returns {Problem} */
const hard = (path, code, words) => ({ path, level: 'hard', code, text: words, confirmed: false })

/** @param {Values} draft @param {Translate} t @returns {Problem[]} */
const correctionProblems = (draft, t) => (draft.supersedes && !draft.reason
  ? [hard('reason', 'required', t('Skriv hvorfor sjekken rettes.'))] : [])

/** @param {Judged} judged @param {Translate} t @returns {Problem[]} */
function outcomeProblems(judged, t) {
  const common = judged.common
  const found = []
  if (common.outcome !== 'done' && !common.not_done_reason) {
    found.push(hard('common.not_done_reason', 'required', t('Velg en grunn.')))
  }
  if (common.outcome === 'partly_done' && !Object.keys(judged.answers).length) {
    found.push(hard('common.outcome', 'empty', t('Ingen svar er gitt. Velg «Ikke gjort» eller svar på noe.')))
  }
  return found
}

/** @param {Values} draft @param {Form} form @param {Judged} judged @param {string} lang @param {Translate} t
 * @returns {Problem[]} */
function answerProblems(draft, form, judged, lang, t) {
  const done = judged.common.outcome === 'done'
  const found = []
  if (done && judged.openFacts.length) {
    found.push(hard('facts', 'confirm', t('Bekreft eller endre opplysningene fra sist.')))
  }
  for (const path of Object.keys(draft.raw).sort(order)) {
    if (judged.evaluation.asked.has(path.split('.')[0])) found.push(hard(path, 'raw', rawText(form, path, t)))
  }
  for (const path of done ? judged.evaluation.missing : []) {
    if (draft.raw[path] === undefined) found.push(hard(path, 'required', t('Svar mangler.')))
  }
  for (const one of judged.evaluation.problems) {
    found.push({ path: one.field, level: one.level, code: one.code, text: problemText(form, one, lang, t),
      confirmed: draft.warned.includes(one.field) })
  }
  return found
}

/** @param {Judged} judged @param {Translate} t @returns {Problem[]} */
function actionProblems(judged, t) {
  const severities = judged.evaluation.flags.map((/** @type {Values} */ flag) => flag.severity)
  const needs = severities.some((/** @type {string} */ one) => one !== 'info')
  const actions = judged.common.actions
  if (needs && !actions.length) return [hard('common.actions', 'required', t('Velg hva du gjorde med varselet.'))]
  if (severities.includes('urgent') && actions.length === 1 && actions[0] === 'none' && !judged.common.note) {
    return [hard('common.note', 'required', t('Skriv hvorfor ingenting ble gjort.'))]
  }
  return []
}

/** @param {Form} form @param {string} path @returns {Values|null} */
function fieldAt(form, path) {
  const parts = path.split('.')
  const field = fieldOf(form, parts[0])
  return (field?.items && parts.length === 3 ? itemField(field.items, parts[2]) : field) ?? null
}

/** @param {Form} form @param {string} path @param {Translate} t @returns {string} */
function rawText(form, path, t) {
  const field = fieldAt(form, path)
  if (field?.type === 'int') return t('Skriv et helt tall.')
  if (field?.type === 'decimal') return t('Skriv et tall med høyst én desimal, for eksempel 37,5.')
  return t('Skriv en dato som finnes.')
}

/** @param {Values} field @param {number|null} value @returns {string} */
const limit = (field, value) => (value == null ? '' : field.type === 'decimal' ? tenths(value) : String(value))

/** @type {Record<string, string>} */
const SAID = {
  future: 'Kan ikke være fram i tid.', pattern: 'Skriv koden slik den står i felleskatalogen.',
  exclusive: '«Ingen» og «Vet ikke» kan ikke velges sammen med andre.', items: 'Legg til minst én.',
  fresh: '«Nytt» brukes bare om det som ikke er registrert før.',
  closed: 'Denne er avsluttet. Legg til en ny.', duplicate: 'Er registrert to ganger.',
}

/** @param {Form} form @param {Values} problem @param {string} lang @param {Translate} t @returns {string} */
function problemText(form, problem, lang, t) {
  const code = problem.code
  if (code === 'validation') return validationText(form, problem.rule, lang)
  const field = fieldAt(form, problem.field)
  if (!field) return t('Svaret kan ikke brukes.')
  if (code === 'min') return t('Må være minst %(n)s.', { n: limit(field, field.min) })
  if (code === 'max') return t('Må være høyst %(n)s.', { n: limit(field, field.max) })
  if (code === 'warn_below') return t('Lavere enn ventet. Stemmer det?')
  if (code === 'warn_above') return t('Høyere enn ventet. Stemmer det?')
  if (code === 'length') {
    return t('Skriv mellom %(least)s og %(most)s tegn.', { least: field.min_len, most: field.max_len })
  }
  if (code === 'exactly') return t('Velg %(n)s.', { n: field.exactly })
  return t(SAID[code] ?? 'Svaret kan ikke brukes.')
}

/** @param {Form} form @param {string} rule @param {string} lang @returns {string} */
function validationText(form, rule, lang) {
  const dot = rule.lastIndexOf('.')
  const name = dot < 0 ? '' : rule.slice(0, dot)
  const inner = rule.slice(dot + 1)
  const field = name ? fieldOf(form, name) : null
  const validations = field?.items ? field.items.validations : form.validations
  const found = validations.find((/** @type {Values} */ one) => one.id === rule || one.id === inner)
  return found ? text(found.text, lang) : ''
}

/** Which question a problem is about, for the summary at the top.
 * @param {Form} form @param {string} path @param {Values} answers @param {string} lang @param {Translate} t
 * @returns {string} */
export function problemLabel(form, path, answers, lang, t) {
  /** @type {Record<string, string>} */
  const named = { facts: t('Fra sist'), reason: t('Hvorfor rettes sjekken?'), 'common.actions': t('Hva gjorde du?'),
    'common.note': t('Merknad'), 'common.not_done_reason': t('Hvorfor?'),
    'common.outcome': t('Ble sjekken gjort?'), 'common.performed_at': t('Tidspunkt') }
  if (named[path]) return named[path]
  const field = fieldAt(form, path)
  if (!field) return path
  const label = text(field.label, lang)
  const parts = path.split('.')
  const outer = fieldOf(form, parts[0])
  if (parts.length === 3 && outer?.items) {
    const items = answers[outer.name] ?? []
    return cardTitle(outer, items[Number(parts[1])] ?? {}, Number(parts[1]), lang) + ', ' + label
  }
  return label
}
