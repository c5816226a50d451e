/** Files that are too large or too many are said at once: the server says so too, but only after they were sent. */

export {};

const MEGABYTE = 1024 * 1024;
const input = /** @type {HTMLInputElement | null} */ (document.querySelector("input[data-files]"));

input?.addEventListener("change", () => {
  const sizes = [...(input.files ?? [])].map(one => one.size);
  const { tooLarge = "", tooMany = "" } = input.dataset;
  const many = sizes.length > 5 || sizes.reduce((sum, one) => sum + one, 0) > 15 * MEGABYTE;
  input.setCustomValidity(sizes.some(one => one > 5 * MEGABYTE) ? tooLarge : many ? tooMany : "");
  input.reportValidity();
});
