/** Which flags and triggers a check gives, and what a flag's text says. Twin of webapp/bundles/flagging.py. */
import { fieldOf, itemField } from './bundles.js'
import { answered, date, openItems } from './language.js'

/**
 * @typedef {import('./bundles.js').Form} Form
 * @typedef {import('./bundles.js').Flag} Flag
 * @typedef {import('./bundles.js').Context} Context
 * @typedef {import('./bundles.js').Values} Values
 * @typedef {import('./rules.js').Raise} Raise
 */

/** Flags of an evaluated check, in table order.
 * @param {Form} form @param {Context} c @returns {Raise[]} */
export function raises(form, c) {
  /** @type {Raise[]} */
  const found = []
  for (const flag of form.flags) {
    if (flag.timed) continue
    if (flag.each === null) {
      if (flag.when(c, null) === true) found.push(flagRaise(form, flag, c, null, flag.subject ? c.v[flag.subject] : ''))
      continue
    }
    for (const element of c.v[flag.each[1]] ?? []) {
      if (flag.when(c, element) === true) found.push(flagRaise(form, flag, c, element, element._key))
    }
  }
  return found
}

/** Flags that time raises: one per code and subject.
 * @param {Form} form @param {Context} c @param {{type: string, on: string}[]} triggers @returns {Raise[]} */
export function timedRaises(form, c, triggers) {
  /** @type {Map<string, Raise>} */
  const found = new Map()
  for (const flag of form.flags) {
    if (!flag.timed) continue
    /** @type {[string, any][]} */
    let elements = [['', null]]
    if (flag.each !== null && flag.each[0] === 'trigger') {
      const type = flag.each[1]
      elements = triggers.filter((one) => one.type === type).map((one) => ['', one])
    } else if (flag.open !== null) {
      const [identity, state, final] = flag.open
      elements = openItems(c.items[identity], state, final).map((one) => [one._key, one])
    }
    for (const [subject, element] of elements) {
      const key = `${flag.code}:${subject}`
      if (flag.when(c, element) === true && !found.has(key)) found.set(key, flagRaise(form, flag, c, element, subject))
    }
  }
  return [...found.values()]
}

/** @param {Form} form @param {Flag} flag @param {Context} c @param {any} e @param {any} subject @returns {Raise} */
function flagRaise(form, flag, c, e, subject) {
  const list = listedEntries(form, flag, c.v)
  return { code: flag.code, severity: flag.severity, subject: subject == null ? '' : String(subject), rule: flag.rule,
    list, n: flag.n ? flag.n(c, e) : list.length || null,
    inputs: flag.inputs.filter((one) => inputValue(one, c, e) != null) }
}

/** The answer behind an input name: of the form, or of the card ("finding.site").
 * @param {string} name @param {Context} c @param {any} e @returns {any} */
function inputValue(name, c, e) {
  const [listed, inner] = name.split('.')
  if (!inner) return c.v[name]
  if (e !== null) return e[inner]
  return (c.v[listed] ?? []).map((/** @type {Values} */ one) => one[inner]).find(answered)
}

/** What {list} names: [kind, field] or [kind, field, option].
 * @param {Form} form @param {Flag} flag @param {Values} v @returns {string[][]} */
function listedEntries(form, flag, v) {
  return flag.entries.flatMap((entry) => {
    const { kind, name } = entry
    if (kind === 'group') {
      return (fieldOf(form, name)?.members ?? []).filter((one) => v[one.name] === entry.equals)
        .map((one) => ['field', one.name])
    }
    if (kind === 'label') return v[name] === entry.equals ? [['field', name]] : []
    const given = Array.isArray(v[name]) ? v[name] : v[name] == null ? [] : [v[name]]
    const among = entry.among?.length ? entry.among : given
    return given.filter((/** @type {string} */ one) => among.includes(one))
      .map((/** @type {string} */ one) => [kind === 'answer' ? 'option' : 'both', name, one])
  })
}

/** Triggers of a check, each with its day.
 * @param {Form} form @param {Context} c @returns {{type: string, on: string}[]} */
export function emitted(form, c) {
  /** @type {{type: string, on: string}[]} */
  const found = []
  for (const one of form.emits) {
    const on = one.when === null || one.when(c, null) === true ? date(one.on(c, null)) : null
    if (on !== null && /^\d/.test(on)) found.push({ type: one.trigger, on })
  }
  return found
}

/** @param {Values|null|undefined} text @param {string} lang @returns {string} */
export const label = (text, lang) => (text ? text[lang] || text.nb : '')

/** @param {Form} form @param {string[]} entry @param {string} lang @returns {string} */
function entryText(form, entry, lang) {
  const field = fieldOf(form, entry[1])
  if (!field) return entry[1]
  const name = label(field.short ?? field.label, lang)
  if (entry[0] === 'field') return name
  const option = label(field.option_labels[entry[2]], lang)
  return entry[0] === 'option' ? option : `${name.replace(/\?+$/, '')}: ${option}`
}

/** The label of the card a flag is about.
 * @param {Form} form @param {string} subject @param {Values} answers @param {string} lang @returns {string} */
export function siteText(form, subject, answers, lang) {
  for (const listed of form.lists) {
    const items = listed.items
    if (!items || !items.subject_label) continue
    const card = (answers[listed.name] ?? []).find((/** @type {Values} */ one) => one[items.key] === subject)
    if (card) return fieldText(itemField(items, items.subject_label), card[items.subject_label], lang)
  }
  return ''
}

/** @param {import('./bundles.js').Field|undefined} field @param {any} value @param {string} lang @returns {string} */
function fieldText(field, value, lang) {
  if (!field || value == null) return ''
  return value in field.option_labels ? label(field.option_labels[value], lang) : String(value)
}

/** The sentence a reader sees for a raise, in her language. `raised` may name its form.
 * @param {import('./bundles.js').Bundle} bundle @param {Raise & {form?: string}} raised @param {string} lang
 * @param {Values} answers @returns {string} */
export function flagText(bundle, raised, lang, answers) {
  const entries = raised.list ?? []
  for (const form of bundle.forms) {
    const flag = form.flags.find((one) => one.rule === raised.rule && one.code === raised.code)
    if (!flag || (raised.form !== form.id && !entries.every((one) => fieldOf(form, one[1])))) continue
    return label(flag.text, lang)
      .replaceAll('{list}', () => entries.map((one) => entryText(form, one, lang)).join(', '))
      .replaceAll('{n}', () => (raised.n == null ? '' : String(raised.n)))
      .replaceAll('{site}', () => siteText(form, raised.subject || '', answers, lang))
  }
  return raised.code
}
