/** A package explained to a nurse. Twin: webapp/bedside/pages_about.py. */
import { text } from '../says.js'
import { frame, missing, page } from './frame.js'

/** @param {import('./frame.js').World} world @param {import('../says.js').Translate} t
 * @param {import('../bundles.js').Registry} registry @param {string} id @returns {import('./frame.js').Page} */
export function about(world, t, registry, id) {
  const version = Object.hasOwn(world.active, id) ? world.active[id] : null
  if (version === null) return missing(world, t)
  const bundle = /** @type {any} */ (registry.bundle(id, version))
  const lang = world.me.lang
  return page('bedside/about.html', {
    ...frame(world, t, '', t('Om sjekken')),
    about_title: text(bundle.title, lang), intro: text(bundle.intro, lang),
    version_text: t('Versjon %(version)s. Bygger på %(guidance)s.', { version, guidance: bundle.guidance_version }),
    sections: bundle.about[lang],
  })
}
