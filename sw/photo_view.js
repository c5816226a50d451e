/** The form's camera and pictures: what is taken goes to the store, never into the form; pictures come from the store. */
import * as nurses from "./nurses.js";
import * as photos from "./photos.js";
import { UnfitError } from "./photo_rows.js";
import { sentence } from "./reasons.js";
import * as shell from "./shell.js";
import { isFull } from "./store.js";

/** @type {Map<string, string>} hash → object URL, until the lock */
const shown = new Map();

/** @type {typeof import("./camera.js") | null} */
let camera = null;

/** What takes and shrinks a picture comes when it is wanted: a first load goes without. */
async function tools() {
  const [lens, image] = await Promise.all([import("./camera.js"), import("./photo_image.js")]);
  camera = lens;
  return { ...lens, ...image };
}

/** Nothing that was looked at stays in memory behind a lock, and nothing looks on. */
function forget() {
  camera?.close();
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

/** @param {string} path of the question @returns {HTMLElement} */
const boxOf = path => /** @type {HTMLElement} */ (document.querySelector(`[data-photo-for="${CSS.escape(path)}"]`)?.closest("fieldset"));

/** Kept, and named in the form. @param {string} path @param {Uint8Array<ArrayBuffer>} picture */
async function add(path, picture) {
  const name = await photos.keep(here(), picture);
  const button = /** @type {HTMLButtonElement} */ (boxOf(path).querySelector("button[name=do][value^='photo:']"));
  button.value = `photo:${path}:${name}`;
  button.click();
}

/** @param {HTMLButtonElement} button */
async function look(button) {
  const { photoFor: path = "", most } = button.dataset;
  const box = boxOf(path);
  if (!navigator.mediaDevices?.getUserMedia) return /** @type {HTMLInputElement} */ (box.querySelector("input[type=file]")).click();
  try {
    const { start, fit } = await tools();
    if (button.isConnected && nurses.current()) start({
      lang: document.documentElement.lang, have: box.querySelectorAll("img[data-photo]").length, most: Number(most), why: notKept,
      keep: async picture => add(path, await fit(picture)),
      closed: () => { if (button.isConnected) button.focus(); },
    });
  } catch (wrong) {
    console.error(wrong);
    const t = translate();
    say(box, t("Kameraet er ikke lastet ned til denne enheten ennå. Det kommer når den har nett.") + " " + t("Sjekken kan lagres uten."), true);
  }
}

/** @param {HTMLElement} box @param {string} words @param {boolean} wrong */
function say(box, words, wrong) {
  const said = /** @type {HTMLElement} */ (box.querySelector(".photo-said"));
  said.classList.toggle("err", wrong);
  said.textContent = words;
}

/** Where a browser has no live camera. @param {HTMLInputElement} input */
async function taken(input) {
  const [file] = input.files ?? [];
  const box = /** @type {HTMLElement} */ (input.closest("fieldset"));
  if (!file) return;
  say(box, translate()("Bildet gjøres klart …"), false);
  input.disabled = true;
  try {
    const { shrink } = await tools();
    await add(input.dataset.photoFile ?? "", await shrink(file));
  } catch (wrong) {
    say(box, notKept(wrong), true);
  } finally {
    input.value = "";
    input.disabled = false;
  }
}

/** @param {unknown} wrong @returns {string} */
function notKept(wrong) {
  const t = translate();
  if (!(wrong instanceof UnfitError)) console.error(wrong);
  return t("Bildet er ikke lagret.") + " " + why(wrong) + " " + t("Sjekken kan lagres uten.");
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
    if (!input.matches?.("input[data-photo-file]")) return;
    event.stopImmediatePropagation();
    void taken(input);
  }, { capture: true });
  document.addEventListener("click", event => {
    const button = /** @type {Element} */ (event.target).closest?.("button[data-photo-for]");
    if (button) void look(/** @type {HTMLButtonElement} */ (button));
  });
  document.addEventListener("htmx:after:swap", () => void fill());
  document.addEventListener("tryggrunde:locked", forget);
  void fill();
}
