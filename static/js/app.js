/**
 * Page glue for every page: CSRF in a header, words for what htmx could not do, focus after a swap. On an enrolled
 * browser the bedside pages are given to the device (sw/device.js).
 */

import { leave, recall, remember } from "../../sw/marks.js";

const BEDSIDE = /^\/round(\/|$)/;

/** @param {string} name */
const cookie = name => document.cookie.split("; ").find(one => one.startsWith(name + "="))?.slice(name.length + 1) ?? "";

document.addEventListener("htmx:config:request", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = decodeURIComponent(cookie("csrf"));
  // Given up before the next one is asked: that one would take its place in silence.
  if (ctx.sourceElement?.getAttribute("hx-trigger")?.startsWith("every")) ctx.request.timeout = "10s";
});

/** Ordinary forms (log-in, account, rescue file): the same token in their field. */
document.addEventListener("submit", event => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const field = form.elements.namedItem("csrf_token"); // from the server: it may be older than a log-in in another window
  if (field instanceof HTMLInputElement) field.value = decodeURIComponent(cookie("csrf")) || field.value;
}, { capture: true });

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  nb: {
    failed: "Ikke lagret. Noe gikk galt på enheten. Det som var lagret fra før, er trygt. Prøv igjen.",
    unstarted: "Ikke lagret på denne enheten nå. Det som var lagret, er ikke slettet. Start på nytt; hjelper det ikke, si fra til leder.",
    full: "Ikke lagret. Enheten har ikke plass. Det som var lagret fra før, er trygt.",
    offline: "Ikke lagret. Det er ikke kontakt med serveren. Teksten står i skjemaet. Prøv igjen.",
    stale: "Det er ikke kontakt med serveren. Det som står her, kan være gammelt.",
    unsure: "Det er ikke sikkert at det er lagret: serveren svarte ikke. Teksten står i skjemaet. Prøv igjen.",
    slow: "Ikke lagret ennå: det tar lang tid. La siden stå. Kommer det ikke noe, start på nytt: det du har fylt ut, ligger i utkastet.",
  },
  nn: {
    failed: "Ikkje lagra. Noko gjekk gale på eininga. Det som var lagra frå før, er trygt. Prøv igjen.",
    unstarted: "Ikkje lagra på denne eininga no. Det som var lagra, er ikkje sletta. Start på nytt; hjelper det ikkje, sei frå til leiar.",
    full: "Ikkje lagra. Eininga har ikkje plass. Det som var lagra frå før, er trygt.",
    offline: "Ikkje lagra. Det er ikkje kontakt med tenaren. Teksten står i skjemaet. Prøv igjen.",
    stale: "Det er ikkje kontakt med tenaren. Det som står her, kan vere gammalt.",
    unsure: "Det er ikkje sikkert at det er lagra: tenaren svara ikkje. Teksten står i skjemaet. Prøv igjen.",
    slow: "Ikkje lagra enno: det tek lang tid. Lat sida stå. Kjem det ikkje noko, start på nytt: det du har fylt ut, ligg i utkastet.",
  },
  en: {
    failed: "Not saved. Something went wrong on this device. What was saved before is safe. Try again.",
    unstarted: "Nothing is saved on this device now. What was saved has not been deleted. Start again; if that does not help, tell your manager.",
    full: "Not saved. The device has no room. What was saved before is safe.",
    offline: "Not saved. The server cannot be reached. Your text is still in the form. Try again.",
    stale: "The server cannot be reached. What stands here may be old.",
    unsure: "It is not certain that it was saved: the server did not answer. Your text is still in the form. Try again.",
    slow: "Not saved yet: this takes long. Leave the page open. If nothing comes, start again: what you have filled in is in the draft.",
  },
};

/** @param {string} what @param {boolean} [asking] */
const say = (what, asking) => tell((WORDS[document.documentElement.lang] ?? WORDS.nb)[what] ?? WORDS.nb[what], asking);

/** @param {string} words @param {boolean} [asking] nothing was to be saved: the page asked for news */
function tell(words, asking = false) {
  let bar = document.getElementById("trouble");
  if (asking && bar && !bar.hasAttribute("data-asking")) return; // something was not saved: that stays
  if (!bar) {
    bar = document.createElement("p");
    Object.assign(bar, { id: "trouble", className: "trouble" });
    bar.setAttribute("role", "alert");
    document.body.prepend(bar);
  }
  bar.textContent = words;
  bar.toggleAttribute("data-asking", asking);
}

