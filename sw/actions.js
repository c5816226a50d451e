/** What a bedside POST does to the store: start a check, autosave, save, correct, discard. Twin: webapp/bedside/routes.py. */
import * as bedside from "./bedside.js";
import { encode } from "./codec.js";
import * as clock from "./clock.js";
import * as drafts from "./drafts.js";
import { judge, stops } from "./judging.js";
import { names } from "./photo_answers.js";
import * as rows from "./photo_rows.js";
import * as outbox from "./outbox.js";
import * as packed from "./packed.js";
import { canStart } from "./prefill.js";
import * as records from "./records.js";
import { local } from "./says.js";
import * as shell from "./shell.js";
import * as sync from "./sync.js";

/** @typedef {any} World @typedef {any} Draft */
/** @typedef {import("./shell.js").Translate} Translate */
/** @typedef {[string, string][]} Body */
/** @typedef {{ template: string, context: any, status: number, headers: Record<string, string> }} Page */
/** @typedef {{ world: World, t: Translate, params: Record<string, string>, body: Body }} Asked */

/** @param {Body} body @param {string} name */
const first = (body, name) => body.find(([key]) => key === name)?.[1] ?? "";

/** Look again at everything, and show a page of it. @param {string} name @param {Translate} t @param {Record<string, any>} params @returns {Promise<Page>} */
const show = async (name, t, params) => bedside.show(name, await records.world(), t, params);

/** What has to do with photos, where a check has some: it comes with the camera. @param {string} check */
const photosOf = async check => ((await rows.of(check)).length ? import("./photos.js") : null);

/** @param {Page} page @param {Record<string, string>} headers @returns {Page} */
const under = (page, headers) => ({ ...page, headers: { ...page.headers, ...headers } });

/** Begin a check, or go on with the one begun. @param {Asked} asked */
export async function start({ world, t, params, body }) {
  const person = records.person(params.ref);
  const form = shell.registry().forms.find(one => one.id === first(body, "check"));
  if (!person || !form || !canStart(form, person, world.now, world.params)) return bedside.missing(world, t);
  const today = local(world.now).slice(0, 10);
  const open = drafts.toGoOnWith(world.drafts, form, person, today);
  const draft = open ?? drafts.start(form, person, world.now, world.params[form.bundle] ?? {}, outbox.newId);
  if (!open) {
    for (const left of drafts.stale(world.drafts, today)) await records.discardDraft(left.id);
    await records.saveDraft(draft);
  }
  return under(await show("check", t, { check_id: draft.id }), { "HX-Push-Url": "/round/checks/" + draft.id });
}

/** @param {Asked} asked the draft as the form now has it, kept @returns {Promise<Draft | null>} */
async function keep({ world, params, body }) {
  const draft = records.draft(params.check_id);
  if (!draft || !records.person(draft.person)) return null;
  const form = shell.registry().form(draft.form, draft.version);
  const changed = drafts.apply(draft, form, body, world.now, outbox.newId);
  await records.saveDraft(changed);
  if (body.some(([name, value]) => name === "do" && value.startsWith("unphoto:"))) await (await photosOf(draft.id))?.only(draft.id, names(form, changed.answers));
  return changed;
}

/** Autosave one change; answers with the form as it now is. @param {Asked} asked */
export async function answers(asked) {
  const draft = await keep(asked);
  return show("check", asked.t, { check_id: asked.params.check_id, fragment: draft !== null });
}

/** "Lagre": only when nothing is missing, and said only after the disk has it. @param {Asked} asked */
export async function save(asked) {
  const { world, t, params } = asked;
  const draft = await keep(asked);
  if (!draft) return show("check", t, params);
  const person = records.person(draft.person);
  const form = shell.registry().form(draft.form, draft.version);
  const judged = judge(draft, form, person, world.now, world.params[draft.bundle] ?? {}, world.me.lang, t);
  if (stops(judged).length) return show("check", t, { ...params, tried: true });
  const check = finished(draft, judged, world, person);
  const content = payload(draft, judged, world, person, form);
  const row = { check, person: draft.person, triggers: judged.evaluation.triggers ?? [] };
  await outbox.save({ id: draft.id, content, row, app: shell.version(), pack: whole => packed.check(whole, form) });
  records.added(draft.id, row);
  await photosOf(draft.id).then(photos => photos?.seal(draft.id, names(form, check.answers))).catch(console.error); // the check is saved; they are sealed before the next sending
  void sync.flush();
  return under(await show("result", t, params), { "HX-Replace-Url": "/round/checks/" + draft.id });
}

/** @param {Draft} draft @param {any} judged @param {World} world @param {any} person */
function finished(draft, judged, world, person) {
  const { evaluation, common } = judged;
  return {
    id: draft.id, form: draft.form, bundle: draft.bundle, version: draft.version, ...common,
    recorded_at: clock.iso(clock.now()), received_at: null,
    author: { id: world.me.id, name: world.me.name, title: world.me.title }, unit: person.unit,
    answers: evaluation.answers, derived: evaluation.derived, flags: evaluation.flags,
    warned: draft.warned, all_ok: draft.all_ok, supersedes: draft.supersedes, reason: draft.reason || null,
    superseded_by: null, status: draft.supersedes ? "amended" : "final",
  };
}

/** The signed part, in the names of docs/wire.md. @param {Draft} draft @param {any} judged @param {World} world @param {any} person @param {any} form */
function payload(draft, judged, world, person, form) {
  const { evaluation, common, prior } = judged;
  return {
    p: draft.person, u: person.unit, b: draft.bundle, bv: draft.version, bh: shell.registry().bundleOf(form).hash, f: draft.form,
    sv: world.settings_version, at: clock.iso(Date.parse(common.performed_at)),
    sup: draft.supersedes ? [draft.supersedes, draft.reason] : null, prior, a: encode(form, evaluation.answers),
    c: {
      x: common.context, o: common.outcome, r: common.not_done_reason, t: common.not_done_text, ac: common.actions,
      nt: common.note, w: draft.warned, ok: draft.all_ok,
    },
    fl: evaluation.flags.map((/** @type {any} */ flag) => [flag.code, flag.subject]),
  };
}

/** A correction is a new check that names the one it corrects. @param {Asked} asked */
export async function correction({ world, t, params }) {
  const found = finding(world, params.check_id);
  if (!found || found.check.superseded_by) return bedside.missing(world, t);
  const { person, check } = found;
  const open = world.drafts.find((/** @type {Draft} */ one) => one.supersedes === check.id);
  const form = shell.registry().form(check.form, check.version);
  const draft = open ?? drafts.correction(form, person, check, world.now, outbox.newId);
  if (!open) await records.saveDraft(draft);
  return under(await show("check", t, { check_id: draft.id }), { "HX-Push-Url": "/round/checks/" + draft.id });
}

/** @param {World} world @param {string} id */
function finding(world, id) {
  for (const person of world.people) {
    const check = person.checks.find((/** @type {any} */ one) => one.id === id);
    if (check) return { person, check };
  }
  return null;
}

/** @param {Asked} asked */
export async function discard({ world, t, params }) {
  const draft = records.draft(params.check_id);
  if (!draft) return bedside.missing(world, t);
  await records.discardDraft(draft.id);
  await (await photosOf(draft.id))?.only(draft.id, []);
  if (!records.person(draft.person)) return under(await show("sent", t, {}), { "HX-Replace-Url": "/round/sent" });
  return under(await show("person", t, { ref: draft.person }), { "HX-Replace-Url": "/round/people/" + draft.person });
}
