/** A package explained to a nurse. Twin: webapp/bedside/pages_about.py. */
import { parameters } from '../rules.js'
import { text } from '../says.js'
import { frame, missing, page } from './frame.js'

/** @param {import('./frame.js').World} world @param {import('../says.js').Translate} t
 * @param {import('../bundles.js').Registry} registry @param {string} id
 * @param {(id: string, version: number, lang: string) => any[]} explained @returns {import('./frame.js').Page} */
export function about(world, t, registry, id, explained) {
  const version = Object.hasOwn(world.active, id) ? world.active[id] : null
  if (version === null) return missing(world, t)
  const bundle = /** @type {any} */ (registry.bundle(id, version))
  const lang = world.me.lang
  return page('bedside/about.html', {
    ...frame(world, t, '', t('Om sjekken')),
    about_title: text(bundle.title, lang), intro: text(bundle.intro, lang),
    version_text: t('Versjon %(version)s. Bygger på %(guidance)s.', { version, guidance: bundle.guidance_version }),
    sections: numbered(explained(id, version, lang), parameters(bundle.forms[0], world.params)),
  })
}

/** The explanation with the municipality's own numbers. Twin of numbered in webapp/bundles/explain.py.
 * @param {any[]} sections @param {Record<string, number>} numbers @returns {any[]} */
function numbered(sections, numbers) {
  const filled = (/** @type {string} */ line) => line.replace(/\{#(\w+)\}/g, (_all, name) => String(numbers[name]))
    .replace(/(?<![\d,.])1 (dag|virkedag|yrkedag|day|working day)(?:er|ar|s)\b/g, '1 $1')
  return sections.map((section) => ({ ...section, lines: section.lines.map((/** @type {any} */ one) => ({
    ...one, title: filled(one.title), texts: one.texts.map(filled) })) }))
}