document.addEventListener("htmx:error", event => {
  const { ctx, error } = /** @type {CustomEvent} */ (event).detail;
  console.error(error);
  if (!ctx || error?.name === "AbortError") return;
  const asking = ctx.request.method === "GET";
  if (error === "timeout") say(asking ? "stale" : "unsure", asking);
  else if (error instanceof TypeError && !ctx.response) say(asking ? "stale" : "offline", asking);
  else say("failed");
});
document.addEventListener("htmx:response:error", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  const trouble = ctx.response.headers.get("X-Trouble"), sentence = ctx.response.headers.get("X-Trouble-Text");
  if (sentence) tell(decodeURIComponent(sentence), ctx.request.method === "GET");
  else if (trouble) say(trouble);
});
document.addEventListener("htmx:after:swap", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  const { status, headers } = ctx.response ?? { status: 500 };
  const news = ctx.request?.method === "GET" && ctx.target !== document.body; // a list that was asked for again: it saved nothing
  if (!news && status < 500 && !headers.has("X-Trouble-Text")) document.getElementById("trouble")?.remove();
  if (ctx.target === document.body) focusPage();
});

const SLOW = 10_000;
/** @type {WeakMap<object, ReturnType<typeof setTimeout>>} */
const waits = new WeakMap();

/** A save that gets no answer is said not to be one yet: a database that another window holds says nothing. */
document.addEventListener("htmx:before:request", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.request.method === "POST" && ctx.sourceElement?.closest("#_form")) waits.set(ctx, setTimeout(() => say("slow"), SLOW));
});
document.addEventListener("htmx:finally:request", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  clearTimeout(waits.get(ctx));
  const bar = document.getElementById("trouble");
  if (ctx.request.method === "GET" && ctx.response?.status < 400 && bar?.hasAttribute("data-asking")) bar.remove();
  if (Object.values(WORDS).some(({ slow }) => slow === bar?.textContent)) bar?.remove();
});

/** A new page: to what it wants looked at first, else to its beginning, so that a screen reader starts there. */
function focusPage() {
  const wanted = /** @type {HTMLElement | null} */ (document.querySelector("main [autofocus], main[autofocus]"));
  (wanted ?? document.getElementById("main"))?.focus({ preventScroll: !wanted || wanted.id === "main" });
}

/** A code for taking a tablet into use comes in the fragment of a link: no server sees it there. It waits for the log-in in this tab. */
if (location.pathname === "/login" && new URLSearchParams(location.search).get("next") === "/enrol" && location.hash.length > 1) {
  leave("tryggrunde-code", location.hash.slice(1, 41)); // read in enrol.js
  history.replaceState(null, "", location.pathname + location.search);
}

const PATIENCE = 15_000;

/** The database does not open (private mode, damaged profile): said, with what to do, and nothing is deleted or made anew. */
function unstarted() {
  document.documentElement.lang = recall("tryggrunde-lang") ?? document.documentElement.lang;
  document.getElementById("starting")?.remove();
  say("unstarted");
  void import("../../sw/unopened.js").then(it => it.show()).catch(console.error);
}

/** This browser is enrolled: bedside pages are the device's, whoever answered the navigation. The empty frame comes from an
 * enrolled device's worker only; the mark may have been lost with the battery, seconds after it was set. */
if (BEDSIDE.test(location.pathname) && (recall("tryggrunde") === "enrolled" || document.getElementById("starting"))) {
  remember("tryggrunde", "enrolled");
  const late = setTimeout(unstarted, PATIENCE); // a database that is blocked says nothing; when it opens, the page comes after all
  try {
    const { boot } = await import("../../sw/device.js");
    await boot();
    document.getElementById("trouble")?.remove();
  } catch (wrong) {
    console.error(wrong);
    unstarted();
  } finally {
    clearTimeout(late);
  }
} else if (recall("tryggrunde") === "enrolled") {
  const [{ start }, { endLogIn }] = await Promise.all([import("../../sw/idle.js"), import("../../sw/login.js")]);
  // A page of the server's on a shared tablet is not left open either: after five minutes nobody is logged in, and it is locked.
  start({ unlocked: () => document.querySelector(".me") !== null, lock: () => { void endLogIn().then(() => location.replace("/round")); } });
  document.documentElement.dataset.watched = "";
}
