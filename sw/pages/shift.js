/** The end of the shift: what nobody has received, what is half done, what was not done. Twin: webapp/bedside/pages_shift.py. */
import { isBegun } from '../drafts.js'
import { dueRows } from '../due_rows.js'
import * as photoLines from '../photo_lines.js'
import { local, many, order, pick, text } from '../says.js'
import { frame, page, todayOf } from './frame.js'
import { findCheck } from './result.js'
import { DUE_TONES, draftRows, once, visitsOn } from './round.js'
import { PAUSED } from './sent.js'

/**
 * @typedef {import('./frame.js').World} World
 * @typedef {import('./frame.js').Context} Context
 * @typedef {import('./frame.js').Page} Page
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Registry} Registry
 */

/** @param {World} world @param {Translate} t @param {Registry} registry @returns {Page} */
export function shift(world, t, registry) {
  const kept = Object.values(world.sync.by_id).filter((one) => one.state === 'quarantined').length
  const { waiting: left, paused, set_aside: aside } = world.sync
  const photos = photoLines.left(world, t)
  const waits = Boolean(left || photos)
  const drafts = draftRows(world, registry)
  return page('bedside/shift.html', {
    ...frame(world, t, 'sent', t('Vaktslutt')),
    left_tone: waits || aside ? 'waiting' : 'ok', left_number: left ? String(left) : '',
    left_text: left ? many(t, left, 'sjekk er ikke mottatt ennå', 'sjekker er ikke mottatt ennå') : photos,
    photos_text: left ? photos : '',
    leave_text: leave(paused, t), ...(waits ? {} : nothingLeft(world, t)),
    kept_text: kept ? many(t, kept, '1 registrering er hos leder.', '%(n)s registreringer er hos leder.') : '',
    calls: calls(world, registry, 'waiting'), kept_calls: calls(world, registry, 'quarantined'),
    drafts,
    elsewhere: world.drafts.filter(isBegun).length > drafts.length,
    undone: undone(world, registry, t), visits: visitsOn(world, todayOf(world)).length > 0,
  })
}

/** @param {World} world @param {Translate} t @returns {Context} */
const nothingLeft = (world, t) => (!world.device ? { left_text: t('Alt er lagret på serveren.'), leave_text: '' } : {
  left_number: '0', left_text: t('sjekker igjen på denne enheten'),
  leave_text: world.sync.set_aside ? world.sync.set_aside.text(t) : t('Alt er mottatt. Ingenting ligger igjen på enheten.'),
})

/** @param {string | null} paused @param {Translate} t @returns {string} */
const leave = (paused, t) => (paused && paused !== 'offline' ? t(pick(PAUSED, paused) ?? PAUSED.server)
  : t('La enheten ligge på lading med appen åpen der det er nett. Det sendes av seg selv, også når den er låst.'))

/** Urgent findings of records in this state: not sent, or kept and not taken in.
 * @param {World} world @param {Registry} registry @param {string} state @returns {Context[]} */
const calls = (world, registry, state) => Object.keys(world.sync.by_id).sort(order).flatMap((id) => {
  const found = findCheck(world, id)
  if (world.sync.by_id[id].state !== state || !found) return []
  const [person, check] = found
  if (!check.flags.some((/** @type {any} */ flag) => flag.severity === 'urgent')) return []
  const title = text(registry.form(check.form, check.version).title, world.me.lang)
  return [{ url: '/round/checks/' + id, name: person.name, text: title + ' ' + local(check.performed_at).slice(11, 16) }]
})

/** Who on today's route still has something due, and what.
 * @param {World} world @param {Registry} registry @param {Translate} t @returns {Context[]} */
const undone = (world, registry, t) => once(visitsOn(world, todayOf(world)).map((one) => one.person)).flatMap((person) => {
  const asked = dueRows(person, world, registry, t).filter((row) => DUE_TONES.includes(row.tone)).map((row) => row.short + ': ' + row.state)
  return asked.length ? [{ url: '/round/people/' + person.ref, name: person.name, text: asked.join(', ') }] : []
})
