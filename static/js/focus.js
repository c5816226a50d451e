/** Where a keyboard stands is not lost when part of a page is replaced, and Escape closes what was unfolded. */

export {};

/** Ids of what had the focus and of what it stands in, nearest first. @type {string[]} */
let trail = [];

const lost = () => document.activeElement === null || document.activeElement === document.body;

document.addEventListener("htmx:before:swap", () => {
  if (lost()) return;
  trail = [];
  for (let it = document.activeElement; it; it = it.parentElement) if (it.id) trail.push(it.id);
});

document.addEventListener("htmx:after:swap", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.target === document.body || !lost()) return;
  const here = trail.map(id => document.getElementById(id)).find(it => it !== null);
  if (!here) return;
  if (here.tabIndex < 0) here.setAttribute("tabindex", "-1");
  here.focus({ preventScroll: true });
});

document.addEventListener("keydown", event => {
  const open = event.key === "Escape" && /** @type {Element} */ (event.target).closest("details[open]");
  if (!(open instanceof HTMLDetailsElement)) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
