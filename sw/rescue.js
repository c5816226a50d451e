/**
 * The unsent records in a file that can be carried to the server by hand. They are sealed already, so it needs no PIN; they
 * stay here until the server's verdict, whichever way they travelled.
 */
import { join, u32, unhex, utf8, uuidBytes } from "./bytes.js";
import * as clock from "./clock.js";
import * as health from "./health.js";
import * as photos from "./photo_rows.js";
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

/** @typedef {{ name: string, photo: boolean, read: () => Promise<Uint8Array<ArrayBuffer> | null> }} Unsent */

/** Checks first, then what was looked at, then photos, which are heavy: read one by one. @returns {Promise<Unsent[]>} */
async function unsent() {
  const records = (await sealed.waiting()).sort((a, b) => a.kind - b.kind);
  return [
    ...records.map(({ hash, bytes }) => ({ name: hash, photo: false, read: async () => bytes })),
    ...(await photos.keysIn("waiting")).map(key => ({ name: key, photo: true, read: async () => (await store.get("photos", key))?.bytes ?? null })),
  ];
}

/**
 * @param {number} [most] bytes
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, records: number, photos: number, left: number } | null>} null when nothing is unsent;
 * `left`: those for which there was no room
 */
export async function contents(most = MOST) {
  const waiting = await unsent();
  const fresh = waiting.filter(({ name }) => !written.has(name));
  const rest = fresh.length ? fresh : waiting;
  const entries = [];
  let size = 0, left = rest.length;
  for (const { name, photo, read } of rest) {
    const bytes = await read();
    size += bytes?.length ?? 0;
    if (size > most && entries.length) break;
    left--;
    if (bytes) entries.push({ name, photo, bytes });
  }
  if (!left) written.clear();
  if (!entries.length) return null;
  const { installation } = await store.get("meta", "installation");
  const parts = [...(await allPapers()).map(one => utf8("P" + JSON.stringify(one))), ...entries.map(({ bytes }) => bytes)];
  const body = join(...parts.flatMap(part => [u32(part.length), part]));
  const bytes = join(utf8(MAGIC), Uint8Array.of(1), uuidBytes(installation), unhex(await vault.sha256(body)), body);
  for (const { name } of left ? entries : []) written.add(name);
  const pictures = entries.filter(({ photo }) => photo).length;
  return { bytes, records: entries.length - pictures, photos: pictures, left };
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
  let said = { kind: "failed", name, waiting: 0, photos: 0, left: 0 };
  try {
    const made = await contents(most);
    if (made) offer(made.bytes, name);
    said = { kind: made ? "made" : "empty", name, waiting: made?.records ?? 0, photos: made?.photos ?? 0, left: made?.left ?? 0 };
  } catch (wrong) {
    console.error(wrong);
  }
  const page = await health.page(said);
  return { ...page, headers: { "HX-Push-Url": "false", ...page.headers } };
}
