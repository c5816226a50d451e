/** What a page says of photos on their way. Twin: webapp/bedside/photo_lines.py. */
import { sentence } from './reasons.js'
import { many, pick } from './says.js'

/** @typedef {any} World @typedef {import('./says.js').Translate} Translate */
/** @typedef {{ waiting: number, refused: string[] }} Told */

/** @param {number} n @param {Translate} t @returns {string} nothing when none wait */
export const unsentText = (n, t) => (n ? many(t, n, '1 bilde er ikke sendt ennå.', '%(n)s bilder er ikke sendt ennå.') : '')

/** How many of a check's photos wait, and why others were not taken.
 * @param {World} world @param {string} id @param {Translate} t @returns {string} */
export function ofCheck(world, id, t) {
  const known = /** @type {Told | undefined} */ (pick(world.sync.photos ?? {}, id))
  if (!known) return ''
  const unsent = unsentText(known.waiting, t)
  const refused = known.refused.map((one) => t('Et bilde ble ikke tatt imot.') + ' ' + sentence('refused', one, t))
  return [unsent, ...refused].filter((one) => one).join(' ')
}

/** How many wait on this device. @param {World} world @returns {number} */
export const waiting = (world) => /** @type {Told[]} */ (Object.values(world.sync.photos ?? {})).reduce((sum, one) => sum + one.waiting, 0)

/** All that wait on this device; nothing when none do. @param {World} world @param {Translate} t @returns {string} */
export const left = (world, t) => unsentText(waiting(world), t)
