/** Evaluate the cards of a list field. Twin of webapp/bundles/items.py. */
import { problem } from './answers.js'
import { isRequired, noteScreen, usable, work } from './fields.js'
import { openItems } from './language.js'

/**
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./bundles.js').Items} Items
 * @typedef {import('./bundles.js').Context} Context
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {{asked: Set<string>, required: Set<string>, opened: Set<string>, hints: Record<string, number|null>,
 *   answers: Values, derived: Values, problems: import('./answers.js').Problem[], missing: string[]}} Card
 */

const MAX_CARDS = 100
/** @param {any} one @returns {boolean} */
const isObject = (one) => typeof one === 'object' && one !== null && !Array.isArray(one)

/** Judge every card; `c.v[list]` becomes the cards as conditions see them.
 * @param {Field} one @param {any} given @param {Context} c @param {import('./rules.js').Evaluation} result
 * @param {number} today @param {number} now */
export function evaluateList(one, given, c, result, today, now) {
  const items = /** @type {Items} */ (one.items)
  let cards = Array.isArray(given) && given.every(isObject) ? given : []
  const empty = given == null || given === '' || (Array.isArray(given) && given.length === 0)
  if (!empty && cards.length === 0) result.problems.push(problem(one.name, 'hard', 'type'))
  if (cards.length > items.max_items) result.problems.push(problem(one.name, 'hard', 'items'))
  cards = cards.slice(0, MAX_CARDS)
  /** @type {any[]} */
  const seen = []
  /** @type {Values[]} */
  const elements = []
  /** @type {Card[]} */
  const judgedCards = (result.items[one.name] = [])
  cards.forEach((card, n) => {
    const path = `${one.name}.${n}`
    const element = elementOf(items, card, c)
    const judged = evaluateCard(items, card, path, c, element, today, now)
    result.problems.push(...judged.problems)
    result.missing.push(...judged.missing)
    elements.push(element)
    const key = element[items.key] ?? null
    if (key !== null && seen.includes(key)) result.problems.push(problem(path, 'hard', 'duplicate'))
    seen.push(key)
    judgedCards.push(judged)
  })
  c.v[one.name] = elements
  if (cards.length) {
    result.answers[one.name] = judgedCards.map((judged) => judged.answers)
    result.derived[one.name] = Object.fromEntries(
      judgedCards.map((judged, n) => [judged.answers[items.key] || String(n), judged.derived]))
  }
  const absent = openItems(c.items[items.identity], items.state, items.final).some((old) => !seen.includes(old._key))
  if (absent || cards.length < items.min_items) result.missing.push(one.name)
}

/** A card with what is known of it from history.
 * @param {Items} items @param {Values} card @param {Context} c @returns {Values} */
function elementOf(items, card, c) {
  const key = card[items.key] ?? null
  const history = typeof key === 'string' ? c.items[items.identity]?.[key] : undefined
  return { _prior: history?.at(-1) ?? null, _earlier: history ?? [], _key: key, _first: history?.[0]?._on ?? c.today }
}

/** @param {Items} items @param {Values} card @param {string} path @param {Context} c @param {Values} element
 * @param {number} today @param {number} now @returns {Card} */
function evaluateCard(items, card, path, c, element, today, now) {
  /** @type {Card} */
  const judged = { asked: new Set(), required: new Set(), opened: new Set(), hints: {}, answers: {}, derived: {},
    problems: [], missing: [] }
  for (const [kind, n] of items.order) {
    if (kind === 'derived') {
      const value = work(items.derived[n], c, element)
      if (value !== null) element[items.derived[n].name] = judged.derived[items.derived[n].name] = value
      continue
    }
    const one = items.fields[n]
    if (one.asked && one.asked(c, element) !== true) continue
    judged.asked.add(one.name)
    const value = usable(one, `${path}.${one.name}`, card[one.name], judged.problems, today, now)
    if (value !== null) element[one.name] = judged.answers[one.name] = value
  }
  noteCard(items, path, c, element, judged)
  return judged
}

/** Required and missing fields of a card, its place in history, its validations.
 * @param {Items} items @param {string} path @param {Context} c @param {Values} element @param {Card} judged */
function noteCard(items, path, c, element, judged) {
  for (const one of items.fields) {
    if (!judged.asked.has(one.name)) continue
    if (isRequired(one, c, element)) {
      judged.required.add(one.name)
      if (element[one.name] == null) judged.missing.push(`${path}.${one.name}`)
    }
    noteScreen(one, c, element, judged)
  }
  const state = element[items.state] ?? null
  const prior = element._prior
  if (items.fresh && state !== null && (state === items.fresh) === (prior !== null)) {
    judged.problems.push(problem(`${path}.${items.state}`, 'hard', 'fresh'))
  }
  if (prior !== null && items.final.includes(prior[items.state])) judged.problems.push(problem(path, 'hard', 'closed'))
  for (const check of items.validations) {
    if (check.when(c, element) === true) {
      judged.problems.push(problem(`${path}.${check.field}`, check.level, 'validation', check.id))
    }
  }
}
