/**
 * The device's databases do not open: what to do, and, when she says so twice, how the device goes on without them. They are set
 * aside as they are, never deleted, changed or made anew: from then on databases of the next number are used (store.js). Needs no
 * shell and no language file: neither may have been read.
 */
import { iso } from "./clock.js";
import * as store from "./store.js";

/** @typedef {import("./aside.js").Aside} Aside */
/** @typedef {"opens" | "elsewhere" | "refused" | "done"} Outcome */

const PATIENCE = 5_000;
const LOCK = "tryggrunde-aside";
const WINDOW = "tryggrunde-window"; // window_lock.js

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  title: { nb: "Lageret på enheten åpner seg ikke", nn: "Lageret på eininga opnar seg ikkje", en: "The store on this device does not open" },
  first: { nb: "Lukk andre vinduer med TryggRunde, og prøv igjen. Hjelper det ikke, start enheten på nytt og prøv igjen.",
    nn: "Lukk andre vindauge med TryggRunde, og prøv igjen. Hjelper det ikkje, start eininga på nytt og prøv igjen.",
    en: "Close other windows with TryggRunde, and try again. If that does not help, restart the device and try again." },
  again: { nb: "Prøv igjen", nn: "Prøv igjen", en: "Try again" },
  more: { nb: "Hjelper ikke det heller?", nn: "Hjelper ikkje det heller?", en: "Does that not help either?" },
  offer: { nb: "Da kan du bruke enheten uten det som ligger i lageret. Ingenting blir slettet.",
    nn: "Då kan du bruke eininga utan det som ligg i lageret. Ingenting blir sletta.",
    en: "Then you can use the device without what is in the store. Nothing will be deleted." },
  aside: { nb: "Legg lageret til side og ta enheten i bruk på nytt",
    nn: "Legg lageret til side og ta eininga i bruk på nytt",
    en: "Set the store aside and take the device into use again" },
  sure: { nb: "Dette skjer med det som ligger i lageret", nn: "Dette skjer med det som ligg i lageret", en: "This happens to what is in the store" },
  kept: { nb: "Det blir liggende på enheten, og blir ikke slettet eller endret.",
    nn: "Det blir liggjande på eininga, og blir ikkje sletta eller endra.",
    en: "It stays on the device, and is not deleted or changed." },
  unsent: { nb: "Sjekker som ikke er sendt, er ikke hos serveren. Åpner lageret seg en annen gang, blir de sendt av seg selv.",
    nn: "Sjekkar som ikkje er sende, er ikkje hos tenaren. Opnar lageret seg ein annan gong, blir dei sende av seg sjølve.",
    en: "Checks that have not been sent are not with the server. If the store opens another time, they are sent by themselves." },
  drafts: { nb: "Utkast som ligger der, kan du ikke gå videre med.",
    nn: "Utkast som ligg der, kan du ikkje gå vidare med.",
    en: "You cannot go on with drafts that are in it." },
  empty: { nb: "Enheten begynner tom. Du logger inn med nett og velger PIN på nytt.",
    nn: "Eininga byrjar tom. Du loggar inn med nett og vel PIN på nytt.",
    en: "The device begins empty. You log in with a network and choose a PIN again." },
  tell: { nb: "Si fra til leder, og vis enheten til den som administrerer den. Ikke tøm nettleseren.",
    nn: "Sei frå til leiar, og vis eininga til den som administrerer henne. Ikkje tøm nettlesaren.",
    en: "Tell your manager, and show the device to whoever administers it. Do not clear the browser." },
  yes: { nb: "Ja, legg lageret til side", nn: "Ja, legg lageret til side", en: "Yes, set the store aside" },
  no: { nb: "Avbryt", nn: "Avbryt", en: "Cancel" },
  wait: { nb: "Et øyeblikk …", nn: "Ein augneblink …", en: "One moment …" },
  elsewhere: { nb: "Ingenting er endret. TryggRunde er åpen i et annet vindu på enheten. Bruk det vinduet, eller lukk det og prøv igjen.",
    nn: "Ingenting er endra. TryggRunde er open i eit anna vindauge på eininga. Bruk det vindauget, eller lukk det og prøv igjen.",
    en: "Nothing has been changed. TryggRunde is open in another window on this device. Use that window, or close it and try again." },
  refused: { nb: "Ingenting er endret. Nettleseren åpner ikke et nytt lager heller. Start enheten på nytt, og vis den til den som administrerer den.",
    nn: "Ingenting er endra. Nettlesaren opnar ikkje eit nytt lager heller. Start eininga på nytt, og vis henne til den som administrerer henne.",
    en: "Nothing has been changed. The browser does not open a new store either. Restart the device, and show it to whoever administers it." },
};

