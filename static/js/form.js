/**
 * The check form between a tap and its answer. Each tap sends the question that was answered and nothing else, in order,
 * as it stood at the tap; an answer is shown only when no later tap is on its way. So a fast hand on a slow line loses
 * nothing. What is being typed is saved too, but its answer is not shown: nobody wants a form that moves under her typing.
 */

export {};

let taps = 0;
/** What a tap said, and which one it was: read at once, because an earlier answer may change the page before htmx asks. */
/** @type {WeakMap<Event, { tap: number, body: URLSearchParams }>} */
const caught = new WeakMap();

/** @param {Element | null | undefined} element */
const inForm = element => element?.closest("#_form") ?? null;

function start() {
  const body = new URLSearchParams();
  if (document.querySelector("#_form input[name=tried]")) body.append("tried", "1");
  return body;
}

/** The names and values of one question. @param {Element} control */
function question(control) {
  const body = start();
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (control.closest("fieldset")?.querySelectorAll("input[name],textarea[name]") ?? []);
  for (const { name, value, checked, type } of fields) {
    if (checked || (type !== "radio" && type !== "checkbox")) body.append(name, value);
  }
  return body;
}

/** @param {HTMLButtonElement | null} button */
function pressed(button) {
  const body = start();
  if (button?.name) body.append(button.name, button.value);
  return body;
}

/** @param {Event} event */
function hold(event) {
  const from = /** @type {Element} */ (event.target);
  if (!inForm(from)) return;
  if (event.type === "change") caught.set(event, { tap: ++taps, body: question(from) });
  else if (event.type === "submit") caught.set(event, { tap: ++taps, body: pressed(/** @type {any} */ (event).submitter) });
  else if (from.closest("button[name=do]")) caught.set(event, { tap: ++taps, body: pressed(from.closest("button")) });
}
for (const type of ["change", "click", "submit"]) document.addEventListener(type, hold, { capture: true });

document.addEventListener("htmx:config:request", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.request.method !== "POST" || !inForm(ctx.sourceElement)) return;
  const { tap, body } = caught.get(ctx.sourceEvent) ?? { tap: 0, body: question(ctx.sourceElement) };
  Object.assign(ctx, { tap });
  ctx.request.body = body;
});

document.addEventListener("htmx:before:swap", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.tap && ctx.tap < taps && ctx.target?.id === "_form") event.preventDefault();
});

/** A morph keeps what a hand chose before; what holds now is what the answer says. */
document.addEventListener("htmx:after:swap", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.target?.id !== "_form" || ctx.tap !== taps) return;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#_form input:is([type=radio],[type=checkbox])"))) {
    if (input.checked !== input.defaultChecked) input.checked = input.defaultChecked;
  }
});

/** Enter ends a box: without this the browser presses the first button it finds, and that answers a question. */
document.addEventListener("keydown", event => {
  const box = /** @type {HTMLElement} */ (event.target);
  if (event.key !== "Enter" || event.isComposing || !box.matches("#_form input")) return;
  event.preventDefault();
  if (!box.matches("[type=radio],[type=checkbox]")) box.blur();
});
