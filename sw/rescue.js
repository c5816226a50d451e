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

/** @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, records: number } | null>} null when nothing is unsent */
export async function contents() {
  let size = 0;
  const entries = (await sealed.waiting()).sort((a, b) => a.kind - b.kind).filter(({ bytes }) => (size += bytes.length) <= MOST);
  if (!entries.length) return null;
  const { installation } = await store.get("meta", "installation");
  const parts = [...(await allPapers()).map(one => utf8("P" + JSON.stringify(one))), ...entries.map(({ bytes }) => bytes)];
  const body = join(...parts.flatMap(part => [u32(part.length), part]));
  const bytes = join(utf8(MAGIC), Uint8Array.of(1), uuidBytes(installation), unhex(await vault.sha256(body)), body);
  return { bytes, records: entries.length };
}

/** Hand it to the browser as a download. @param {Uint8Array<ArrayBuffer>} bytes @param {string} name */
function offer(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), LATER);
}

/** @returns {Promise<Page>} this device's page, saying what became of the file */
export async function write() {
  const name = `tryggrunde-redning-${clock.iso(clock.now()).slice(0, 16).replace(/[-:]/g, "").replace("T", "-")}.rescue`;
  let written = { kind: "failed", name, waiting: 0 };
  try {
    const made = await contents();
    if (made) offer(made.bytes, name);
    written = { kind: made ? "made" : "empty", name, waiting: made?.records ?? 0 };
  } catch (wrong) {
    console.error(wrong);
  }
  const page = await health.page(written);
  return { ...page, headers: { "HX-Push-Url": "false", ...page.headers } };
}
