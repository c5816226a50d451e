/** The bedside pages by name, as routes.json names them: which builder makes them, from what. */
import * as pages from "./pages/index.js";
import * as shell from "./shell.js";

/** @typedef {any} World @typedef {import("./shell.js").Translate} Translate */
/** @typedef {{ template: string, context: any, status: number, headers: Record<string, string> }} Page */
/** @typedef {{ ref?: string, check_id?: string, bundle_id?: string, q?: string, tried?: boolean, fragment?: boolean }} Params */

/** What comes when the device works: a first load goes without. @type {{ about: typeof import("./pages/about.js") | null, shift: typeof import("./pages/shift.js") | null }} */
const late = { about: null, shift: null };

/** @type {Record<string, (world: World, t: Translate, params: Params) => Page>} */
const BUILDERS = {
  round: (world, t) => pages.roundPage(world, t, shell.registry()),
  people: (world, t, { q = "" }) => pages.peoplePage(world, t, q),
  person: (world, t, { ref = "" }) => pages.personPage(world, t, shell.registry(), ref),
  check: (world, t, params) => check(world, t, params),
  result: (world, t, { check_id = "" }) => pages.resultPage(world, t, shell.registry(), check_id),
  event: (world, t, { q = "" }) => pages.eventPage(world, t, shell.registry(), q),
  sent: (world, t) => pages.sentPage(world, t, shell.registry()),
  shift: (world, t) => late.shift?.shift(world, t, shell.registry()) ?? pages.sentPage(world, t, shell.registry()), // what is not sent, all the same
  about: (world, t, { bundle_id = "" }) => late.about?.about(world, t, shell.registry(), bundle_id, shell.explained)
    ?? pages.missingPage(world, t),
};

/** Get what a page needs that is not in the shell. @param {string} name @param {World} world @param {Params} params */
export async function ready(name, world, { bundle_id = "" }) {
  if (name === "shift") late.shift ??= await import("./pages/shift.js").catch(() => null);
  if (name !== "about") return;
  late.about ??= await import("./pages/about.js").catch(() => null);
  await shell.explain(bundle_id, world.active[bundle_id], world.me.lang);
}

/** A draft is its form, a finished check its result. @param {World} world @param {Translate} t @param {Params} params @returns {Page} */
function check(world, t, { check_id = "", tried = false, fragment = false }) {
  const draft = world.drafts.find((/** @type {any} */ one) => one.id === check_id);
  return draft ? pages.checkPage(world, t, shell.registry(), draft, { tried, fragment })
    : pages.resultPage(world, t, shell.registry(), check_id);
}

/** @param {string} name @param {World} world @param {Translate} t @param {Params} params @returns {Page} */
export const show = (name, world, t, params) => BUILDERS[name](world, t, params);

/** @param {World} world @param {Translate} t @returns {Page} */
export const missing = (world, t) => pages.missingPage(world, t);
