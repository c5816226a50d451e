/** Evaluate one check: asked, missing, wrong, derived, flags. Pure. Twin of webapp/bundles/rules.py. */
import { problem } from './answers.js'
import { isRequired, noteScreen, usable, work } from './fields.js'
import { emitted, raises } from './flagging.js'
import { evaluateList } from './items.js'
import { context } from './language.js'
import { day, instant } from './workdays.js'

export { flagText } from './flagging.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {import('./bundles.js').Context} Context
 * @typedef {{code: string, severity: string, subject: string, rule: string, list: string[][], n: number|null,
 *   inputs: string[]}} Raise
 * @typedef {{outcome: string, asked: Set<string>, required: Set<string>, opened: Set<string>, hints: Record<string, number|null>,
 *   answers: Values, derived: Values, flags: Raise[], problems: import('./answers.js').Problem[], missing: string[],
 *   items: Record<string, import('./items.js').Card[]>, triggers: {type: string, on: string}[]}} Evaluation
 */

/** A form's parameters: the file's defaults, and what the municipality set (flat, or per bundle).
 * @param {Form} form @param {Values} params @returns {Record<string, number>} */
export function parameters(form, params) {
  const own = params[form.bundle] ?? params
  return Object.fromEntries(Object.entries(form.defaults)
    .map(([name, value]) => [name, Number.isInteger(own[name]) ? own[name] : value]))
}

/** The facts that conditions read, besides the answers.
 * @param {Form} form @param {Values} common @param {Values} prior @param {string} today @param {Values} params
 * @returns {Context} */
export const contextOf = (form, common, prior, today, params) => context({ v: {}, today, common,
  last: prior.last ?? {}, items: prior.items ?? {}, past: prior.past ?? {}, facts: prior.facts ?? {},
  triggers: prior.triggers ?? {}, params: parameters(form, params) })

/** Judge a check's answers with the facts of history it names. A check that was not done has nothing to judge.
 * @param {Form} form @param {Values} answers @param {Values} common @param {Values} prior @param {string} today
 * @param {Values} [params] @returns {Evaluation} */
export function evaluate(form, answers, common, prior, today, params = {}) {
  /** @type {Evaluation} */
  const result = { outcome: common.outcome ?? 'done', asked: new Set(), required: new Set(), opened: new Set(), hints: {}, answers: {}, derived: {},
    flags: [], problems: [], missing: [], items: {}, triggers: [] }
  if (result.outcome === 'not_done') return result
  const c = contextOf(form, common, prior, today, params)
  workOut(form, answers, c, result)
  for (const one of form.answers) {
    if (!result.asked.has(one.name)) continue
    if (isRequired(one, c, null)) {
      result.required.add(one.name)
      const value = c.v[one.name]
      const empty = value == null || (one.items !== null && value.length === 0)
      if (empty && !result.missing.includes(one.name)) result.missing.push(one.name)
    }
    noteScreen(one, c, null, result)
  }
  for (const check of form.validations) {
    if (check.when(c, null) === true) result.problems.push(problem(check.field, check.level, 'validation', check.id))
  }
  result.flags = raises(form, c)
  result.triggers = emitted(form, c)
  return result
}

/** Fields, lists and derived values in the order they need each other; `c.v` fills as it goes.
 * @param {Form} form @param {Values} answers @param {Context} c @param {Evaluation} result */
function workOut(form, answers, c, result) {
  const today = day(c.today) ?? 0
  const now = instant(String(c.common.performed_at ?? '')) ?? Number.MAX_SAFE_INTEGER
  for (const [kind, n] of form.order) {
    if (kind === 'derived') {
      const derived = form.derived[n]
      const value = work(derived, c, null)
      if (value !== null) c.v[derived.name] = result.derived[derived.name] = value
      continue
    }
    const one = form.answers[n]
    if (one.asked && one.asked(c, null) !== true) continue
    result.asked.add(one.name)
    if (one.items) {
      evaluateList(one, answers[one.name], c, result, today, now)
      continue
    }
    const value = usable(one, one.name, answers[one.name], result.problems, today, now)
    if (value !== null) c.v[one.name] = result.answers[one.name] = value
  }
}
