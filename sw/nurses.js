/** The nurses who have a vault on this device: opening it with a PIN, wrong PINs, a new PIN, closing. */
import * as store from "./store.js";
import * as vault from "./vault.js";

/** @typedef {{ id: string, name: string, title: string, lang: string, role: string }} User */
/** @typedef {{ id: string, name: string }} Unit */
/** @typedef {{ session_token: string, until: string, server_signing: string }} Secret */
/**
 * @typedef {object} Vault
 * @property {number} no
 * @property {User} user
 * @property {Unit[]} units
 * @property {string} key_id
 * @property {vault.Signed} papers
 * @property {string | null} papers_epoch where the server last took the papers
 * @property {vault.Wraps} wraps
 * @property {vault.Locked} secret
 * @property {vault.Signed | null} lease
 * @property {number} series the last number used in the key's series
 * @property {{ n: number, until: number }} fails wrong PINs in a row, and when the next may be tried
 * @property {string} opened_at
 * @property {boolean} [phrase] her secret is as long as a municipality that asks for a passphrase wants it; not known before she has unlocked
 * @property {boolean} [digits] her PIN is digits only, so the lock page may offer big keys; whoever guesses tries digits first anyway
 */
/** @typedef {{ wraps?: Partial<vault.Wraps>, digits?: boolean, phrase?: boolean }} News */
/** @typedef {{ ok: true, vault: Vault } | { ok: false, why: "wrong" | "wait" | "closed" | "lease" | "passkey", seconds?: number, left?: number }} Attempt */

export const TRIES = 10;
const DELAYS = [0, 0, 0, 5, 15, 30, 60, 120, 300, 300];
const LONGEST = Math.max(...DELAYS);

/** @type {{ vault: Vault, secret: Secret } | null} */
let now = null;

/** Who is unlocked. */
export const current = () => now && vault.isOpen() ? now.vault : null;
export const secret = () => now && vault.isOpen() ? now.secret : null;

export function lock() {
  vault.close();
  now = null;
}

/** @returns {Promise<Vault[]>} */
export async function list() {
  const vaults = /** @type {Vault[]} */ (await store.all("vaults"));
  return vaults.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
}

/** @param {string} pin */
const isDigits = pin => /^\d+$/.test(pin);

const WALKS = "147258369 963852741 159753 357159 159357 753951 951753"; // over the keys of a telephone

/** What whoever has ten tries begins with: even steps, few digits, one part again and again, pairs, there and back, walks. @param {string} pin */
function isPlain(pin) {
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  const back = [...pin].reverse().join("");
  return steps.size === 1 || new Set(pin).size < 3 || /^(\d+)\1+$|^(?:(\d)\2)+$/.test(pin) || pin === back || WALKS.includes(pin);
}

/** Four words that differ: what docs/security.md reckons with. @param {string} pin */
const isPhrase = pin => new Set(pin.toLowerCase().match(/\p{L}{2,}/gu)).size >= 4 && pin.trim().length >= 16;

/** What is kept of a new secret besides the wrap. @param {string} pin */
const traits = pin => ({ digits: isDigits(pin), phrase: isPhrase(pin) });

/**
 * Why a PIN will not do, or null. At least six digits, or a passphrase; where the municipality asks for one, a long one.
 * @param {string} pin @param {boolean} [asked] @returns {"short" | "plain" | "phrase" | null}
 */
export function weakness(pin, asked = false) {
  if (asked && !isPhrase(pin)) return "phrase";
  if (/^\d*$/.test(pin)) {
    if (pin.length < 6) return "short";
    return isPlain(pin) ? "plain" : null;
  }
  return pin.length < 8 ? "short" : null;
}

/** @param {string} userId @param {(vault: Vault) => Vault | undefined} change @returns {Promise<Vault>} */
const edit = (userId, change) => store.edit("vaults", userId, found => found && change(found));

/**
 * One try at her PIN: at the lock page, and wherever an open vault asks for it again, so that an unlocked device in another's hand gives
 * no more tries. It is counted after the key derivation, which takes long and tells nothing, and before its key is tried: killing the app
 * wins nothing, and a reload or a flat battery in between costs her no try.
 * @param {string} userId @param {string} pin @param {number} ms the device's clock
 * @param {(wraps: vault.Wraps, by: CryptoKey) => Promise<News | null>} use what the key is for: what it makes new, or null when it is wrong
 * @returns {Promise<Attempt>}
 */
