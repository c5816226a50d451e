/** Build bedside pages as the tablet does: page builders, then the compiled templates of the real shell. */
import * as bedside from '/sw/bedside.js'
import { encode } from '/sw/codec.js'
import * as drafts from '/sw/drafts.js'
import { judge, stops } from '/sw/judging.js'
import * as shell from '/sw/shell.js'

/** @param {any} world */
async function began(world) {
  await shell.load()
  await shell.speak(world.me.lang)
  await shell.ready()
}

/** @param {any} world @param {[string, any][]} asked */
export async function pages(world, asked) {
  await began(world)
  const t = shell.translator(world.me.lang)
  for (const [name, params] of asked) await bedside.ready(name, world, params)
  return asked.map(([name, params]) => {
    const page = bedside.show(name, world, t, params)
    return [page.template, page.status, page.headers, shell.render(page.template, page.context, t)]
  })
}

/** Fill in forms: what a nurse's taps do to drafts, step by step, and what the screen says after each.
 * @param {any} world @param {any[]} tasks */
export async function fill(world, tasks) {
  await began(world)
  return tasks.map((task, place) => filled(world, task, place))
}

/** @param {any} world @param {any} task @param {number} place */
function filled(world, task, place) {
  let made = 0
  const newId = () => `${String(place).padStart(8, '0')}-0000-7000-8000-${(++made).toString(16).padStart(12, '0')}`
  const registry = shell.registry()
  const person = world.people.find((one) => one.ref === task.person)
  const form = registry.form(task.form)
  const params = world.params[form.bundle] ?? {}
  const old = person.checks.find((one) => one.id === task.corrects)
  let draft = old ? drafts.correction(form, person, old, world.now, newId) : drafts.start(form, person, world.now, params, newId)
  return [null, ...task.bodies].map((body) => {
    if (body) draft = drafts.apply(draft, form, body, world.now, newId)
    return step({ ...world, drafts: [draft] }, draft, form, person, params)
  })
}

/** @param {any} world @param {any} draft @param {any} form @param {any} person @param {any} params */
function step(world, draft, form, person, params) {
  const t = shell.translator(world.me.lang)
  const judged = judge(draft, form, person, world.now, params, world.me.lang, t)
  const shown = [{ fragment: true }, {}, { tried: true }].map((how) => {
    const page = bedside.show('check', world, t, { check_id: draft.id, ...how })
    return [page.template, page.status, page.headers, shell.render(page.template, page.context, t)]
  })
  const { asked, required, opened, answers, derived, flags } = judged.evaluation
  return { draft, stops: stops(judged), common: judged.common, prior: judged.prior, asked: [...asked].sort(), required: [...required].sort(),
    opened: [...opened].sort(), answers, derived, flags, encoded: encode(form, answers), shown }
}
