/** Run contract jobs through the device's engine; the Python side is casework.py. */
import { Registry } from '/sw/bundles.js'
import * as codec from '/sw/codec.js'
import { due, timed } from '/sw/due.js'
import { prior as priorOf } from '/sw/history.js'
import { after as afterCheck } from '/sw/openflags.js'
import { start } from '/sw/prefill.js'
import { check as packedCheck } from '/sw/packed.js'
import { evaluate, flagText } from '/sw/rules.js'
import { words } from '/sw/wordlist.js'
import { isWorkday } from '/sw/workdays.js'

export const workdaysBetween = (first, days) => Array.from({ length: days }, (_one, n) => first + n).filter(isWorkday)

const sorted = (set) => [...set].sort()

/** @param {string[]} urls */
export async function registryOf(urls) {
  return new Registry(await Promise.all(urls.map(async (url) => (await import(url)).default)))
}

export async function runAll(urls, jobs) {
  const registry = await registryOf(urls)
  return jobs.map((job) => run(job, registry))
}

function run(job, registry) {
  const form = registry.form(job.form)
  const { common, person } = job
  const prior = priorOf(form, person, common.performed_at, job.supersedes, 'new')
  const judged = evaluate(form, job.answers, common, prior, job.today, job.params)
  const check = { id: 'new', status: 'final', supersedes: job.supersedes, ...common }
  const after = job.check ? afterCheck(form, person, check, judged) : person
  return {
    prior, asked: sorted(judged.asked), required: sorted(judged.required), opened: sorted(judged.opened),
    hints: judged.hints, answers: judged.answers, derived: judged.derived, flags: judged.flags,
    problems: judged.problems, missing: judged.missing,
    items: Object.fromEntries(Object.entries(judged.items).map(([name, cards]) => [name, cards.map((card) => ({
      ...card, asked: sorted(card.asked), required: sorted(card.required), opened: sorted(card.opened) }))])),
    triggers: judged.triggers, open: after.flags.map((one) => `${one.code}:${one.subject}`),
    not_found: after.flags.filter((one) => one.not_found_last).map((one) => one.code),
    due: Object.fromEntries(registry.forms.map((one) => [one.id, due(one, after, job.now, job.params)])),
    timed: registry.forms.flatMap((one) => timed(one, after, job.timed_at, job.params)),
    prefill: start(form, after, job.now, job.params),
    texts: judged.flags.map((one) => ['nb', 'nn', 'en'].map((lang) =>
      flagText(registry.bundleOf(form), one, lang, judged.answers))),
    ...packed(form, judged.answers),
  }
}

/** The answers as they travel; what may not be saved may not travel either. */
function packed(form, answers) {
  try {
    const encoded = codec.encode(form, answers)
    return { codec: encoded, decoded: codec.decode(form, encoded) }
  } catch {
    return { codec: 'refused', decoded: 'refused' }
  }
}

export async function encodeAll(urls, pairs) {
  const registry = await registryOf(urls)
  return pairs.map(([form, answers]) => codec.encode(registry.form(form), answers))
}

export async function packAll(urls, payloads) {
  const registry = await registryOf(urls)
  return payloads.map((whole) => [...packedCheck(whole, registry.form(whole.f))])
}

export async function wordsOf(urls) {
  const registry = await registryOf(urls)
  return Object.fromEntries(registry.forms.map((form) => [form.id, words(form)]))
}

export async function decodeAll(urls, pairs) {
  const registry = await registryOf(urls)
  return pairs.map(([form, encoded]) => {
    try {
      return codec.decode(registry.form(form), encoded)
    } catch {
      return 'refused'
    }
  })
}
