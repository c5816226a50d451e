/** What a check does to a person's open flags: new, added to, closed. Pure. Twin: webapp/bundles/openflags.py. */
import { orderKey } from './history.js'
import { instant } from './workdays.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {import('./rules.js').Evaluation} Evaluation
 * @typedef {import('./rules.js').Raise} Raise
 * @typedef {{fresh: Raise[], added: [Values, Raise][], closed: [Values, string][], not_found: Values[]}} Change
 */

/** Open flags + an evaluated check -> what changes (`fresh` is `new` in Python).
 * @param {Form} form @param {Values[]} openFlags @param {Evaluation} evaluation @param {string[]} [actions]
 * @param {string|null} [corrects] id of the check it supersedes @returns {Change} */
export function apply(form, openFlags, evaluation, actions = [], corrects = null) {
  /** @type {Change} */
  const change = { fresh: [], added: [], closed: [], not_found: [] }
  const raises = merged(evaluation.flags.filter((one) => one.severity !== 'info'))
  const byCode = Object.fromEntries(form.flags.map((flag) => [flag.code, flag]))
  const keyOf = (/** @type {Values} */ one) => `${one.code}:${one.subject}`
  const keys = raises.map(keyOf)
  /** @type {Values[]} */
  const still = []
  for (const one of openFlags) {
    const why = closing(form, one, evaluation, keys.includes(keyOf(one)), corrects)
    if (why) {
      change.closed.push([one, why])
      continue
    }
    still.push(one)
    const own = byCode[one.code]
    if (own && !own.timed && evaluation.asked.size && !keys.includes(keyOf(one))) change.not_found.push(one)
  }
  for (const one of raises) {
    const old = still.find((flag) => keyOf(flag) === keyOf(one))
    const tap = byCode[one.code].closes_on_action
    if (tap && actions.includes(tap)) {
      if (old) change.closed.push([old, tap])
    } else if (old) change.added.push([old, one])
    else change.fresh.push(one)
  }
  return change
}

/** One raise per code and subject: rules may share a code. @param {Raise[]} raises @returns {Raise[]} */
function merged(raises) {
  /** @type {Map<string, any>} */
  const found = new Map()
  const has = (/** @type {any[]} */ list, /** @type {any} */ one) => list.some((other) => JSON.stringify(other) === JSON.stringify(one))
  for (const one of raises) {
    const key = `${one.code}:${one.subject}`
    const first = found.get(key) ?? { ...one, list: [], inputs: [] }
    found.set(key, first)
    first.list.push(...one.list.filter((entry) => !has(first.list, entry)))
    first.inputs.push(...one.inputs.filter((name) => !first.inputs.includes(name)))
  }
  return [...found.values()]
}

/** Why this check closes an open flag, or "".
 * @param {Form} form @param {Values} one @param {Evaluation} evaluation @param {boolean} again
 * @param {string|null} corrects @returns {string} */
function closing(form, one, evaluation, again, corrects) {
  if (closedByAnswer(form, one, evaluation)) return `by_${form.id}`
  if (finishedItem(form, one, evaluation)) return 'final_state'
  return corrects !== null && one.check_id === corrects && !again ? 'corrected' : ''
}

/** closed_by: a finished check of this form about the flag's subject.
 * @param {Form} form @param {Values} one @param {Evaluation} evaluation @returns {boolean} */
function closedByAnswer(form, one, evaluation) {
  const flag = form.siblings.flatMap((other) => other.flags)
    .find((flag) => flag.code === one.code && flag.closed_by !== null && flag.closed_by[0] === form.id)
  return evaluation.outcome === 'done' && Boolean(flag?.closed_by) && evaluation.answers[flag?.closed_by?.[1] ?? ''] === one.subject
}

/** A card set to a final state closes the flags about it.
 * @param {Form} form @param {Values} one @param {Evaluation} evaluation @returns {boolean} */
function finishedItem(form, one, evaluation) {
  if (!one.subject || !form.siblings.some((other) => other.flags.some((flag) => flag.code === one.code))) return false
  return form.lists.some((listed) => {
    const items = /** @type {import('./bundles.js').Items} */ (listed.items)
    return (evaluation.answers[listed.name] ?? []).some((/** @type {Values} */ card) => card[items.key] === one.subject
      && items.final.includes(card[items.state]))
  })
}

/** The person as she is with this check: history, triggers and open flags. `check` has id, times and outcome.
 * @param {Form} form @param {Values} person @param {Values} check @param {Evaluation} evaluation @returns {Values} */
export function after(form, person, check, evaluation) {
  const change = apply(form, person.flags ?? [], evaluation, check.actions, check.supersedes ?? null)
  const gone = change.closed.map(([one]) => one)
  const kept = (person.flags ?? []).filter((/** @type {Values} */ one) => !gone.includes(one))
    .map((/** @type {Values} */ one) => stillOpen(one, change, isNewest(form, person, check)))
  const fresh = change.fresh.map((one) => ({ ...one, id: `${check.id}:${one.code}:${one.subject}`,
    bundle: form.bundle, version: form.version, form: form.id, opened_at: check.performed_at, check_id: check.id,
    owner: null, due_on: null, not_found_last: false }))
  const checks = (person.checks ?? []).map((/** @type {Values} */ one) =>
    (check.supersedes && one.id === check.supersedes ? { ...one, superseded_by: check.id } : one))
  const stored = { ...check, form: form.id, bundle: form.bundle, version: form.version, answers: evaluation.answers,
    derived: evaluation.derived, flags: evaluation.flags }
  const undone = check.supersedes ?? null
  const before = (person.triggers ?? []).filter((/** @type {Values} */ one) => undone === null || one.check_id !== undone)
  const triggers = evaluation.triggers.map((one) => ({ id: `${check.id}:${one.type}`, check_id: check.id, ...one }))
  return { ...person, checks: [...checks, stored], flags: [...kept, ...fresh], triggers: [...before, ...triggers] }
}

/** An open flag after a check: raised again with what it says now, or not found by the newest check of its form.
 * @param {Values} one @param {Change} change @param {boolean} newest @returns {Values} */
function stillOpen(one, change, newest) {
  const again = change.added.find(([flag]) => flag === one)?.[1]
  if (again) return { ...one, list: again.list, n: again.n, inputs: again.inputs, not_found_last: false }
  return newest && change.not_found.includes(one) ? { ...one, not_found_last: true } : one
}

/** No later check of the form is known. @param {Form} form @param {Values} person @param {Values} check @returns {boolean} */
function isNewest(form, person, check) {
  const mine = orderKey(check)[0]
  return (person.checks ?? []).every((/** @type {Values} */ one) => one.form !== form.id || one.superseded_by
    || (instant(one.performed_at) ?? 0) <= mine)
}
