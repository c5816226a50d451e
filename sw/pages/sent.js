/** What is sent and what is not, and what is left on this device. Twin: webapp/bedside/pages_sent.py. */
import { isBegun } from '../drafts.js'
import * as photoLines from '../photo_lines.js'
import { saidBy, sentence } from '../reasons.js'
import { local, many, nearMoment, order, pick, text } from '../says.js'
import { NOT_HERS, findPerson, frame, page, savedLine, todayOf } from './frame.js'
import { findAside, findCheck } from './result.js'

/**
 * @typedef {import('./frame.js').World} World
 * @typedef {import('./frame.js').Context} Context
 * @typedef {import('./frame.js').Page} Page
 * @typedef {import('../says.js').Translate} Translate
 * @typedef {import('../bundles.js').Registry} Registry
 */

/** @type {Record<string, string>} */
export const PAUSED = {
  offline: 'Ikke nett. Sjekkene ligger trygt her og sendes av seg selv.',
  unauthorised: 'Innloggingen er utløpt. Logg inn når du har nett, så sendes alt.',
  captive: 'Nettet krever innlogging på en egen side. Sjekkene ligger trygt her.',
  server: 'Serveren svarer ikke som den skal. Sjekkene ligger trygt her, og vi prøver igjen.',
  device: 'Noe gikk galt på enheten. Det som er lagret, ligger trygt her, og vi prøver igjen.',
  later: 'Serveren ba om å vente. Sjekkene ligger trygt her, og vi prøver igjen.',
  wire: 'Appen er en annen utgave enn serveren. Sjekkene ligger trygt her. Lås, så hentes en ny utgave.',
}
/** @type {Record<string, string>} */
const TONES = { waiting: 'medium', stopped: 'high', ok: 'ok', info: 'info' }

/** @param {World} world @param {Translate} t @param {Registry} registry @returns {Page} */
export function sent(world, t, registry) {
  const known = { ...world.sync.by_id }
  for (const person of world.people) {
    for (const check of person.checks) {
      const mine = check.author.id === world.me.id && local(check.performed_at).slice(0, 10) === todayOf(world)
      if (mine && !pick(known, check.id)) known[check.id] = { state: 'received', at: check.received_at, reasons: [] }
    }
  }
  const rows = Object.keys(known).sort(order).reverse().map((id) => record(id, known[id], world, registry, t))
  /** @param {string} kind */
  const of = (kind) => rows.filter((row) => row.kind === kind)
  const groups = [
    { title: t('Ikke sendt ennå'), hint: t('Lagret og forseglet her. Sendes av seg selv når det er nett.'), records: of('waiting') },
    { title: t('Hos leder'), records: of('quarantined'),
      hint: t('Mottatt og tatt vare på, men ikke lagt inn. Leder bestemmer. Haster det, si fra til leder.') },
    { title: t('Ikke lagt inn'), records: of('rejected'),
      hint: t('Leder har bestemt at de ikke skal telle. Gjør sjekken på nytt hvis den trengs.') },
    { title: t('Tatt ut'), hint: t('Journalansvarlig har bestemt det. De vises ikke her og telles ikke.'), records: of('taken') },
    { title: t('Utkast, ikke lagret'), hint: '', records: drafts(world, registry, t) },
    { title: t('Mottatt'), hint: '', records: of('received') },
  ]
  return page('bedside/sent.html', { ...frame(world, t, 'sent', t('Sendt og ikke sendt')), ...left(world, t),
    groups: groups.filter((one) => one.records.length) })
}

/** The end of the shift in one number. @param {World} world @param {Translate} t @returns {Context} */
function left(world, t) {
  const { waiting, paused, set_aside: aside, last_contact: contact } = world.sync
  const said = contact ? t('Siste kontakt: %(at)s', { at: nearMoment(contact, todayOf(world), t) })
    : t('Ingen kontakt ennå')
  return {
    left_number: String(waiting),
    left_text: many(t, waiting, 'sjekk igjen på denne enheten', 'sjekker igjen på denne enheten'),
    left_tone: paused && waiting ? 'stopped' : waiting || aside ? 'waiting' : 'ok',
    contact_text: world.device ? said : t('Denne PC-en lagrer rett på serveren.'),
    photos_text: photoLines.left(world, t),
    paused_text: [paused ? t(pick(PAUSED, paused) ?? PAUSED.server) : '', aside ? aside.text(t) : ''].filter(Boolean).join(' '),
  }
}

/** @param {any} known @param {Translate} t @returns {string} */
const receipt = (known, t) => (known.state === 'received' && known.receipt
  ? ', ' + t('kvittering %(number)s', { number: known.receipt }) : '')

/** @param {string} id @param {any} known @param {World} world @param {Registry} registry @param {Translate} t
 * @returns {Context} */
function record(id, known, world, registry, t) {
  const found = findCheck(world, id)
  const saved = savedLine(world, id, found ? found[1] : null, t)
  const row = { url: '/round/checks/' + id, icon: 'check-form', title: t('Sjekk'), name: '', tone: TONES[saved.tone],
    state: saved.text + receipt(known, t), kind: saved.state, discard_url: '',
    why: [...known.reasons.map((/** @type {string} */ one) => sentence(known.state, one, t)), saidBy(known, t),
      photoLines.ofCheck(world, id, t)]
      .filter(Boolean).join(' ') }
  if (known.made) {
    row.url = ''
    row.title += ' ' + nearMoment(known.made, todayOf(world), t)
  }
  const one = found?.[1] ?? findAside(world, id)?.check
  if (one) {
    const form = registry.form(one.form, one.version)
    row.title = text(form.title, world.me.lang) + ' ' + local(one.performed_at).slice(11, 16)
    row.icon = form.icon || 'check-form'
    row.name = found?.[0].name ?? ''
  }
  return row
}

/** @param {World} world @param {Registry} registry @param {Translate} t @returns {Context[]} */
const drafts = (world, registry, t) => world.drafts.filter(isBegun).map((/** @type {any} */ draft) => {
  const person = findPerson(world, draft.person)
  return {
    url: '/round/checks/' + draft.id, icon: 'edit',
    title: text(registry.form(draft.form, draft.version).title, world.me.lang),
    name: person ? person.name : draft.name ?? '', tone: 'info', kind: 'draft',
    why: person ? '' : t(NOT_HERS), discard_url: person ? '' : '/round/checks/' + draft.id + '/discard',
    state: t('Utkast fra %(at)s', { at: nearMoment(draft.updated_at, todayOf(world), t) }),
  }
})
