/** Bytes and texts: base64url, UUIDs, joining. */

const UTF8 = new TextEncoder();

/** @param {string} text */
export const utf8 = text => /** @type {Uint8Array<ArrayBuffer>} */ (UTF8.encode(text));

/** @param {Uint8Array} bytes */
export const text = bytes => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** @param {Uint8Array} bytes */
export function b64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} encoded @returns {Uint8Array<ArrayBuffer>} */
export function unb64(encoded) {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, char => char.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");

/** @param {string} digits @returns {Uint8Array<ArrayBuffer>} */
export const unhex = digits => Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16));

/** @param {string} uuid */
export const uuidBytes = uuid => unhex(uuid.replaceAll("-", ""));

/** @param {Uint8Array} bytes */
function uuidText(bytes) {
  const digits = hex(bytes);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

/** A UUIDv7: its time orders records that are made on one device. @param {number} ms */
export function uuid7(ms) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = ms;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return uuidText(bytes);
}

/** @param {number} n */
export const u32 = n => Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