async function attempt(userId, pin, ms, use) {
  const known = /** @type {Vault | undefined} */ (await store.get("vaults", userId));
  if (!known?.wraps.pin) return { ok: false, why: "closed" };
  const left = pause(known, ms);
  if (left) return { ok: false, why: "wait", seconds: left };
  const by = await vault.derive(known.wraps.pin, pin);
  const counted = await count(userId, ms);
  if ("why" in counted) return counted;
  const news = await use(counted.wraps, by);
  if (news) return opening(userId, ms, news);
  if (counted.fails.n >= TRIES) await close(userId);
  if (counted.fails.n >= TRIES) return { ok: false, why: "closed" };
  return { ok: false, why: "wrong", left: TRIES - counted.fails.n, seconds: Math.ceil((counted.fails.until - ms) / 1000) };
}

/** @param {string} userId @param {string} pin @param {number} ms @returns {Promise<Attempt>} */
export const unlock = (userId, pin, ms) => attempt(userId, pin, ms, async (wraps, by) => {
  const opened = await vault.unlock(wraps, pin, by);
  return opened ? { phrase: isPhrase(pin), ...(opened.renewed ? { wraps: { pin: opened.renewed } } : {}) } : null;
});

/** One more try, unless another window made one meanwhile that has to be waited for. @param {string} userId @param {number} ms @returns {Promise<Vault | Attempt & { ok: false }>} */
async function count(userId, ms) {
  let left = 0;
  const found = await edit(userId, it => {
    left = pause(it, ms);
    return left || !it.wraps.pin ? undefined : { ...it, fails: failed(it.fails.n + 1, ms) };
  });
  if (!found.wraps.pin) return { ok: false, why: "closed" };
  return left ? { ok: false, why: "wait", seconds: left } : found;
}

/** Seconds before the next try. @param {Vault} known @param {number} ms */
function pause({ fails }, ms) {
  const left = Math.ceil((fails.until - ms) / 1000);
  return left > 0 && left <= LONGEST ? left : 0; // longer: the clock was set back since
}

/** @param {string} userId @param {number} ms @param {News} news @returns {Promise<Attempt>} */
async function opening(userId, ms, news) {
  const stored = await edit(userId, it => ({
    ...it, ...news, fails: { n: 0, until: 0 }, opened_at: new Date(ms).toISOString(), wraps: { ...it.wraps, ...news.wraps },
  }));
  return { ok: true, vault: await take(stored) };
}

/** Her passkey on this device, while the vault is not closed. @param {string} userId */
export async function passkeyOf(userId) {
  const known = /** @type {Vault | undefined} */ (await store.get("vaults", userId));
  return known?.wraps.pin ? known.wraps.prf ?? null : null;
}

/** With a passkey's secret. A pause after wrong PINs holds for it too. @param {string} userId @param {Uint8Array<ArrayBuffer>} secret @param {number} ms @returns {Promise<Attempt>} */
export async function unlockWith(userId, secret, ms) {
  const known = /** @type {Vault | undefined} */ (await store.get("vaults", userId));
  if (!known?.wraps.pin || !known.wraps.prf) return { ok: false, why: "closed" };
  const left = pause(known, ms);
  if (left) return { ok: false, why: "wait", seconds: left };
  return await vault.unlockWith(known.wraps, secret) ? opening(userId, ms, {}) : { ok: false, why: "passkey" };
}

/** Her PIN once more, with the vault open. @param {string} pin @param {number} ms @param {(wraps: vault.Wraps, by: CryptoKey) => Promise<News | null>} use @returns {Promise<Attempt>} */
async function again(pin, ms, use) {
  const open = current();
  return open ? attempt(open.user.id, pin, ms, use) : { ok: false, why: "closed" };
}

/** Whether this is her PIN. @param {string} pin @param {number} ms */
export const knowsPin = (pin, ms) => again(pin, ms, async (wraps, by) => (wraps.pin && await vault.knows(wraps.pin, by) ? {} : null));

/** @param {string} pin @param {number} ms @param {Uint8Array<ArrayBuffer>} id @param {Uint8Array<ArrayBuffer>} salt @param {Uint8Array<ArrayBuffer>} secret */
export const addPasskey = (pin, ms, id, salt, secret) => again(pin, ms, async (wraps, by) => {
  const prf = wraps.pin && await vault.addPasskey(wraps.pin, by, id, salt, secret);
  return prf && { wraps: { prf } };
});

