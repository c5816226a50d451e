/**
 * Keys: the only file that says crypto.subtle (its key derivation runs in kdf_worker.js).
 * The open vault lives in this module's memory and nowhere else; none of its keys can be taken out.
 */
import { AEAD_AES_128_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from "../static/vendor/hpke-1.1.7.min.js";
import { hex, join, text, unb64, utf8, uuidBytes } from "./bytes.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{ iv: Bytes, ct: Bytes }} Locked what is encrypted under a vault key */
/** @typedef {Locked & import("./kdf_worker.js").Cost & { salt: Bytes }} PinWrap the vault key under a PIN */
/** @typedef {Locked & { id: Bytes, salt: Bytes }} PrfWrap the vault key under what a passkey's PRF gives for the salt */
/** @typedef {{ pin: PinWrap | null, prf?: PrfWrap | null, signing: Locked, back: Bytes }} Wraps */
/** @typedef {{ body: string, sigs: [string, string][] }} Signed a document that the server signed */

const subtle = crypto.subtle;
const COST = { m: 32 * 1024, t: 3, p: 1 };
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const ECDSA = { name: "ECDSA", hash: "SHA-256" };
/** @type {KeyUsage[]} */
const VAULT_USES = ["encrypt", "decrypt", "unwrapKey"];
export const suite = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_128_GCM);

/** @type {{ key: CryptoKey, signing: CryptoKey } | null} */
let vault = null;
/** @type {Worker | null} */
let ready = null;

export const isOpen = () => vault !== null;
export function close() { vault = null; }

/** What a page asks of a locked vault. */
export class LockedError extends Error {}

function open() {
  if (!vault) throw new LockedError("the vault is locked");
  return vault;
}

const random = (/** @type {number} */ n) => crypto.getRandomValues(new Uint8Array(n));
const newWorker = () => new Worker(new URL("./kdf_worker.js", import.meta.url), { type: "module" });

/** Load the key derivation while the nurse types; one that does not load is not waited for. */
export function warm() {
  ready ??= newWorker();
  ready.onerror = () => { ready = null; };
}

/** @param {string} pin @param {import("./kdf_worker.js").Cost} cost @returns {Promise<CryptoKey>} */
async function pinKey(pin, cost) {
  const worker = ready ?? newWorker();
  ready = null;
  try {
    const raw = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (typeof data === "string" ? reject(new Error("key derivation: " + data)) : resolve(data));
      worker.onerror = event => reject(new Error("key derivation: " + event.message));
      worker.postMessage({ secret: utf8(pin.normalize("NFKC")), cost: { salt: cost.salt, m: cost.m, t: cost.t, p: cost.p } });
    });
    return await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt", "unwrapKey"]);
  } finally {
    worker.terminate();
  }
}

/** @param {Bytes} raw */
const vaultKey = raw => subtle.importKey("raw", raw, "AES-GCM", false, VAULT_USES);

/** @param {CryptoKey} key @param {Bytes} bytes @param {string} place @returns {Promise<Locked>} */
async function lockBytes(key, bytes, place) {
  const iv = random(12);
  const ct = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(place) }, key, bytes);
  return { iv, ct: new Uint8Array(ct) };
}

/** @param {Bytes} raw @param {string} pin @returns {Promise<PinWrap>} */
async function wrapWithPin(raw, pin) {
  const cost = { ...COST, salt: random(16) };
  return { ...cost, ...await lockBytes(await pinKey(pin, cost), raw, "pin") };
}

/**
 * A new vault. The server names its key first; `finish` then wraps everything and leaves the vault open.
 * @returns {Promise<{ publicKey: Bytes, finish: (pin: string, user: string, device: string, seal: SealKey) => Promise<Wraps> }>}
 */
export async function begin() {
  const raw = random(32);
  const pair = /** @type {CryptoKeyPair} */ (await subtle.generateKey(P256, true, ["sign", "verify"]));
  const publicKey = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  return {
    publicKey,
    async finish(pin, user, device, seal) {
      const key = await vaultKey(raw);
      const pkcs8 = new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey));
      const signing = await lockBytes(key, pkcs8, "signing");
      const info = join(utf8("tryggrunde return"), uuidBytes(user), uuidBytes(device));
      const back = join(seal.kid, await sealTo(seal.public, info, raw));
      const wrap = await wrapWithPin(raw, pin);
      raw.fill(0);
      pkcs8.fill(0);
      vault = { key, signing: await unwrapSigning(key, signing) };
      return { pin: wrap, signing, back };
    },
  };
}

/** @param {CryptoKey} key @param {Locked} wrapped */
const unwrapSigning = (key, { iv, ct }) =>
  subtle.unwrapKey("pkcs8", ct, key, { name: "AES-GCM", iv, additionalData: utf8("signing") }, P256, false, ["sign"]);

/** What a PIN gives for this wrap: a second's work, after which nobody knows yet whether it is the right one. @param {PinWrap} wrap @param {string} pin */
export const derive = (wrap, pin) => pinKey(pin, wrap);

/**
 * Open with a PIN and what it gave. False: the PIN is wrong. A wrap with an older, cheaper cost comes back renewed.
 * @param {Wraps} wraps @param {string} pin @param {CryptoKey} by
 * @returns {Promise<false | { renewed: PinWrap | null }>}
 */
export async function unlock(wraps, pin, by) {
  const wrap = wraps.pin;
  if (!wrap) return false;
  const how = { name: "AES-GCM", iv: wrap.iv, additionalData: utf8("pin") };
  try {
    const key = await subtle.unwrapKey("raw", wrap.ct, by, how, "AES-GCM", false, VAULT_USES);
    vault = { key, signing: await unwrapSigning(key, wraps.signing) };
  } catch (wrong) {
    if (wrong instanceof DOMException && wrong.name === "OperationError") return false;
    throw wrong;
  }
  const cheap = wrap.m < COST.m || wrap.t < COST.t;
  return { renewed: cheap ? await wrapWithPin(new Uint8Array(await subtle.decrypt(how, by, wrap.ct)), pin) : null };
}

