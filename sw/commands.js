/** What the form's small buttons do to a draft. Twin: webapp/bedside/commands.py. */
import { fault } from './answers.js'
import { fieldOf } from './bundles.js'
import { placeOf } from './places.js'
import { isDigits } from './reading.js'
import { cut } from './says.js'

/** @typedef {Record<string, any>} Values @typedef {import('./bundles.js').Form} Form */

const MOST_CARDS = 40

/** @param {string} text @returns {[string, string]} */
function split(text) {
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** add:<list> · remove:<list>:<n> · all_ok:<group> · now:<field> · confirm · warned:<path> ·
 * photo:<path>:<hash> · unphoto:<path>:<hash>; anything else does nothing.
 * @param {Values} draft @param {Form} form @param {string} command @param {() => string} newId */
export function command(draft, form, command, newId) {
  const [verb, rest] = split(command)
  if (verb === 'add') addCard(draft, form, rest, newId)
  else if (verb === 'remove') removeCard(draft, form, rest)
  else if (verb === 'all_ok') allInPlace(draft, form, rest)
  else if (verb === 'now') happenedNow(draft, form, rest)
  else if (verb === 'photo' || verb === 'unphoto') photo(draft, form, rest, verb === 'photo')
  else if (verb === 'confirm') draft.confirmed = [...draft.prefilled]
  else if (verb === 'warned' && rest && !draft.warned.includes(rest) && draft.warned.length < 100) {
    draft.warned = [...draft.warned, cut(rest, 80)]
  }
}

/** @param {Values} draft @param {Form} form @param {string} name @param {() => string} newId */
function addCard(draft, form, name, newId) {
  const field = fieldOf(form, name)
  if (!field?.items) return
  const items = draft.answers[name] ?? []
  if (items.length >= Math.min(field.items.max_items || MOST_CARDS, MOST_CARDS)) return
  /** @type {Values} */
  const card = { [field.items.key]: newId() }
  if (field.items.fresh) card[field.items.state] = field.items.fresh
  draft.answers[name] = [...items, card]
}

/** @param {Values} draft @param {Form} form @param {string} rest */
function removeCard(draft, form, rest) {
  const [name, number] = split(rest)
  const field = fieldOf(form, name)
  const items = [...(draft.answers[name] ?? [])]
  if (!field?.items || !isDigits(number) || number.length > 3 || Number(number) >= items.length) return
  items.splice(Number(number), 1)
  draft.answers[name] = items
  if (!items.length) delete draft.answers[name]
  draft.raw = Object.fromEntries(Object.entries(draft.raw).filter(([path]) => !path.startsWith(name + '.')))
}

/** @param {Values} draft @param {Form} form @param {string} name */
function allInPlace(draft, form, name) {
  const field = fieldOf(form, name)
  if (!field || field.type !== 'group' || !field.all_ok) return
  for (const member of field.members) draft.answers[member.name] = field.all_ok
  if (!draft.all_ok.includes(name)) draft.all_ok = [...draft.all_ok, name]
}

/** The minute of this tap, for what just happened or was just found.
 * @param {Values} draft @param {Form} form @param {string} name */
function happenedNow(draft, form, name) {
  if (fieldOf(form, name)?.type !== 'datetime') return
  draft.answers[name] = draft.updated_at.slice(0, 16) + ':00' + draft.updated_at.slice(-6)
  draft.raw = Object.fromEntries(Object.entries(draft.raw).filter(([path]) => path !== name))
}

/** One photo more or less, by its hash; never more than the field takes.
 * @param {Values} draft @param {Form} form @param {string} rest @param {boolean} wanted */
function photo(draft, form, rest, wanted) {
  const [path, name] = split(rest)
  const found = placeOf(draft, form, path)
  if (!found || found[0].type !== 'photos') return
  const [field, answers] = found
  const kept = (answers[field.name] ?? []).filter((/** @type {string} */ one) => one !== name)
  if (wanted) kept.push(name)
  if (fault(/** @type {import('./bundles.js').Field} */ (field), kept)) return
  if (kept.length) answers[field.name] = kept
  else delete answers[field.name]
}
