/**
 * The server in the page: takes htmx's requests for bedside URLs, answers them from templates, rules and store, and
 * never from the network. Locked is a normal state: 423 and the lock page over the same URL.
 */
import * as clock from "./clock.js";
import * as health from "./health.js";
import * as idle from "./idle.js";
import * as live from "./live.js";
import * as lock from "./lock.js";
import { remember } from "./marks.js";
import * as nurses from "./nurses.js";
import * as records from "./records.js";
import { ensureWorker } from "./registration.js";
import * as router from "./router.js";
import * as shell from "./shell.js";
import { get, isFull, numbers } from "./store.js";
import * as sync from "./sync.js";
import * as views from "./views.js";
import * as liveWindow from "./window_lock.js";

/** @typedef {import("./actions.js").Page} Page @typedef {import("./actions.js").Body} Body */
/** @typedef {{ method: string, path: string, query: URLSearchParams, body: Body, full: boolean }} Asked */

const htmx = /** @type {any} */ (globalThis).htmx;
const WRITES = new Set(["start", "answers", "save", "correction", "discard"]);
const LOCKS = /** @type {Record<string, (asked: Asked) => Promise<Page>>} */ ({
  lock: lock.close, pin: lock.pinForm, set_pin: lock.setPin, passkey: lock.setPasskey, logout: lock.logOut,
});
/** What needs no key: asked on the lock page too. @type {Record<string, () => Promise<Page>>} */
const OPEN = { health: () => health.page(), rescue: async () => (await import("./rescue.js")).write() };

/** What the pages of an open vault are made by: not needed to show the lock page, so it is read while the nurse types. */
async function inside() {
  const [actions, bedside] = await Promise.all([import("./actions.js"), import("./bedside.js"), shell.ready()]);
  return { bedside, actions: /** @type {Record<string, (asked: any) => Promise<Page>>} */ (/** @type {unknown} */ (actions)) };
}

/** Requests are answered one after the other: an autosave that was sent before "Lås" is kept before the lock. */
/** @type {Promise<unknown>} */
let last = Promise.resolve();

/** @param {Asked} asked @returns {Promise<Response>} */
function answer(asked) {
  const turn = last.then(() => respond(asked));
  last = turn.catch(() => undefined);
  return turn;
}

/** @param {Asked} asked @returns {Promise<Response>} */
async function respond(asked) {
  try {
    const page = await find(asked);
    if (!asked.full && page.template.startsWith("bedside/") && !page.template.startsWith("bedside/_")) whole(page);
    return html(page);
  } catch (wrong) {
    console.error(wrong);
    return failed(asked, wrong);
  }
}

/** A page where a fragment was asked for takes the whole body, and the address stays. @param {Page} page */
function whole(page) {
  page.headers = { "HX-Retarget": "body", "HX-Reswap": "innerHTML", "HX-Push-Url": "false", ...page.headers };
}

/** @param {Page} page */
function html(page) {
  const lang = page.context.lang;
  document.documentElement.lang = lang;
  remember("tryggrunde-lang", lang); // for a start without a database
  const body = shell.render(page.template, page.context, shell.translator(lang));
  return new Response(body, { status: page.status, headers: { "Content-Type": "text/html; charset=utf-8", ...page.headers } });
}

/** Nothing fails only in the console: the page says that nothing was saved. @param {Asked} asked @param {unknown} wrong */
function failed(asked, wrong) {
  const headers = { "HX-Reswap": "none", "HX-Push-Url": "false", "HX-Replace-Url": "false", "X-Trouble": isFull(wrong) ? "full" : "failed" };
  if (asked.method === "GET") console.error("GET", asked.path);
  return new Response("", { status: 500, headers });
}

/** @param {Asked} asked @returns {Promise<Page>} */
async function find(asked) {
  const found = router.match(asked.method, asked.path);
  if (found?.page === "takeover") return lock.takeOver();
  if (!liveWindow.isLive()) return lock.elsewhere();
  if (found?.page === "unlock") return lock.open(asked, read);
  if (nurses.current()) idle.touch();
  if (found && OPEN[found.page]) return OPEN[found.page]();
  if (!nurses.current()) return lock.page();
  if (found && LOCKS[found.page]) return LOCKS[found.page](asked);
  const world = await records.world();
  if (!world) return lock.nothingYet();
  if (found?.page === "device") return health.page();
  const t = shell.translator(world.me.lang);
  const { actions, bedside } = await inside();
  if (!found) return bedside.missing(world, t);
  if (WRITES.has(found.page)) return actions[found.page]({ world, t, params: found.params, body: asked.body });
  await bedside.ready(found.page, world, found.params);
  const page = await bedside.show(found.page, world, t, { ...found.params, q: asked.body.find(([name]) => name === "q")?.[1] ?? "" });
  if (page.status === 200) await views.seen(found.page, asked.method, found.params, world);
  return page;
}

/** @type {import("./lock.js").Read} */
const read = (path, query) => find({ method: "GET", path, query, body: [], full: true });

/** @param {any} body @returns {Body} */
const pairs = body => (body ? [...body.entries()].map(([name, value]) => [name, typeof value === "string" ? value : ""]) : []);

/** Give htmx our answer instead of the network's. @param {any} event */
function hook(event) {
  const { ctx } = event.detail;
  const url = new URL(ctx.request.action, location.origin);
  if (url.origin !== location.origin || !router.isBedside(url.pathname)) return;
  const full = ctx.request.headers["HX-Request-Type"] === "full";
  ctx.fetch = () => answer({
    method: ctx.request.method, path: url.pathname, query: url.searchParams, body: pairs(ctx.request.body), full,
  });
}

/** Show the page of the address again. @returns {Promise<void>} */
export const refresh = () => htmx.ajax("GET", location.pathname + location.search, { target: document.body, swap: "innerHTML" });

/** The first route, on its way: shown once, for a second showing takes back the page a quick nurse has gone on to. @type {Promise<void> | null} */
let arriving = null;

/** What the page says about sending follows the outbox. */
async function syncChanged() {
  if (!liveWindow.isLive()) return;
  if (!nurses.current()) return live.updateLocked();
  const waits = () => document.querySelector("[data-waits-for-snapshot]");
  if (waits() && await records.world() && waits()) return arriving ??= refresh().finally(() => { arriving = null; });
  await live.update();
}

/** From app.js when this browser is enrolled, from the enrolment page when a vault has just been opened. */
export async function boot() {
  document.addEventListener("htmx:before:request", hook);
  void ensureWorker().catch(wrong => console.warn("no worker:", wrong));
  await Promise.all([shell.load(), router.load(), clock.load(), get("photo_marks", "epoch")]); // nobody gets on without either database
  records.pausedBy(sync.paused);
  liveWindow.onLost(() => { void lock.lockNow().then(refresh); });
  await liveWindow.acquire();
  idle.start({ unlocked: () => nurses.current() !== null, lock: () => { void lock.lockNow().then(refresh); } });
  sync.onChange(() => { void syncChanged(); });
  sync.onLeft(() => { if (!document.getElementById("_form")) void lock.lockNow().then(refresh); }); // never in mid-form
  sync.onWipe(() => { void lock.lockNow().then(refresh); });
  if (nurses.current()) await lock.entered();
  sync.start();
  void import("./photo_view.js").then(view => view.start(), () => undefined); // when it has come: a first load goes without
  await refresh();
  document.documentElement.dataset.device = "ready";
  void inside().catch(() => undefined);
  if ((await numbers()).length > 1) void import("./aside.js").then(aside => aside.start(), console.error);
}
