/** Envelopes v1 and v2, byte by byte: header in clear, then HPKE(signature + deflated payload + padding). */
import { join, u32, utf8, uuidBytes } from "./bytes.js";
import * as vault from "./vault.js";

export const CHECK = 1;
export const PHOTO = 2;
export const VIEW = 3;
/** A payload of v1 is JSON and says everything; one of v2 is packed, and what the header says is signed and not carried twice. */
export const JSON_TEXT = 1;
export const PACKED = 2;
const BLOCK = 32;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @typedef {{ version: number, kind: number, id: string, installation: string }} Head */

/** What is signed: the payload as carried, in v2 behind the header's part. @param {Head} head @param {Bytes} payload */
export function sign(head, payload) {
  const said = head.version === PACKED
    ? join(Uint8Array.of(head.version, head.kind), uuidBytes(head.installation), uuidBytes(head.id)) : new Uint8Array();
  return vault.sign(join(utf8("tryggrunde " + head.version), said, payload));
}

/**
 * Sealed for one key of the server; sealing again for another keeps payload and signature.
 * @param {Head} head @param {Bytes} payload @param {Bytes} signature
 * @param {vault.SealKey} key
 * @returns {Promise<{ bytes: Bytes, hash: string }>}
 */
export async function seal(head, payload, signature, key) {
  return sealInner(head, join(signature, await deflate(payload)), key);
}

/**
 * A photo (always v1): the signed payload names the picture's hash, the picture stands beside it as it is.
 * @param {Head} head @param {Bytes} payload @param {Bytes} picture @param {Bytes} signature @param {vault.SealKey} key
 */
export async function sealPhoto(head, payload, picture, signature, key) {
  const said = await deflate(payload);
  return sealInner(head, join(signature, u32(said.length), u32(picture.length), said, picture), key);
}

/** @param {Head} head @param {Bytes} inner @param {vault.SealKey} key */
async function sealInner(head, inner, key) {
  const header = join(Uint8Array.of(head.version, head.kind), key.kid, uuidBytes(head.installation), uuidBytes(head.id));
  const padded = join(inner, new Uint8Array((BLOCK - inner.length % BLOCK) % BLOCK));
  const bytes = join(header, await vault.sealTo(key.public, join(utf8("tryggrunde envelope"), header), padded));
  return { bytes, hash: await vault.sha256(bytes) };
}
