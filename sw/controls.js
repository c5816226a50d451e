/** One question as one flat control: finished words and booleans. Twin: webapp/bedside/controls.py. */
import { answer, cardTitle, local, namedIds, option, tenths, text } from './says.js'

/**
 * @typedef {any} Value
 * @typedef {Record<string, any>} Control
 * @typedef {Record<string, any>} Values
 * @typedef {import('./bundles.js').Field} Field
 * @typedef {import('./judging.js').Judged} Judged
 * @typedef {import('./judging.js').Problem} Problem
 * @typedef {{bundle: import('./bundles.js').Bundle, form: import('./bundles.js').Form, draft: Values, judged: Judged,
 *   lang: string, t: import('./says.js').Translate, today: string, tried: boolean}} View
 */

const AT_ONCE = ['raw', 'min', 'max', 'future', 'length', 'pattern', 'fresh', 'closed', 'duplicate']

/** @param {View} view @param {string} path @returns {Problem|null} */
export const problemOf = (view, path) => view.judged.problems.find((one) => one.path === path && one.level === 'hard'
  && (view.tried || AT_ONCE.includes(one.code))) ?? null
/** @param {View} view @param {string} path @returns {Problem|null} */
const doubtOf = (view, path) => view.judged.problems.find((one) => one.path === path && one.level === 'warn'
  && !one.confirmed) ?? null

/** @param {string} path @returns {string} */
export const domId = (path) => 'q-' + path.replaceAll('.', '-')

/** @param {View} view @param {string} path @param {string} label @param {string} hint @param {boolean} optional
 * @returns {Control} */
export function base(view, path, label, hint, optional) {
  const problem = problemOf(view, path)
  const doubt = doubtOf(view, path)
  return {
    kind: '', id: domId(path), path, name: 'a.' + path, label, hint, optional,
    error: problem ? problem.text : '', warn: doubt ? doubt.text : '', warn_do: 'warned:' + path,
    unit: '', words: [], word_name: 'a.' + path + '.word',
  }
}

/** @param {string} path @param {string} code @param {string} words @param {boolean} on @returns {Control} */
export const chip = (path, code, words, on) => ({ id: domId(path) + '-' + code, value: code, text: words, on, hint: '',
  tone: code === 'gap' ? 'gap' : '' })

/** @param {View} view @param {Field} field @param {string} path @param {string[]} codes @param {Value[]} chosen
 * @returns {Control[]} */
const optionsOf = (view, field, path, codes, chosen) => codes.map((code) => ({
  ...chip(path, code, option(field, code, view.lang), chosen.includes(code)),
  hint: text(field.option_hints[code], view.lang) }))

/** @param {Control[]} options @returns {boolean} */
const isEven = (options) => options.length <= 3 && options.every((one) => one.text.length <= 12 && !one.hint)
/** @param {Control} control @param {string} type @param {Control[]} options @returns {Control} */
export const chips = (control, type, options) => ({ ...control, kind: 'chips', type, options, even: isEven(options) })

/** A group's hint always stands; another's only when the rules show it, with its number filled in.
 * @param {View} view @param {Field} field @param {Values|null} [item] @returns {string} */
function hintOf(view, field, item) {
  if (!field.hint || field.type === 'group') return text(field.hint, view.lang)
  const hints = item ? item.hints : view.judged.evaluation.hints
  if (hints[field.name] === undefined) return ''
  return text(field.hint, view.lang).replaceAll('{n}', hints[field.name] === null ? '' : String(hints[field.name]))
}

/** The control of one scalar field; groups and lists have their own.
 * @param {View} view @param {Field} field @param {string} path @param {Values} answers @param {Values|null} [item]
 * @returns {Control} */
export function control(view, field, path, answers, item) {
  const made = base(view, path, text(field.label, view.lang), hintOf(view, field, item), field.optional)
  const value = answers[field.name] ?? null
  if (field.type === 'choice') return chips(made, 'radio', optionsOf(view, field, path, field.options, [value]))
  if (field.type === 'multi') return chips(made, 'checkbox', optionsOf(view, field, path, field.options, value ?? []))
  if (field.type === 'photos') return photos(view, made, field, value ?? [])
  if (field.points_at) {
    const listed = item ? view.form.fields.find((one) => one.name === path.split('.')[0]) : null
    return chips(made, 'radio', namedIds(view.form, field, listed, view.judged.prior, view.lang)
      .map(([key, words]) => chip(path, key, words, key === value)))
  }
  made.words = [...numberChips(field, path, value), ...optionsOf(view, field, path, field.words, [value])]
  const plain = field.words.includes(value) ? null : value
  const raw = view.draft.raw[path] ?? ''
  if (field.type === 'int' || field.type === 'decimal') return number(made, field, plain, raw)
  if (field.type === 'text') {
    const most = field.max_len || 80
    return { ...made, kind: most > 120 ? 'area' : 'text', value: plain || raw, maxlength: String(most) }
  }
  return dated(made, field, plain, raw, view)
}

/** What was taken, each with a way to take it back, and the camera; where nothing is enrolled, a sentence.
 * @param {View} view @param {Control} made @param {Field} field @param {string[]} names @returns {Control} */
