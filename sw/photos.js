/**
 * Photos of findings: encrypted when they are taken, sealed to the server when their check is saved, gone from reading
 * when the server has named them; the sealed copy stays 14 days, as a record's does.
 */
import { uuid7, utf8 } from "./bytes.js";
import * as clock from "./clock.js";
import * as envelope from "./envelope.js";
import * as keys from "./keys.js";
import * as nurses from "./nurses.js";
import { names } from "./photo_answers.js";
import * as rows from "./photo_rows.js";
import * as records from "./records.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

/** @typedef {import("./photo_rows.js").Photo} Photo */

const DAYS_14 = 14 * 86_400_000;

function me() {
  const nurse = nurses.current();
  if (!nurse) throw new vault.LockedError("no open vault");
  return nurse;
}

/** @param {string} key */
const place = key => "photos/" + key;

/** Keep a picture that was taken for a begun check. @param {string} check @param {Uint8Array<ArrayBuffer>} picture @returns {Promise<string>} its name in the check */
export async function keep(check, picture) {
  const name = await vault.sha256(picture);
  const key = rows.keyOf(check, name);
  /** @type {Photo} */
  const row = {
    check, name, vault: me().no, id: uuid7(clock.now()), taken: clock.iso(clock.now()), state: "draft",
    locked: await vault.encryptBytes(picture, place(key)), bytes: null, hash: "", at: null, reason: "",
  };
  await store.put("photos", key, row);
  return name;
}

/** The picture, while this nurse may still see it here; null when it is with the server. @param {string} check @param {string} name */
export async function picture(check, name) {
  const key = rows.keyOf(check, name);
  const row = /** @type {Photo | undefined} */ (await store.get("photos", key));
  return row?.locked && row.vault === me().no ? vault.decryptBytes(row.locked, place(key)) : null;
}

/** Of a begun check, these and no others. @param {string} check @param {string[]} wanted */
export async function only(check, wanted) {
  for (const [key, row] of await rows.of(check)) {
    if (row.state === "draft" && !wanted.includes(row.name)) await store.remove("photos", key);
  }
}

/** Seal what a saved check names, and forget what it does not. @param {string} check @param {string[]} wanted */
export async function seal(check, wanted) {
  await only(check, wanted);
  for (const [key, row] of await rows.of(check)) {
    if (row.locked && (row.state === "draft" || row.reason === "unknown_kid")) await sealOne(key, row);
  }
}

/** @param {string} key @param {Photo} row */
async function sealOne(key, row) {
  if (!row.locked) return;
  const picture = await vault.decryptBytes(row.locked, place(key));
  const { installation } = await store.get("meta", "installation");
  const payload = utf8(JSON.stringify({
    id: row.id, kind: "photo", inst: installation, key: me().key_id, chk: row.check, h: row.name, rec: row.taken, app: shell.version(),
  }));
  const head = { version: envelope.JSON_TEXT, kind: envelope.PHOTO, id: row.id, installation };
  const signature = await envelope.sign(head, payload);
  const sealed = await envelope.sealPhoto(head, payload, picture, signature, await keys.sealKey());
  await store.edit("photos", key, it => it && { ...it, ...sealed, state: "waiting", reason: "" });
}

/** At an unlock and when there is something behind: what a kill or a full disk left unsealed, and what was sealed for a key nobody knows. */
export async function sweep() {
  const world = await records.world();
  if (!world) return;
  const checks = new Map(world.people.flatMap((/** @type {any} */ person) => person.checks.map((/** @type {any} */ one) => [one.id, one])));
  for (const [check, key] of await rows.unsealed(me().no)) {
    const saved = /** @type {any} */ (checks.get(check));
    if (saved) await seal(check, names(shell.registry().form(saved.form, saved.version), saved.answers));
    else if (!records.draft(check)) await rows.forgetOld(key, clock.now() - DAYS_14);
  }
}
