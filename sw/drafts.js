/** A draft is a check on its way: start it, apply what the form sends. Twin: webapp/bedside/drafts.py. */
import { command } from './commands.js'
import { placeOf } from './places.js'
import { start as prefill } from './prefill.js'
import { read, readMoment } from './reading.js'
import { cut, local, strip } from './says.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Values
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./reading.js').Posted} Posted
 */

const ACTIONS = ['gp_contacted', 'ooh_contacted', 'emergency_113', 'manager_informed', 'kin_informed', 'user_informed',
  'fixed_now', 'planned']
export const OUTCOMES = ['done', 'partly_done', 'not_done']
export const REASONS = ['declined', 'not_home', 'acute', 'no_time', 'not_relevant', 'other']
const COMMON = ['context', 'outcome', 'not_done_reason', 'not_done_text', 'actions', 'note', 'performed_at']

/** @param {Form} form @returns {string[]} */
export const actionsOf = (form) => [...ACTIONS, ...form.extra_actions, 'none']

/** An empty check with the slow facts of the last one, and a card for each open item.
 * @param {Form} form @param {Values} person @param {string} now @param {Values} params @param {() => string} newId
 * @returns {Values} */
export function start(form, person, now, params, newId) {
  const answers = prefill(form, person, now, params)
  for (const field of form.answers) {
    if (field.auto && answers[field.name] === undefined) answers[field.name] = newId()
  }
  return {
    id: newId(), person: person.ref, name: person.name, form: form.id, bundle: form.bundle, version: form.version,
    supersedes: null, reason: '', answers, raw: {}, prefilled: slowFacts(form, answers),
    common: { context: form.contexts[0], outcome: 'done', not_done_reason: null, not_done_text: '', actions: [],
      note: '', performed_at: null },
    confirmed: [], warned: [], all_ok: [], tried: false, touched: false, started_at: now, updated_at: now,
  }
}

/** @param {Form} form @param {Values} answers @returns {string[]} */
const slowFacts = (form, answers) => form.answers
  .filter((/** @type {Values} */ field) => field.confirm && answers[field.name] !== undefined)
  .map((/** @type {Values} */ field) => field.name)

/** A new check with the old one's answers: both stay, with who, when and why.
 * @param {Form} form @param {Values} person @param {Values} check @param {string} now @param {() => string} newId
 * @returns {Values} */
export const correction = (form, person, check, now, newId) => ({
  id: newId(), person: person.ref, name: person.name, form: form.id, bundle: form.bundle, version: form.version,
  supersedes: check.id, reason: '', answers: { ...check.answers }, raw: {}, prefilled: [],
  common: Object.fromEntries(COMMON.map((name) => [name, check[name]])),
  confirmed: [], warned: [...check.warned], all_ok: [...check.all_ok], tried: false,
  touched: false, started_at: now, updated_at: now,
})

/** Whether anything was done in it: a form that was opened and left is no draft to anybody. Older ones did not say.
 * @param {Values} draft @returns {boolean} */
export const isBegun = (draft) => draft.touched ?? true

/** The check begun about this person, or her form opened today: yesterday's empty one has yesterday's facts.
 * @param {Values[]} drafts @param {Form} form @param {Values} person @param {string} today @returns {Values|undefined} */
export const toGoOnWith = (drafts, form, person, today) => drafts.find((draft) => draft.person === person.ref
  && draft.form === form.id && !draft.supersedes && !form.quick
  && (isBegun(draft) || local(draft.started_at).slice(0, 10) === today))

/** Forms that were opened on an earlier day and left as they were.
 * @param {Values[]} drafts @param {string} today @returns {Values[]} */
export const stale = (drafts, today) => drafts.filter((draft) => !isBegun(draft)
  && local(draft.started_at).slice(0, 10) !== today)

/** The draft after one form post: every field named in `f` is set or cleared, then the button's command.
 * @param {Values} before @param {Form} form @param {Iterable<[string, string]>} body @param {string} now
 * @param {() => string} newId @returns {Values} */
export function apply(before, form, body, now, newId) {
  /** @type {Posted} */
  const posted = new Map()
  for (const [name, value] of body) posted.set(name, [...(posted.get(name) ?? []), value])
  const draft = { ...before, answers: { ...before.answers }, raw: { ...before.raw }, common: { ...before.common },
    confirmed: [...before.confirmed], warned: [...before.warned], all_ok: [...before.all_ok], updated_at: now,
    tried: posted.has('tried'), touched: true }
  for (const path of posted.get('f') ?? []) {
    if (path.startsWith('common.') || path === 'reason') setCommon(draft, form, path, posted)
    else setAnswer(draft, form, path, posted)
  }
  for (const what of posted.get('do') ?? []) command(draft, form, what, newId)
  return draft
}

/** @param {Value} a @param {Value} b @returns {boolean} */
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** @param {Values} draft @param {Form} form @param {string} path @param {Posted} posted */
function setAnswer(draft, form, path, posted) {
  const found = placeOf(draft, form, path)
  if (!found || found[0].auto || found[0].type === 'photos') return
  const [field, answers] = found
  const before = answers[field.name]
  const [value, raw] = read(field, 'a.' + path, posted, before ?? null)
  delete draft.raw[path]
  if (raw) draft.raw[path] = raw
  if (value === null) delete answers[field.name]
  else answers[field.name] = value
  if (!same(value, before)) {
    draft.warned = draft.warned.filter((/** @type {string} */ one) => one !== path)
    if (draft.prefilled.includes(field.name) && !draft.confirmed.includes(field.name)) draft.confirmed.push(field.name)
  }
}

/** @param {Values} draft @param {Form} form @param {string} path @param {Posted} posted */
function setCommon(draft, form, path, posted) {
  const name = path.replace(/^common\./, '')
  const given = posted.get(path) ?? []
  const first = given.length ? given[0] : ''
  const common = draft.common
  if (path === 'reason') draft.reason = cut(strip(first.replaceAll('\0', '')), 500)
  else if (name === 'note' || name === 'not_done_text') {
    common[name] = cut(strip(first.replaceAll('\0', '').replaceAll('\r\n', '\n')), 500)
  } else if (name === 'actions') {
    const chosen = actionsOf(form).filter((code) => given.includes(code))
    const alone = chosen.includes('none') && chosen.length > 1
    common.actions = !alone ? chosen : common.actions.includes('none') ? chosen.slice(0, -1) : ['none']
  } else if (name === 'outcome') {
    common.outcome = OUTCOMES.includes(first) ? first : 'done'
    if (first === 'done') Object.assign(common, { not_done_reason: null, not_done_text: '' })
  } else if (name === 'not_done_reason') common.not_done_reason = REASONS.includes(first) ? first : null
  else if (name === 'context') common.context = form.contexts.includes(first) ? first : form.contexts[0]
  else if (name === 'performed_at') common.performed_at = readMoment(posted, path)
}
