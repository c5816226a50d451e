/** Who was looked at, and which lists, offline too: kept encrypted until enough for an envelope, then signed and sealed like a check. */
import * as clock from "./clock.js";
import { VIEW } from "./envelope.js";
import * as nurses from "./nurses.js";
import * as outbox from "./outbox.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const ENOUGH = 25;
const AGAIN = 60_000; // ms: a list that follows the outbox, or a search typed letter by letter, is one look at it
/** Pages that show who receives care, and the access log's word for it: of one person, of many. As in webapp/bedside/routes.py. */
const ONE = /** @type {Record<string, string>} */ ({ person: "person", check: "check" });
const MANY = /** @type {Record<string, string>} */ ({ round: "round", shift: "round", people: "people", event: "people", sent: "sent" });

let count = 0;
/** When the nurse last looked at each list. @type {Map<string, number>} */
const looked = new Map();

/** @param {string} page @param {string} method @param {Record<string, string>} params @param {any} world */
export async function seen(page, method, params, world) {
  const nurse = nurses.current();
  if (!nurse) return;
  const list = MANY[page] && method === "POST" ? "search" : MANY[page];
  if (list ? lately(`${nurse.user.id}/${list}`) : !ONE[page]) return;
  const draft = world.drafts.find((/** @type {any} */ one) => one.id === params.check_id); // its form shows what is known of her
  const ref = list ? null : params.ref ?? draft?.person ?? world.people.find((/** @type {any} */ one) =>
    one.checks.some((/** @type {any} */ check) => check.id === params.check_id))?.ref;
  if (ref === undefined) return;
  const key = `${nurse.user.id}/${outbox.newId()}`;
  const view = { v: [ref, clock.iso(clock.now()), list ?? (draft ? "draft" : ONE[page])], u: world.me.unit.id };
  const locked = await vault.encrypt(view, key);
  await store.transact(["views"], "relaxed", async tx => { await tx.objectStore("views").put(locked, key); });
  count += 1;
  if (count >= ENOUGH) await flush();
}

/** @param {string} list */
function lately(list) {
  const now = performance.now(), before = looked.get(list) ?? -Infinity;
  if (now - before < AGAIN) return true;
  looked.set(list, now);
  return false;
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
