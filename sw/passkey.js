/** Fingerprint or face instead of the PIN: a passkey of this device alone, whose PRF gives a secret that is written nowhere. */
import * as nurses from "./nurses.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes @typedef {import("./vault.js").Locked & { id: Bytes, salt: Bytes }} PrfWrap */

const PATIENCE = 60_000;
const random = (/** @type {number} */ n) => crypto.getRandomValues(new Uint8Array(n));

/** Where it may be offered: a browser that has it, on an address with a name, with a screen lock that knows its owner. @returns {Promise<boolean>} */
export async function possible() {
  if (!("PublicKeyCredential" in globalThis) || /^[\d.]+$|:/.test(location.hostname)) return false;
  const can = /** @type {Record<string, boolean> | undefined} */ (await PublicKeyCredential.getClientCapabilities?.().catch(() => undefined));
  return can?.["extension:prf"] !== false && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false);
}

/** @param {PublicKeyCredential | null} made @returns {Bytes | null} */
function secretOf(made) {
  const first = made?.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(/** @type {ArrayBuffer} */ (first)) : null;
}

/** Ask for the secret behind a salt. Needs no net. @param {{ id: Bytes, salt: Bytes }} wrap */
const ask = async ({ id, salt }) => secretOf(/** @type {PublicKeyCredential | null} */ (await navigator.credentials.get({ publicKey: {
  challenge: random(32), allowCredentials: [{ type: "public-key", id }], userVerification: "required", timeout: PATIENCE,
  extensions: { prf: { eval: { first: salt } } },
} })));

/** A passkey that nobody else is asked for; the server knows nothing of it. @param {string} name @param {Bytes} salt */
async function make(name, salt) {
  const made = /** @type {PublicKeyCredential | null} */ (await navigator.credentials.create({ publicKey: {
    challenge: random(32), rp: { name: "TryggRunde" }, user: { id: random(16), name: "TryggRunde: " + name, displayName: name },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }], timeout: PATIENCE,
    authenticatorSelection: { authenticatorAttachment: "platform", residentKey: "discouraged", userVerification: "required" },
    extensions: { prf: { eval: { first: salt } } },
  } }));
  const id = made && new Uint8Array(made.rawId);
  if (!id || !made.getClientExtensionResults().prf?.enabled) return null;
  const secret = secretOf(made) ?? await ask({ id, salt }); // some give it only when asked
  return secret && { id, secret };
}

/** Set it up for the open vault. @param {string} pin @param {number} ms @returns {Promise<nurses.Attempt | "missing" | "cancelled">} */
export async function setUp(pin, ms) {
  const known = await nurses.knowsPin(pin, ms);
  if (!known.ok) return known;
  const salt = random(32);
  try {
    const made = await make(known.vault.user.name, salt);
    if (!made) return "missing";
    return await nurses.addPasskey(pin, ms, made.id, salt, made.secret);
  } catch (wrong) {
    if (wrong instanceof DOMException) return wrong.name === "NotSupportedError" || wrong.name === "SecurityError" ? "missing" : "cancelled";
    throw wrong;
  }
}

/** @param {string} userId @param {number} ms @returns {Promise<nurses.Attempt>} */
export async function unlock(userId, ms) {
  const wrap = await nurses.passkeyOf(userId);
  if (!wrap) return { ok: false, why: "closed" };
  try {
    const secret = await ask(wrap);
    return secret ? await nurses.unlockWith(userId, secret, ms) : { ok: false, why: "passkey" };
  } catch (wrong) {
    if (wrong instanceof DOMException) return { ok: false, why: "passkey" };
    throw wrong;
  }
}