/** Only the PIN from now on. */
export async function removePasskey() {
  const open = current();
  if (open) await take(await edit(open.user.id, it => ({ ...it, wraps: { ...it.wraps, prf: null } })));
}

/** @param {number} n @param {number} ms */
const failed = (n, ms) => ({ n, until: ms + (DELAYS[Math.min(n, DELAYS.length - 1)] ?? 0) * 1000 });

/** @param {Vault} record */
async function take(record) {
  now = { vault: record, secret: await vault.decrypt(record.secret, "secret/" + record.user.id) };
  return record;
}

/** Closing is one act: neither the PIN nor a passkey opens it any longer. Nothing else is lost. @param {string} userId */
export async function close(userId) {
  await edit(userId, it => ({ ...it, wraps: { ...it.wraps, pin: null, prf: null } }));
  if (current()?.user.id === userId) lock();
}

/** What the server answers when a vault or a session is made. */
/** @typedef {{ user: User, units: Unit[], device_id: string, key_id: string, papers: vault.Signed, session_token: string, until: string, lease: vault.Signed | null, server_signing_public: string }} Opening */

/**
 * A first vault for this nurse, kept and open.
 * @param {Opening} opening @param {Awaited<ReturnType<typeof vault.begin>>} begun @param {string} pin @param {vault.SealKey} seal
 */
export async function create(opening, begun, pin, seal) {
  const { user, units, key_id, papers, lease } = opening;
  const wraps = await begun.finish(pin, user.id, opening.device_id, seal);
  const locked = await vault.encrypt(secretOf(opening), "secret/" + user.id);
  const record = await store.transact(["vaults"], "strict", async tx => {
    const vaults = tx.objectStore("vaults");
    const others = /** @type {Vault[]} */ (await vaults.getAll());
    /** @type {Vault} */
    const made = {
      no: 1 + Math.max(0, ...others.map(other => other.no)), user, units, key_id, papers, papers_epoch: null, wraps,
      secret: locked, lease, series: 0, fails: { n: 0, until: 0 }, opened_at: new Date().toISOString(), ...traits(pin),
    };
    await vaults.put(made, user.id);
    return made;
  });
  return take(record);
}

/** @param {Opening | Renewal} opening @returns {Secret} */
const secretOf = ({ session_token, until, server_signing_public }) =>
  ({ session_token, until, server_signing: server_signing_public ?? now?.secret.server_signing ?? "" });

/** @typedef {{ session_token: string, until: string, lease: vault.Signed | null, server_signing_public?: string }} Renewal */

/** The open vault gets a new session. @param {Renewal} renewal */
export async function renew(renewal) {
  const open = current();
  if (!open) throw new vault.LockedError("no open vault");
  const locked = await vault.encrypt(secretOf(renewal), "secret/" + open.user.id);
  await take(await edit(open.user.id, it => ({ ...it, secret: locked, lease: renewal.lease ?? it.lease })));
}

/** A forgotten PIN: the server opened the return wrap. @param {string} userId @param {Uint8Array<ArrayBuffer>} raw @param {string} pin */
export async function reopen(userId, raw, pin) {
  const known = /** @type {Vault} */ (await store.get("vaults", userId));
  const wrap = await vault.reopen(known.wraps, raw, pin);
  await take(await edit(userId, it => ({ ...it, wraps: { ...it.wraps, pin: wrap, prf: null }, fails: { n: 0, until: 0 }, ...traits(pin) })));
}

/** @param {string} old @param {string} pin @param {number} ms */
export const changePin = (old, pin, ms) => again(old, ms, async (wraps, by) => {
  const wrap = wraps.pin && await vault.changePin(wraps.pin, by, pin);
  return wrap && { wraps: { pin: wrap }, ...traits(pin) };
});

/** Her log-in here was ended elsewhere: the vault opens no more once it is locked. @param {string} token the one that was ended @returns {Promise<boolean>} whether it is still the one in use */
export async function leave(token) {
  if (secret()?.session_token !== token) return false;
  await refresh({ lease: null });
  return true;
}

/** The lease and the name as the last contact gave them. @param {Partial<Vault>} news */
export async function refresh(news) {
  const open = current();
  if (open && now) now = { ...now, vault: await edit(open.user.id, it => ({ ...it, ...news })) };
}
