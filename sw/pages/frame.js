/** What every bedside page has around its content. Twin: webapp/bedside/pages_frame.py. */
import { flagText } from '../flagging.js'
import * as photoLines from '../photo_lines.js'
import { age, clock, day, many, nearMoment, pick } from '../says.js'
import { instant } from '../workdays.js'

/**
 * @typedef {any} World
 * @typedef {any} Person
 * @typedef {Record<string, any>} Context
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Bundle} Bundle
 * @typedef {import('../bundles.js').Registry} Registry
 * @typedef {{template: string, context: Context, status: number, headers: Record<string, string>}} Page
 */

/** @type {Record<string, string>} */
export const SEVERITY = { urgent: 'Nå', high: 'Høy', medium: 'Middels', info: 'Til orientering' }
/** @type {Record<string, string>} */
export const SEVERITY_ICON = { urgent: 'alert', high: 'alert', medium: 'clock', info: 'info' }
export const SEVERITIES = ['urgent', 'high', 'medium', 'info']
/** @type {Record<string, string>} */
const GENERAL = {
  LATE_ENTRY: 'Registrert sent: mer enn 72 timer etter besøket.',
  CLOCK_AHEAD: 'Klokka på enheten går feil. Kontroller tidspunktet.',
}

const DAY = 86_400_000
const UNSPOKEN = 'Språket du har valgt, er ikke hentet til enheten ennå. Det kommer når enheten har nett.'
/** @type {Record<string, string>} */
const STALE_DO = {
  offline: 'Ta enheten dit den har nett, og la appen stå åpen.',
  unauthorised: 'Logg inn når du har nett.',
  captive: 'Logg inn på nettet først, og la appen stå åpen.',
  wire: 'Lås enheten når den har nett, så hentes en ny utgave.',
  device: 'Start appen på nytt. Hjelper det ikke, si fra til leder.',
  other: 'La appen stå åpen med nett. Hjelper det ikke, si fra til leder.',
}

/** @param {string} template @param {Context} context @param {number} [status] @returns {Page} */
export const page = (template, context, status = 200) => ({ template, context, status, headers: {} })

/** @param {string} name @returns {string} */
export function initials(name) {
  const words = name.split(' ').filter((one) => one).map((one) => Array.from(one)[0])
  if (!words.length) return '?'
  return (words[0] + (words.length > 1 ? words[words.length - 1] : '')).toUpperCase()
}

/** @param {World} world @param {Translate} t @returns {Context} */
function syncLine(world, t) {
  const waiting = world.sync.waiting
  if (!world.device) return { sync_text: t('Lagres på serveren'), sync_tone: 'ok' }
  if (world.sync.paused && world.sync.paused !== 'offline') return { sync_text: t('Sending er stoppet'), sync_tone: 'stopped' }
  if (waiting) return { sync_text: many(t, waiting, '1 venter', '%(n)s venter'), sync_tone: 'waiting' }
  const pictures = photoLines.waiting(world)
  if (pictures) return { sync_text: many(t, pictures, '1 bilde venter', '%(n)s bilder venter'), sync_tone: 'waiting' }
  if (world.sync.paused) return { sync_text: t('Uten nett'), sync_tone: 'waiting' }
  if (world.sync.set_aside) return { sync_text: world.sync.set_aside.badge(t), sync_tone: 'waiting' }
  return { sync_text: t('Alt er sendt'), sync_tone: 'ok' }
}

/** What to do when nothing has been sent for long. @param {string|null} paused @param {Translate} t @returns {string} */
export const staleDo = (paused, t) => t(pick(STALE_DO, paused ?? 'other') ?? STALE_DO.other)

/** More than a day unsent: said on every page. @param {World} world @param {Translate} t @returns {string} */
function staleText(world, t) {
  const oldest = world.device ? world.sync.oldest ?? '' : ''
  if (!oldest || (instant(world.now) ?? 0) - (instant(oldest) ?? 0) < DAY) return ''
  const at = nearMoment(oldest, todayOf(world), t)
  return t('Noe har ventet i over et døgn på å bli sendt. Den eldste sjekken er fra %(at)s.', { at }) + ' ' + staleDo(world.sync.paused, t)
}

/** @param {World} world @param {Translate} t @param {string} here @returns {Context[]} */
function nav(world, t, here) {
  const waiting = world.sync.waiting
  const entries = [['round', '/round', t('Min runde')], ['event', '/round/event', t('Ny hendelse')],
    ['sent', '/round/sent', t('Sendt')]]
  return entries.map(([icon, url, text]) => ({ icon, url, text, here: icon === here,
    count: icon === 'sent' && waiting ? String(waiting) : '' }))
}