/** The key that a passkey's secret stands for; the secret itself is written nowhere. @param {Bytes} secret @param {Bytes} salt */
async function prfKey(secret, salt) {
  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  secret.fill(0);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: utf8("tryggrunde prf") };
  return subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "unwrapKey"]);
}

/** Open with a passkey's secret. @param {Wraps} wraps @param {Bytes} secret @returns {Promise<boolean>} */
export async function unlockWith(wraps, secret) {
  const wrap = wraps.prf;
  if (!wrap) return false;
  const how = { name: "AES-GCM", iv: wrap.iv, additionalData: utf8("prf") };
  try {
    const key = await subtle.unwrapKey("raw", wrap.ct, await prfKey(secret, wrap.salt), how, "AES-GCM", false, VAULT_USES);
    vault = { key, signing: await unwrapSigning(key, wraps.signing) };
    return true;
  } catch (wrong) {
    if (wrong instanceof DOMException && wrong.name === "OperationError") return false;
    throw wrong;
  }
}

/** The vault key, by what the PIN gave (`derive`); null when it was the wrong one. @param {PinWrap} wrap @param {CryptoKey} by @returns {Promise<Bytes | null>} */
async function rawKey(wrap, by) {
  try {
    const how = { name: "AES-GCM", iv: wrap.iv, additionalData: utf8("pin") };
    return new Uint8Array(await subtle.decrypt(how, by, wrap.ct));
  } catch (wrong) {
    if (wrong instanceof DOMException && wrong.name === "OperationError") return null;
    throw wrong;
  }
}

/** Whether it was the PIN. @param {PinWrap} wrap @param {CryptoKey} by */
export async function knows(wrap, by) {
  const raw = await rawKey(wrap, by);
  raw?.fill(0);
  return raw !== null;
}

/** The same vault under a passkey's secret too; null when the PIN was wrong. @param {PinWrap} wrap @param {CryptoKey} by @param {Bytes} id @param {Bytes} salt @param {Bytes} secret @returns {Promise<PrfWrap | null>} */
export async function addPasskey(wrap, by, id, salt, secret) {
  const raw = await rawKey(wrap, by);
  if (!raw) return null;
  const made = { id, salt, ...await lockBytes(await prfKey(secret, salt), raw, "prf") };
  raw.fill(0);
  return made;
}

/** Another PIN for the same vault; null when the old one was wrong. @param {PinWrap} wrap @param {CryptoKey} by @param {string} pin */
export async function changePin(wrap, by, pin) {
  const raw = await rawKey(wrap, by);
  return raw && wrapWithPin(raw, pin);
}

/** The vault key came back from the server (its return wrap): a new PIN, and open. @param {Wraps} wraps @param {Bytes} raw @param {string} pin */
export async function reopen(wraps, raw, pin) {
  const key = await vaultKey(raw);
  const opened = { key, signing: await unwrapSigning(key, wraps.signing) };
  const wrap = await wrapWithPin(raw, pin);
  raw.fill(0);
  vault = opened;
  return wrap;
}

/** Encrypt for this device. `place` = where it will stand; it opens nowhere else. @param {unknown} value @param {string} place */
export const encrypt = (value, place) => lockBytes(open().key, utf8(JSON.stringify(value)), place);

/** @param {Locked} locked @param {string} place @returns {Promise<any>} */
export async function decrypt({ iv, ct }, place) {
  const how = { name: "AES-GCM", iv, additionalData: utf8(place) };
  return JSON.parse(text(new Uint8Array(await subtle.decrypt(how, open().key, ct))));
}

/** The same for bytes as they are: a photo is not text. @param {Bytes} bytes @param {string} place */
export const encryptBytes = (bytes, place) => lockBytes(open().key, bytes, place);

/** @param {Locked} locked @param {string} place @returns {Promise<Bytes>} */
export async function decryptBytes({ iv, ct }, place) {
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8(place) }, open().key, ct));
}

/** @param {Bytes} bytes @returns {Promise<Bytes>} raw r‖s */
export const sign = async bytes => new Uint8Array(await subtle.sign(ECDSA, open().signing, bytes));

/** @typedef {{ kid: Bytes, public: Bytes }} SealKey a sealing pair's name and public half */

/** HPKE to the server. @param {Bytes} publicKey @param {Bytes} info @param {Bytes} plain @returns {Promise<Bytes>} enc ‖ ciphertext */
export async function sealTo(publicKey, info, plain) {
  const key = await suite.DeserializePublicKey(publicKey);
  const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plain, { info });
  return join(encapsulatedSecret, ciphertext);
}

/** @param {Bytes} bytes */
export const sha256 = async bytes => hex(new Uint8Array(await subtle.digest("SHA-256", bytes)));

/**
 * The body of a document that one of the trusted server keys signed for this purpose, or null.
 * @param {Signed | null | undefined} document @param {string} purpose @param {string[]} trusted
 * @returns {Promise<any>}
 */
export async function verified(document, purpose, trusted) {
  if (!document) return null;
  const body = unb64(document.body);
  for (const [signer, signature] of document.sigs) {
    if (!trusted.includes(signer)) continue;
    const key = await subtle.importKey("raw", unb64(signer), P256, false, ["verify"]);
    if (await subtle.verify(ECDSA, key, unb64(signature), join(utf8(`tryggrunde ${purpose} 1`), body))) return JSON.parse(text(body));
  }
  return null;
}
