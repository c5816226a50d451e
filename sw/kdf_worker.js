/** argon2id alone in a worker, because WebAssembly needs a content policy that pages do not have. */
import { argon2id } from "../static/vendor/argon2id-hash-wasm-4.13.0.min.js";

/** @typedef {{ salt: Uint8Array, m: number, t: number, p: number }} Cost m in KiB */

addEventListener("message", async event => {
  const { secret, cost } = /** @type {{ secret: Uint8Array, cost: Cost }} */ (event.data);
  try {
    postMessage(await argon2id({
      password: secret, salt: cost.salt, memorySize: cost.m, iterations: cost.t, parallelism: cost.p,
      hashLength: 32, outputType: "binary",
    }));
  } catch (wrong) { // a rejection in a worker is nobody's error: whoever waits is told
    postMessage(String(wrong));
  } finally {
    secret.fill(0);
  }
});
