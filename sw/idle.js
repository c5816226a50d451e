/** When to lock: five minutes without a touch. When the page is hidden, the screen is blanked. */

const LIMIT = 5 * 60_000;
const SIGNS = ["pointerdown", "keydown", "input", "wheel", "touchstart"];

const last = { wall: 0, ran: 0 };
/** @type {() => boolean} */
let unlocked = () => false;
/** @type {() => void} */
let lock = () => undefined;

/** The nurse did something. */
export const touch = () => { Object.assign(last, { wall: Date.now(), ran: performance.now() }); };

/** By either clock: one may be set back, the other stands still while a tablet sleeps. */
const still = () => Math.max(Date.now() - last.wall, performance.now() - last.ran);

function look() {
  if (unlocked() && still() >= LIMIT) lock();
}

function hidden() {
  const away = document.visibilityState === "hidden";
  if (away) settle();
  document.documentElement.style.visibility = away && unlocked() ? "hidden" : "";
  if (!away) look();
}

/** What is typed and not yet posted is, before the screen goes dark. */
export function settle() {
  const field = document.activeElement;
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) {
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** @param {{ unlocked: () => boolean, lock: () => void }} how */
export function start(how) {
  unlocked = how.unlocked;
  lock = how.lock;
  touch();
  for (const sign of SIGNS) addEventListener(sign, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", hidden);
  addEventListener("pageshow", look);
  setInterval(look, 5_000);
}
