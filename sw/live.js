/** What a page says about sending follows the outbox while the page stays: the parts marked data-live are made again. */
import * as health from "./health.js";
import * as lock from "./lock.js";
import * as records from "./records.js";
import * as router from "./router.js";
import * as shell from "./shell.js";

const htmx = /** @type {any} */ (globalThis).htmx;
const OWN = new Set(["round", "event", "sent", "person", "check", "people", "about", "shift"]);

/** @param {any} world @returns {Promise<Document>} the page of this address as it is now; elsewhere any page, for its frame */
async function fresh(world) {
  const found = router.match("GET", location.pathname);
  const name = found && OWN.has(found.page) ? found.page : "sent";
  const t = shell.translator(world.me.lang);
  const itself = found?.page === "device" || found?.page === "health";
  return parsed(itself ? await health.page() : (await import("./bedside.js")).show(name, world, t, found?.params ?? {}));
}

/** What can be seen of it. @param {Element} part */
const looks = part => `${part.getAttribute("data-tone")} ${part.textContent} ${part.querySelectorAll("[data-tone]").length}`;

/** What a locked device says of sending; nothing of anybody but how much of hers waits. */
export async function updateLocked() {
  if (document.querySelector(".lock-page [data-live]")) await morph(parsed(await lock.shown()));
  else if (router.match("GET", location.pathname)?.page === "health" && document.getElementById("health")) await morph(parsed(await health.page()));
}

export async function update() {
  const world = document.querySelector("[data-live]") ? await records.world() : null;
  if (world) await morph(await fresh(world));
}

/** @param {{ template: string, context: any }} page @returns {Document} */
const parsed = ({ template, context }) =>
  new DOMParser().parseFromString(shell.render(template, context, shell.translator(context.lang)), "text/html");

/** @param {Document} page */
async function morph(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(part.id);
    if (!now || now.textContent === null || looks(now) === looks(part)) continue;
    // Morphed, not replaced: a status region that is replaced is not read aloud, and a focused link keeps its focus.
    await htmx.swap({ sourceElement: part, target: part, swap: "outerMorph", text: now.outerHTML, push: "false" });
  }
}