/** @param {string} word */
const said = word => WORDS[word][document.documentElement.lang] ?? WORDS[word].nb;

/** False when it has not come to an end in time. @template T @param {Promise<T>} work @returns {Promise<T | false>} */
const inTime = work => Promise.race([work, new Promise(resolve => setTimeout(() => resolve(false), PATIENCE))])
  .catch(wrong => (console.error(wrong), false));

/** Whether the databases in use open after all. @returns {Promise<boolean>} */
const opens = () => inTime(Promise.all([store.get("meta", "installation"), store.get("photo_marks", "epoch")]).then(() => true));

/** Whether another window is at work: what does not open here opens there. @returns {Promise<boolean>} */
async function elsewhere() {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === WINDOW);
}

/** @returns {Promise<Outcome>} what became of it; another window may have done the same a moment ago */
async function setAside() {
  const [inUse, ...others] = await store.numbers();
  if (await opens()) return "opens";
  const [latest] = await store.numbers(true);
  if (latest !== inUse) return "opens";
  if (await elsewhere()) return "elsewhere";
  const next = (inUse ?? 1) + 1;
  const made = await inTime(begin(next, [inUse ?? 1, ...others]).then(() => true));
  if (made && (await store.numbers(true)).includes(next)) return "done";
  await inTime(store.erase(next)); // or a browser that does not say what lies there would not find it at the next start
  return "refused";
}

/** New databases; the first thing in them is why. @param {number} number @param {number[]} others */
function begin(number, others) {
  const at = iso(Date.now());
  return store.transact(["meta"], "strict", async tx => {
    await tx.objectStore("meta").put(others.map(one => /** @type {Aside} */ ({ number: one, at, home: null, left: 0 })), "aside");
  }, number);
}

/** @param {string} tag @param {Record<string, unknown>} how @param {(Node | string)[]} inside @returns {HTMLElement} */
function make(tag, how, ...inside) {
  const made = Object.assign(document.createElement(tag), how);
  made.append(...inside);
  return made;
}

/** @param {string} word @param {string} variant @param {() => void} act */
function button(word, variant, act) {
  const made = make("button", { className: "ds-button", type: "button", onclick: act }, said(word));
  Object.assign(made.dataset, { variant, fullwidth: "" });
  return made;
}

const again = () => location.reload();

/** Instead of a page: first what helps when it is a matter of a moment, and folded away what does when it is not. */
export async function show() {
  if (document.getElementById("unopened")) return;
  const place = make("section", { id: "unopened", className: "card stack" }, button("again", "primary", again));
  document.getElementById("main")?.append(place);
  if (await opens()) return; // something else went wrong at this start: trying again is all there is
  place.prepend(make("h2", {}, said("title")), make("p", {}, said("first")));
  const ask = button("aside", "secondary", () => { more.replaceWith(sure()); });
  const more = make("details", { className: "stack" }, make("summary", {}, said("more")), make("p", {}, said("offer")), ask);
  place.append(more);
}

/** What it means, and the second tap. */
function sure() {
  const problem = make("p", { className: "err", hidden: true });
  problem.setAttribute("role", "alert");
  const yes = /** @type {HTMLButtonElement} */ (button("yes", "secondary", () => void act(yes, problem)));
  const list = make("ul", { className: "stack" }, ...["kept", "unsent", "drafts", "empty", "tell"].map(word => make("li", {}, said(word))));
  const part = make("div", { className: "stack" }, make("h3", { tabIndex: -1 }, said("sure")), list, yes, button("no", "tertiary", again), problem);
  queueMicrotask(() => part.querySelector("h3")?.focus());
  return part;
}

/** @param {HTMLButtonElement} yes @param {HTMLElement} problem */
async function act(yes, problem) {
  Object.assign(yes, { disabled: true, textContent: said("wait") });
  problem.hidden = true;
  const came = await navigator.locks.request(LOCK, setAside).catch(wrong => (console.error(wrong), "refused"));
  if (came === "done" || came === "opens") return location.assign("/round");
  Object.assign(problem, { hidden: false, textContent: said(came) });
  Object.assign(yes, { disabled: false, textContent: said("yes") });
}
