/** Envelope v1, byte by byte: header in clear, then HPKE(signature + deflated payload + padding). */
import { join, utf8, uuidBytes } from "./bytes.js";
import * as vault from "./vault.js";

export const CHECK = 1;
export const VIEW = 3;
const BLOCK = 32;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Bytes} bytes @returns {Promise<Bytes>} */
async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What is signed: the payload as carried. @param {Bytes} payload */
export const sign = payload => vault.sign(join(utf8("tryggrunde 1"), payload));

/**
 * Sealed for one key of the server; sealing again for another keeps payload and signature.
 * @param {{ kind: number, id: string, installation: string }} head @param {Bytes} payload @param {Bytes} signature
 * @param {vault.SealKey} key
 * @returns {Promise<{ bytes: Bytes, hash: string }>}
 */
export async function seal(head, payload, signature, key) {
  const header = join(Uint8Array.of(1, head.kind), key.kid, uuidBytes(head.installation), uuidBytes(head.id));
  const inner = join(signature, await deflate(payload));
  const padded = join(inner, new Uint8Array((BLOCK - inner.length % BLOCK) % BLOCK));
  const bytes = join(header, await vault.sealTo(key.public, join(utf8("tryggrunde envelope"), header), padded));
  return { bytes, hash: await vault.sha256(bytes) };
}