/** @param {World} world @param {Translate} t @param {string} here @param {string} title @returns {Context} */
export const frame = (world, t, here, title) => ({
  lang: world.me.lang, title, home_url: '/round', me_name: world.me.name, me_initials: initials(world.me.name),
  is_device: world.device, nav: nav(world, t, here), id_sticky: false, stale_text: staleText(world, t),
  unspoken_text: world.unspoken ? t(UNSPOKEN) : '', ...syncLine(world, t),
})

/** @param {World} world @returns {string} */
export const todayOf = (world) => world.now.slice(0, 10)

/** @param {Person} person @param {World} world @param {Translate} t @returns {Context} */
export const who = (person, world, t) => ({
  name: person.name, born: day(person.born), age: t('%(n)s år', { n: age(person.born, todayOf(world)) }),
  address: person.address, unit: ['', world.me.unit.id].includes(person.unit ?? '') ? world.me.unit.name : '', key_note: person.key_note || '', url: '/round/people/' + person.ref,
})

/** A person held in full, or the little that is known of another one in the unit.
 * @param {World} world @param {string} ref @returns {Person|null} */
export function findPerson(world, ref) {
  const full = world.people.find((/** @type {Person} */ one) => one.ref === ref)
  if (full) return full
  const other = world.others.find((/** @type {Person} */ one) => one.ref === ref)
  return other ? stub(other) : null
}

/** @param {Person} other @returns {Person} */
const stub = (other) => ({ ref: other.ref, name: other.name, born: other.born, address: other.address, unit: other.unit ?? '',
  key_note: '', fall_group_set: false, end_of_life: false, history_missing: true, episodes: [], triggers: [],
  visits: [], checks: [], flags: [] })

/** A page for what is not here, or is not for this nurse: the two are told alike.
 * @param {World} world @param {Translate} t @returns {Page} */
export const missing = (world, t) => page('bedside/missing.html', { ...frame(world, t, '', t('Finnes ikke her')),
  text: t('Denne siden finnes ikke, eller du har ikke tilgang.') }, 404)

/** A draft about somebody who left the nurse's unit meanwhile. */
export const NOT_HERS = 'Brukeren hører ikke lenger til enheten din. Utkastet kan ikke åpnes, bare forkastes.'

/** Her own draft, about somebody she no longer may see. @param {World} world @param {Translate} t @returns {Page} */
export const notHers = (world, t) => page('bedside/missing.html', { ...frame(world, t, '', t('Kan ikke åpnes')),
  text: t(NOT_HERS) }, 404)

/** A flag's sentence: the bundle's, or one of those the server adds to any check.
 * @param {Bundle} bundle @param {Context} flag @param {string} lang @param {Context} answers @param {Translate} t
 * @returns {string} */
export function flagWords(bundle, flag, lang, answers, t) {
  const general = pick(GENERAL, flag.code)
  if (general) return t(general)
  const form = bundle.forms.find((one) => one.id === flag.form)
  const rule = form?.flags.find((one) => one.code === flag.code)?.rule ?? ''
  return flagText(bundle, /** @type {any} */ ({ ...flag, rule: flag.rule || rule }), lang, answers)
}

/** Where a finished check is now: on this device, received, or refused and why.
 * @param {World} world @param {string} id @param {Context|null} check @param {Translate} t @returns {Context} */
export function savedLine(world, id, check, t) {
  const known = pick(world.sync.by_id, id)
  if (known?.state === 'waiting') {
    const at = clock(known.at || world.now)
    return { state: 'waiting', text: t('Lagret på denne enheten %(at)s', { at }), tone: 'waiting' }
  }
  if (known?.state === 'quarantined') {
    return { state: 'quarantined', text: t('Ikke godtatt. Leder ser på den.'), tone: 'stopped' }
  }
  if (known?.state === 'received' && known.reasons.includes('reject')) {
    return { state: 'rejected', text: t('Ikke lagt inn, %(at)s', { at: clock(known.at || world.now) }), tone: 'stopped' }
  }
  if (known?.made) {
    return { state: 'taken', text: t('Tatt ut %(at)s', { at: nearMoment(known.at || world.now, todayOf(world), t) }), tone: 'info' }
  }
  const received = known?.at ?? check?.received_at ?? null
  const text = received === null ? t('Mottatt') : t('Mottatt %(at)s', { at: clock(received) })
  return { state: 'received', text, tone: 'ok' }
}
