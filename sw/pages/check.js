/** The check form as a page and as the fragment the form swaps. Twin: webapp/bedside/pages_check.py. */
import { formView } from '../form_view.js'
import { judge } from '../judging.js'
import { nearMoment, text } from '../says.js'
import { findPerson, frame, notHers, page, todayOf, who } from './frame.js'
import { findCheck } from './result.js'

/**
 * @typedef {import('./frame.js').World} World
 * @typedef {import('./frame.js').Page} Page
 * @typedef {import('../judging.js').Judged} Judged
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Registry} Registry
 */

/** @param {World} world @param {string} id @returns {any} */
export const findDraft = (world, id) => world.drafts.find((/** @type {any} */ one) => one.id === id) ?? null

/** @param {World} world @param {Translate} t @param {Registry} registry @param {any} draft @returns {Judged|null} */
export function judged(world, t, registry, draft) {
  const person = findPerson(world, draft.person)
  if (!person) return null
  const form = registry.form(draft.form, draft.version)
  return judge(draft, form, person, world.now, world.params[draft.bundle] ?? {}, world.me.lang, t)
}

/** The form of a draft. `tried`: a save was refused, so what is missing is shown.
 * @param {World} world @param {Translate} t @param {Registry} registry @param {any} draft
 * @param {{tried?: boolean, fragment?: boolean}} [how] @returns {Page} */
export function check(world, t, registry, draft, { tried = false, fragment = false } = {}) {
  const person = findPerson(world, draft.person)
  const verdict = judged(world, t, registry, draft)
  if (!person || !verdict) return notHers(world, t)
  const form = registry.form(draft.form, draft.version)
  const bundle = registry.bundle(draft.bundle, draft.version)
  const lang = world.me.lang
  const shown = formView(bundle, form, draft, verdict, world, t, tried || draft.tried)
  shown.focus_problems = tried && shown.problems.length > 0
  if (fragment) return page('bedside/_form.html', { ...shown, lang })
  return page('bedside/check.html', {
    ...frame(world, t, 'round', t('Sjekk')), ...shown,
    who: who(person, world, t), id_sticky: true, form_title: text(form.title, lang), form_note: text(form.intro, lang),
    about_url: '/round/about/' + bundle.id, correction_text: correctionText(world, t, draft),
    discard_url: shown.action + '/discard',
  }, tried ? 422 : 200)
}

/** @param {World} world @param {Translate} t @param {any} draft @returns {string} */
function correctionText(world, t, draft) {
  if (!draft.supersedes) return ''
  const found = findCheck(world, draft.supersedes)
  const at = found ? nearMoment(found[1].performed_at, todayOf(world), t) : ''
  return t('Du retter sjekken fra %(at)s. Den opprinnelige blir stående.', { at })
}
