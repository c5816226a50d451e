/** What a page says about sending follows the outbox while the page stays: the parts marked data-live are made again. */
import * as bedside from "./bedside.js";
import * as health from "./health.js";
import * as records from "./records.js";
import * as router from "./router.js";
import * as shell from "./shell.js";

const htmx = /** @type {any} */ (globalThis).htmx;
const OWN = new Set(["round", "event", "sent", "person", "check", "people", "about"]);

/** @param {any} world @returns {Promise<Document>} the page of this address as it is now; elsewhere any page, for its frame */
async function fresh(world) {
  const found = router.match("GET", location.pathname);
  const name = found && OWN.has(found.page) ? found.page : "sent";
  const t = shell.translator(world.me.lang);
  const itself = found?.page === "device" || found?.page === "health";
  const { template, context } = itself ? await health.page() : bedside.show(name, world, t, found?.params ?? {});
  return new DOMParser().parseFromString(shell.render(template, context, t), "text/html");
}

/** What can be seen of it. @param {Element} part */
const looks = part => `${part.getAttribute("data-tone")} ${part.textContent} ${part.querySelectorAll("[data-tone]").length}`;

export async function update() {
  const parts = document.querySelectorAll("[data-live]");
  const world = parts.length ? await records.world() : null;
  if (!world) return;
  const page = await fresh(world);
  for (const part of parts) {
    const now = page.getElementById(part.id);
    if (!now || now.textContent === null || looks(now) === looks(part)) continue;
    // Morphed, not replaced: a status region that is replaced is not read aloud, and a focused link keeps its focus.
    await htmx.swap({ sourceElement: part, target: part, swap: "outerMorph", text: now.outerHTML, push: "false" });
  }
}
