/**
 * The check form between a tap and its answer. Each tap sends the question that was answered and nothing else, in order;
 * an answer is shown only when no later tap is on its way. So a fast hand on a slow line loses nothing.
 */

export {};

let taps = 0;

/** @param {any} ctx @returns {URLSearchParams} the names and values of the one question, or of the button */
function changed(ctx) {
  const body = new URLSearchParams();
  const tried = document.querySelector("#_form input[name=tried]");
  if (tried) body.append("tried", "1");
  if (ctx.request.submitter?.name) body.append(ctx.request.submitter.name, ctx.request.submitter.value);
  else if (ctx.sourceElement.name === "do") body.append("do", ctx.sourceElement.value);
  const question = ctx.sourceElement.matches("form,button") ? null : ctx.sourceEvent.target.closest("fieldset");
  for (const control of question?.querySelectorAll("[name]") ?? []) {
    if (!control.matches("[type=radio],[type=checkbox]") || control.checked) body.append(control.name, control.value);
  }
  return body;
}

/** @param {Element} element */
const isCheckForm = element => element.closest?.("#_form") !== null && element.closest?.("#_form") !== undefined;

document.addEventListener("htmx:config:request", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.request.method !== "POST" || !isCheckForm(ctx.sourceElement)) return;
  ctx.tap = ++taps;
  ctx.request.body = changed(ctx);
});

document.addEventListener("htmx:before:swap", event => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.tap && ctx.tap < taps && ctx.target?.id === "_form") event.preventDefault();
});

/** A morph keeps what a hand chose before; what holds now is what the answer says. */
document.addEventListener("htmx:after:swap", () => {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#_form input:is([type=radio],[type=checkbox])"))) {
    if (input.checked !== input.defaultChecked) input.checked = input.defaultChecked;
  }
});
