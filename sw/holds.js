/** What the device tells the server of itself at each contact: counts, times and settings, nothing of a person. Needs no key. */
import * as clock from "./clock.js";
import * as photos from "./photo_rows.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";

/** Opened as an app of its own, not in a browser's tab. */
export const isInstalled = () => matchMedia("(display-mode: standalone), (display-mode: fullscreen), (display-mode: minimal-ui)").matches
  || /** @type {any} */ (navigator).standalone === true;

/** The browser has promised to keep what lies here. @returns {Promise<boolean>} */
export const isKept = async () => await navigator.storage?.persisted?.() ?? false;

/** What is to be said of databases that were set aside; null when there are none. */
export const setAside = async () => ((await store.numbers())[0] ?? 1) > 1 ? import("./aside.js").then(it => it.told(), () => null) : null;

export async function holds() {
  const [entries, drafts, kept, pictures, revoked, aside = []] = await Promise.all([
    sealed.entries(), store.transact(["drafts"], "readonly", tx => tx.objectStore("drafts").count()), isKept(),
    photos.waiting(), store.get("meta", "revoked"), store.get("meta", "aside"),
  ]);
  const checks = entries.filter(({ kind }) => kind === 1);
  const waiting = checks.filter(({ state }) => state === "waiting");
  return {
    waiting: waiting.length, drafts, quarantined: checks.filter(({ state }) => state === "quarantined").length,
    oldest: sealed.oldest(waiting), now: clock.evidence().n, kept, installed: isInstalled(), ...pictures,
    ...(revoked ? { wiped: true, emptied: revoked.emptied === true } : {}),
    aside: revoked?.unread?.length ?? aside.filter((/** @type {import("./aside.js").Aside} */ it) => !it.home).length,
  };
}
