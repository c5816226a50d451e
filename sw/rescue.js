/**
 * The unsent records in a file that can be carried to the server by hand. They are sealed already, so it needs no PIN; they
 * stay here until the server's verdict, whichever way they travelled.
 */
import { join, u32, unhex, utf8, uuidBytes } from "./bytes.js";
import * as clock from "./clock.js";
import * as health from "./health.js";
import * as sealed from "./sealed.js";
import * as store from "./store.js";
import { allPapers } from "./upload.js";
import * as vault from "./vault.js";

/** @typedef {import("./actions.js").Page} Page */

const MAGIC = "TRYGGRUNDERESCUE";
const MOST = 60 * 1024 * 1024; // the server takes 64 MiB
const LATER = 60_000;

/** In a file already, while there are others for which it had no room. @type {Set<string>} */
const written = new Set();

/**
 * @param {number} [most] bytes
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, records: number, left: number } | null>} null when nothing is unsent;
 * `left`: those for which there was no room
 */
export async function contents(most = MOST) {
  let size = 0;
  const waiting = (await sealed.waiting()).sort((a, b) => a.kind - b.kind);
  const fresh = waiting.filter(({ hash }) => !written.has(hash));
  const rest = fresh.length ? fresh : waiting;
  const entries = rest.filter(({ bytes }, i) => (size += bytes.length) <= most || i === 0);
  const left = rest.length - entries.length;
  if (!left) written.clear();
  if (!entries.length) return null;
  const { installation } = await store.get("meta", "installation");
  const parts = [...(await allPapers()).map(one => utf8("P" + JSON.stringify(one))), ...entries.map(({ bytes }) => bytes)];
  const body = join(...parts.flatMap(part => [u32(part.length), part]));
  const bytes = join(utf8(MAGIC), Uint8Array.of(1), uuidBytes(installation), unhex(await vault.sha256(body)), body);
  for (const { hash } of left ? entries : []) written.add(hash);
  return { bytes, records: entries.length, left };
}

/** Hand it to the browser as a download. @param {Uint8Array<ArrayBuffer>} bytes @param {string} name */
function offer(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), LATER);
}

/** @param {number} [most] bytes @returns {Promise<Page>} this device's page, saying what became of the file */
export async function write(most = MOST) {
  const name = `tryggrunde-redning-${clock.iso(clock.now()).slice(0, 16).replace(/[-:]/g, "").replace("T", "-")}.rescue`;
  let said = { kind: "failed", name, waiting: 0, left: 0 };
  try {
    const made = await contents(most);
    if (made) offer(made.bytes, name);
    said = { kind: made ? "made" : "empty", name, waiting: made?.records ?? 0, left: made?.left ?? 0 };
  } catch (wrong) {
    console.error(wrong);
  }
  const page = await health.page(said);
  return { ...page, headers: { "HX-Push-Url": "false", ...page.headers } };
}
