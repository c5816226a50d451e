/** Who was looked at, offline too: kept encrypted until enough for an envelope, then signed and sealed like a check. */
import * as clock from "./clock.js";
import { VIEW } from "./envelope.js";
import * as nurses from "./nurses.js";
import * as outbox from "./outbox.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const ENOUGH = 25;
/** Pages that show somebody's health, and the access log's word for it. */
const ACTIONS = /** @type {Record<string, string>} */ ({ person: "person", check: "check" });

let count = 0;

/** @param {string} page @param {Record<string, string>} params @param {any} world */
export async function seen(page, params, world) {
  const draft = world.drafts.find((/** @type {any} */ one) => one.id === params.check_id); // its form shows what is known of her
  const action = draft ? "draft" : ACTIONS[page];
  const ref = params.ref ?? draft?.person ?? world.people.find((/** @type {any} */ one) =>
    one.checks.some((/** @type {any} */ check) => check.id === params.check_id))?.ref;
  const nurse = nurses.current();
  if (!action || !ref || !nurse) return;
  const key = `${nurse.user.id}/${outbox.newId()}`;
  const view = { v: [ref, clock.iso(clock.now()), action], u: world.me.unit.id };
  const locked = await vault.encrypt(view, key);
  await store.transact(["views"], "relaxed", async tx => { await tx.objectStore("views").put(locked, key); });
  count += 1;
  if (count >= ENOUGH) await flush();
}

/** Seal what has been seen: when it is enough, and before a lock. */
export async function flush() {
  const nurse = nurses.current();
  if (!nurse) return;
  const pending = (await store.under("views", nurse.user.id + "/")).slice(0, 500);
  if (!pending.length) return;
  const opened = await Promise.all(pending.map(([key, locked]) => vault.decrypt(locked, key)));
  await outbox.save({
    id: outbox.newId(), kind: VIEW, content: { u: opened[0].u, v: opened.map(({ v }) => v) }, row: null,
    app: shell.version(), drop: pending.map(([key]) => key),
  });
  count = 0;
}