function photos(view, made, field, names) {
  const shown = names.map((name, place) => ({
    hash: name, alt: view.t('Bilde %(n)s av %(most)s', { n: place + 1, most: field.max ?? 0 }),
    remove_do: 'unphoto:' + made.path + ':' + name, remove_text: view.t('Fjern bilde %(n)s', { n: place + 1 }),
  }))
  return { ...made, kind: 'photos', photos: shown, can_add: names.length < (field.max ?? 0), most: String(field.max ?? 0),
    add_text: view.t('Ta bilde'), add_do: 'photo:' + made.path + ':', full_text: view.t('Det er plass til %(n)s bilder.', { n: field.max ?? 0 }) }
}

/** Numbers that are one tap, the last of them "more than".
 * @param {Field} field @param {string} path @param {Value} value @returns {Control[]} */
const numberChips = (field, path, value) => [
  ...field.chips.map((one) => chip(path, String(one), String(one), value === one)),
  ...(field.more_chip === null ? []
    : [chip(path, String(field.more_chip), '>' + String(field.chips.at(-1)), value === field.more_chip)])]

/** @param {Control} made @param {Field} field @param {Value} value @param {string} raw @returns {Control} */
const number = (made, field, value, raw) => ({ ...made, kind: 'number',
  value: value === null ? raw : field.type === 'decimal' ? tenths(value) : String(value),
  inputmode: field.type === 'decimal' ? 'decimal' : 'numeric' })

/** @param {Control} made @param {Field} field @param {Value} value @param {string} raw @param {View} view
 * @returns {Control} */
function dated(made, field, value, raw, view) {
  const latest = field.not_future ? view.today : '2199-12-31'
  if (field.type === 'partial_date') {
    const parts = [...(value !== null ? value.split('-') : raw.split('.').reverse()), '', '']
    return { ...made, kind: 'partial', y: parts[0], m: parts[1], d: parts[2] }
  }
  if (field.type === 'datetime') {
    const at = value !== null ? local(value) : ''
    return { ...made, kind: 'datetime', date: at.slice(0, 10), time: at.slice(11, 16), max: latest,
      now_do: nowDo(made, value) }
  }
  return { ...made, kind: 'date', value: value ?? '', max: latest }
}

/** One tap for what happens now; not on cards, and not once it is answered.
 * @param {Control} made @param {Value} value @returns {string} */
const nowDo = (made, value) => (value === null && !made.path.includes('.') ? 'now:' + made.path : '')

/** @param {View} view @param {Field} field @returns {Control} */
export function group(view, field) {
  const answers = view.draft.answers
  const made = base(view, field.name, text(field.label, view.lang), hintOf(view, field), field.optional)
  const rows = field.members.map((member) => {
    made.error = made.error || (problemOf(view, member.name)?.text ?? '')
    return { id: domId(member.name), path: member.name, name: 'a.' + member.name, label: text(member.label, view.lang),
      options: optionsOf(view, field, member.name, field.options, [answers[member.name]]) }
  })
  const answered = field.members.every((member) => answers[member.name] != null)
  return { ...made, kind: 'group', rows, all_do: 'all_ok:' + field.name, all_text: view.t('Alt på plass'),
    all_variant: answered ? 'secondary' : 'primary' }
}

/** A list field: one card per known open item and per new one.
 * @param {View} view @param {Field} field @returns {Control} */
export function cards(view, field) {
  const of = /** @type {import('./bundles.js').Items} */ (field.items)
  const made = base(view, field.name, text(field.label, view.lang), hintOf(view, field), field.optional)
  const items = view.draft.answers[field.name] ?? []
  const known = view.judged.prior.items[of.identity] ?? {}
  const shown = items.map((/** @type {Values} */ item, /** @type {number} */ place) => card(view, field, place, item,
    item[of.key] in known))
  return { ...made, kind: 'list', cards: shown, can_add: items.length < (of.max_items || 40),
    add_do: 'add:' + field.name, add_text: view.t('Legg til: %(what)s', { what: text(of.item_title, view.lang) }) }
}

/** @param {View} view @param {Field} field @param {number} place @param {Values} item @param {boolean} known
 * @returns {Control} */
function card(view, field, place, item, known) {
  const of = /** @type {import('./bundles.js').Items} */ (field.items)
  const verdict = verdictOf(view, field, place)
  const direct = []
  const folded = []
  const facts = []
  for (const one of of.fields) {
    if (one.auto || !verdict.asked.has(one.name)) continue
    const made = control(view, one, field.name + '.' + place + '.' + one.name, item, verdict)
    if (one.points_at && one.optional && !made.options.length) continue // nothing there to point at
    const slow = known && one.prefill && item[one.name] != null
    const needed = verdict.required.has(one.name) || verdict.opened.has(one.name)
    if (slow) facts.push(answer(one, item[one.name], view.lang))
    if (made.error || made.warn || (needed && !slow)) direct.push(made)
    else folded.push(made)
  }
  return {
    id: domId(field.name + '.' + place), title: cardTitle(field, item, place, view.lang),
    facts: facts.filter((one) => one).join(', '), controls: direct, more: folded,
    more_text: view.t('Endre eller legg til'), removable: !known, remove_do: 'remove:' + field.name + ':' + place,
  }
}

/** What the rules say about one card. @param {View} view @param {Field} field @param {number} place @returns {Values} */
const verdictOf = (view, field, place) => view.judged.evaluation.items[field.name]?.[place]
  ?? { asked: new Set(), required: new Set(), opened: new Set(), hints: {} }
