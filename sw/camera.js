/**
 * The live camera: a picture goes from the lens to whoever asked, never by way of the phone's own pictures. The camera is
 * on only while the dialog is open and the page is seen: every way out stops it.
 */
import * as shell from "./shell.js";

/** @typedef {(text: string, values?: Record<string, string | number>) => string} Translate */
/**
 * @typedef {object} Asked
 * @property {string} lang
 * @property {number} have photos the finding has already
 * @property {number} most
 * @property {(picture: HTMLCanvasElement) => Promise<void>} keep
 * @property {(wrong: unknown) => string} why keeping did not go, as a sentence
 * @property {() => void} closed
 */

const WANTED = { audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 2048 }, height: { ideal: 1536 } } };
/** @type {Record<string, string>} */
const TROUBLE = {
  NotAllowedError: "Appen har ikke lov til å bruke kameraet. Tillat kamera for denne siden i nettleserens innstillinger, og prøv igjen.",
  SecurityError: "Appen har ikke lov til å bruke kameraet. Tillat kamera for denne siden i nettleserens innstillinger, og prøv igjen.",
  NotFoundError: "Enheten har ikke noe kamera som kan brukes.",
  OverconstrainedError: "Enheten har ikke noe kamera som kan brukes.",
  NotReadableError: "Kameraet er opptatt. Lukk andre apper som bruker det, og prøv igjen.",
  AbortError: "Kameraet er opptatt. Lukk andre apper som bruker det, og prøv igjen.",
};

/** @type {{ dialog: HTMLDialogElement, asked: Asked, t: Translate, stream: MediaStream | null } | null} */
let open = null;

/** @template {Element} T @param {string} name @returns {T} */
const part = name => /** @type {T} */ (open?.dialog.querySelector(name));

/** @param {Asked} asked */
export function start(asked) {
  close();
  const t = shell.translator(asked.lang);
  const made = document.createElement("template");
  made.innerHTML = shell.render("bedside/_camera.html", {}, t);
  const dialog = /** @type {HTMLDialogElement} */ (made.content.querySelector("dialog"));
  document.body.append(dialog);
  open = { dialog, asked, t, stream: null };
  dialog.addEventListener("close", close);
  dialog.addEventListener("click", event => {
    const pressed = /** @type {Element} */ (event.target).closest("[data-camera-do]");
    if (pressed) void DOES[pressed.getAttribute("data-camera-do") ?? ""]();
  });
  dialog.showModal();
  count();
  void turnOn();
}

/** Off, whichever way it ended: a button, Esc, the lock, another page, another app. */
export function close() {
  if (!open) return;
  const { dialog, asked } = open;
  turnOff();
  open = null;
  dialog.remove();
  asked.closed();
}

function turnOff() {
  for (const track of open?.stream?.getTracks() ?? []) track.stop();
  if (open) open.stream = null;
}

async function turnOn() {
  const mine = open;
  if (!mine) return;
  show("starting", mine.t("Kameraet slås på …"));
  try {
    const stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (open !== mine) return stream.getTracks().forEach(track => { track.stop(); }); // closed while the browser asked
    mine.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => { if (open === mine) failed("NotReadableError"); });
    const video = /** @type {HTMLVideoElement} */ (part("video"));
    video.srcObject = stream;
    await video.play();
    if (open !== mine) return;
    part("[data-camera-do=light]").toggleAttribute("hidden", !(/** @type {any} */ (track.getCapabilities?.())?.torch));
    live();
  } catch (wrong) {
    if (open !== mine) return;
    if (!(wrong instanceof DOMException && wrong.name in TROUBLE)) console.error(wrong);
    failed(wrong instanceof DOMException ? wrong.name : "");
  }
}

/** @param {string} name of what the browser said */
function failed(name) {
  turnOff();
  const { t } = /** @type {NonNullable<typeof open>} */ (open);
  show("trouble", t(TROUBLE[name] ?? "Noe gikk galt på enheten.") + " " + t("Sjekken kan lagres uten bilde."), "again");
}

/** @param {string} [said] */
const live = (said = "") => { show("live", said, "shoot"); };

/** What is seen and can be pressed, what is said, and where the next press belongs. @param {string} state @param {string} said @param {string} [focus] */
function show(state, said, focus = "close") {
  if (!open) return;
  open.dialog.dataset.state = state;
  for (const one of open.dialog.querySelectorAll("[data-when]")) one.toggleAttribute("hidden", one.getAttribute("data-when") !== state);
  part(".camera-said").textContent = said;
  /** @type {HTMLElement} */ (part(`[data-camera-do=${focus}]`)).focus();
}

function count() {
  if (!open) return;
  const { have, most } = open.asked;
  part(".camera-count").textContent = open.t("%(n)s av %(most)s bilder", { n: have, most });
  part("[data-camera-do=close]").textContent = have ? open.t("Ferdig") : open.t("Avbryt");
}

/** @type {Record<string, () => unknown>} */
const DOES = {
  close,
  again: turnOn,
  retake: () => { live(); },
  shoot() {
    const video = /** @type {HTMLVideoElement} */ (part("video"));
    if (!open?.stream || !video.videoWidth) return;
    const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0);
    show("shot", open.t("Er bildet skarpt, og bare av huden?"), "use");
  },
  async use() {
    const mine = open;
    if (!mine || mine.dialog.dataset.state !== "shot") return;
    show("keeping", mine.t("Bildet gjøres klart …"));
    try {
      await mine.asked.keep(/** @type {HTMLCanvasElement} */ (part("canvas")));
    } catch (wrong) {
      if (open === mine) show("shot", mine.asked.why(wrong), "retake");
      return;
    }
    if (open !== mine) return;
    mine.asked.have++;
    count();
    if (mine.asked.have >= mine.asked.most) return close();
    live(mine.t("Bilde %(n)s er lagt til.", { n: mine.asked.have }));
  },
  async light() {
    const button = part("[data-camera-do=light]");
    const on = button.getAttribute("aria-pressed") !== "true";
    const [track] = open?.stream?.getVideoTracks() ?? [];
    await track?.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] }));
    button.setAttribute("aria-pressed", String(on));
  },
};

addEventListener("pagehide", close);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") close(); });
document.addEventListener("htmx:after:swap", () => { if (open && !open.dialog.isConnected) close(); });
