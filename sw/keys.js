/** The server's keys as this device trusts them: pinned at enrolment, a copy in each vault, successors signed. */
import { unb64, unhex } from "./bytes.js";
import * as nurses from "./nurses.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

/** @typedef {{ offered: string, made: string, sealing: { kid: string, public: string }[], signing: string[] }} KeyList */

/** @type {{ body: string, list: KeyList } | null} checked once per list */
let checked = null;

/** The key to seal to. Trusts the copy inside the open vault rather than what lies in clear. @returns {Promise<vault.SealKey>} */
export async function sealKey() {
  const root = nurses.secret()?.server_signing;
  return offered(await store.get("meta", "key_list"), root ? [root] : []);
}

/** @param {vault.Signed} signed @param {string[]} roots @returns {Promise<vault.SealKey>} */
export async function offered(signed, roots) {
  if (checked?.body !== signed?.body) {
    const list = await vault.verified(signed, "keys", roots);
    if (!list) throw new Error("the key list is not signed by the server of this device");
    checked = { body: signed.body, list };
  }
  const list = /** @type {{ list: KeyList }} */ (checked).list;
  const pair = list.sealing.find(({ kid }) => kid === list.offered);
  if (!pair) throw new Error("the key list offers no key");
  return { kid: unhex(pair.kid), public: unb64(pair.public) };
}

/** A list from a contact: kept when the server this device knows has signed it and it is not older. @param {vault.Signed | undefined} signed */
export async function accept(signed) {
  const [pinned, kept] = await Promise.all([store.get("meta", "installation"), store.get("meta", "key_list")]);
  const root = nurses.secret()?.server_signing ?? pinned?.server_signing_public;
  if (!signed || signed.body === kept?.body || !root) return;
  const [news, old] = await Promise.all([vault.verified(signed, "keys", [root]), vault.verified(kept, "keys", [root])]);
  if (news && (!old || news.made >= old.made)) await store.put("meta", "key_list", signed);
}
