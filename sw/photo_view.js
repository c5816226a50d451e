/** The form's camera and pictures: a file from the camera goes to the store, never into the form; pictures come from the store. */
import * as nurses from "./nurses.js";
import { shrink, UnfitError } from "./photo_image.js";
import * as photos from "./photos.js";
import { isFull } from "./photo_rows.js";
import { sentence } from "./reasons.js";
import * as shell from "./shell.js";

/** @type {Map<string, string>} hash → object URL, until the lock */
const shown = new Map();

/** Nothing that was looked at stays in memory behind a lock. */
export function forget() {
  for (const url of shown.values()) URL.revokeObjectURL(url);
  shown.clear();
}

const here = () => location.pathname.split("/").pop() ?? "";
const translate = () => shell.translator(document.documentElement.lang);

/** Fill in the pictures of the page. */
async function fill() {
  const check = here();
  for (const picture of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll("img[data-photo]"))) {
    const name = picture.dataset.photo ?? "";
    const url = shown.get(name) ?? await load(check, name);
    if (url) picture.src = url;
    else {
      picture.hidden = true;
      picture.parentElement?.querySelector(".photo-gone")?.removeAttribute("hidden");
    }
  }
}

/** @param {string} check @param {string} name */
async function load(check, name) {
  if (!nurses.current()) return null;
  const bytes = await photos.picture(check, name).catch(() => null);
  if (!bytes) return null;
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  shown.set(name, url);
  return url;
}

/** @param {HTMLInputElement} input */
async function taken(input) {
  const [file] = input.files ?? [];
  const box = /** @type {HTMLElement} */ (input.closest("fieldset"));
  const said = /** @type {HTMLElement} */ (box.querySelector(".photo-said"));
  if (!file) return;
  const t = translate();
  said.textContent = t("Bildet gjøres klart …");
  said.classList.remove("err");
  input.disabled = true;
  try {
    const name = await photos.keep(here(), await shrink(file));
    const button = /** @type {HTMLButtonElement} */ (box.querySelector("button[name=do][value^='photo:']"));
    button.value = `photo:${input.dataset.photoFor}:${name}`;
    button.click();
  } catch (wrong) {
    said.classList.add("err");
    said.textContent = t("Bildet er ikke lagret.") + " " + why(wrong) + " " + t("Sjekken kan lagres uten.");
    if (!(wrong instanceof UnfitError)) console.error(wrong);
  } finally {
    input.value = "";
    input.disabled = false;
  }
}

/** @param {unknown} wrong */
function why(wrong) {
  const t = translate();
  if (wrong instanceof UnfitError) return sentence("refused", wrong.reason, t);
  return isFull(wrong) ? t("Enheten har ikke plass.") : t("Noe gikk galt på enheten.");
}

export function start() {
  document.documentElement.dataset.camera = "here";
  addEventListener("change", event => { // before the form sees it: a file is no answer
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (!input.matches?.("input[data-photo-for]")) return;
    event.stopImmediatePropagation();
    void taken(input);
  }, { capture: true });
  document.addEventListener("htmx:after:swap", () => void fill());
}
