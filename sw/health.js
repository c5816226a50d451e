/** What this device knows of itself: storage, clock, contact, what is unsent. Needs no key, so the lock page may ask too. */
import * as clock from "./clock.js";
import { isInstalled, isKept, setAside } from "./holds.js";
import * as nurses from "./nurses.js";
import * as devicePage from "./pages/device.js";
import { locked } from "./pages/health.js";
import * as photos from "./photo_rows.js";
import * as records from "./records.js";
import { opensAlone } from "./registration.js";
import * as sealed from "./sealed.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

/** @typedef {import("./actions.js").Page} Page @typedef {import("./pages/health.js").Facts} Facts */
/** @typedef {import("./pages/health.js").Written} Written */

/** @returns {Promise<Facts>} */
export async function facts() {
  const storage = navigator.storage;
  const [installation, anchor, waiting, kept, pictures, behind, alone, aside, room] = await Promise.all([
    store.get("meta", "installation"), store.get("meta", "anchor"), sealed.waiting(), isKept(), photos.waiting(), photos.behind(), opensAlone(), setAside(),
    storage?.estimate?.().catch(() => null) ?? null,
  ]);
  const checks = waiting.filter(({ kind }) => kind === 1);
  return {
    now: clock.iso(clock.now()), name: installation?.name ?? "", installed: isInstalled(), kept,
    free: room?.quota === undefined ? null : room.quota - (room.usage ?? 0),
    offset: anchor ? Date.parse(anchor.d) - Date.parse(anchor.s) : null, contact: anchor?.s ?? null,
    waiting: checks.length, sealed: waiting.length, oldest: sealed.oldest(checks), version: shell.version(), paused: sync.paused(),
    photos: pictures.photos, photosOldest: pictures.photos_oldest, unsealed: behind.length, alone, aside,
  };
}

/** This device, with the nurse's own part when she is unlocked. @param {Written | null} [written] @returns {Promise<Page>} */
export async function page(written = null) {
  const found = await facts();
  const world = nurses.current() ? await records.world() : null;
  if (world) {
    const { drafts } = await records.holds();
    return devicePage.device({ world, facts: found, drafts, sessionEnded: sync.sessionEnded(), written }, shell.translator(world.me.lang));
  }
  const lang = await shell.speak((await nurses.list())[0]?.user.lang ?? "nb");
  return locked(found, lang, shell.translator(lang), written);
}
