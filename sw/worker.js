/**
 * The service worker: the shell from a cache for GET, sealed records up in the background, nothing else. It keeps no
 * secret and sets none, never answers anything but a GET, and takes a new shell only when the lock screen tells it to.
 */
import { uploadPhotos } from "../sw/photo_upload.js";
import * as store from "../sw/store.js";
import { upload } from "../sw/upload.js";
import { finish, wipe } from "../sw/wipe.js";

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const BEDSIDE = /^\/round(\/|$)/;
const POINTER = "tryggrunde-shell";
const FRAME = "/shell.html";
const LIST = "/shell.json";
const PACK = "/shell.pack";
const LATER = "/shell.later.pack";
const JUST = 10 * 60_000;

/** When this worker last saw that its shell is the server's; forgotten when it is stopped. */
let sameAsServer = 0;

/** @typedef {{ speech: Record<string, string> }} Modules what is said, by language */
/** @typedef {{ version: string, assets: string[], later?: string[], modules: Modules, hashes: Record<string, string> }} Listed */

/** @type {Promise<{ cache: Cache, listed: Listed, urls: Set<string> } | null> | null} */
let current = null;

/** Which shell is in use: named by a pointer, so that a half-filled cache is never one. */
async function find() {
  const pointer = await (await caches.open(POINTER)).match("/shell-in-use");
  if (!pointer) return null;
  const listed = /** @type {Listed} */ (await pointer.json());
  const cache = await caches.open("shell-" + listed.version);
  return { cache, listed, urls: new Set([FRAME, LIST, ...listed.assets, ...(listed.later ?? [])]) };
}

const shell = () => (current ??= find().catch(() => null));

/** @param {string} url @param {RequestInit} [how] */
async function fetchWhole(url, how) {
  const response = await fetch(url, { cache: "no-cache", credentials: "same-origin", ...how });
  if (!response.ok || response.redirected || response.type !== "basic") throw new Error(`${url}: ${response.status}`);
  return response;
}

/** A file that is the listed one, byte for byte: the browser's own copy when it is, the server's otherwise. @param {string} url @param {Listed} listed */
async function proven(url, { hashes }) {
  const integrity = "sha256-" + hashes[url];
  return fetchWhole(url, { integrity, cache: "force-cache" }).catch(() => fetchWhole(url, { integrity }));
}

/** Fill a cache with a whole shell; it is not in use before `use`. Everything in it is of one version, whatever the server does
 * meanwhile: hashes prove what comes by itself, and made modules are named by theirs.
 * @param {(speech: Record<string, string>) => string[]} languages which of the texts must be here first @returns {Promise<Listed>} */
async function prepare(languages) {
  const list = await fetchWhole(LIST);
  const listed = /** @type {Listed} */ (await list.clone().json());
  const cache = await caches.open("shell-" + listed.version);
  const kept = new Set((await cache.keys()).map(request => new URL(request.url).pathname));
  const missing = [FRAME, ...listed.assets].filter(url => !kept.has(url));
  if (missing.some(url => !(url in listed.hashes))) await unpack(PACK, listed, cache);
  await Promise.all([
    ...missing.filter(url => url in listed.hashes).map(async url => cache.put(url, await proven(url, listed))),
    ...languages(listed.modules.speech).filter(url => !kept.has(url)).map(async url => cache.put(url, await fetchWhole(url))),
  ]);
  await cache.put(LIST, list);
  return listed;
}

/** Most files come in one answer. Twin: webapp/device/pack.py. @param {string} url @param {Listed} listed @param {Cache} cache */
async function unpack(url, listed, cache) {
  const [, ...parts] = (await (await proven(url, listed)).text()).split("\0");
  const files = parts.flatMap((_, at) => at % 3 ? [] : [parts.slice(at, at + 3)]);
  await Promise.all(files.map(([url, type, body]) => cache.put(url, new Response(body, {
    headers: { "Content-Type": type, "X-Content-Type-Options": "nosniff" },
  }))));
}

/** What a device works without comes when it works: the other languages, the explanations. Tried again at every start until it is kept. @param {Listed} listed */
async function keepLater(listed) {
  const cache = await caches.open("shell-" + listed.version);
  const kept = await Promise.all((listed.later ?? []).map(url => cache.match(url)));
  if (kept.every(Boolean)) return;
  await unpack(LATER, listed, cache);
}

/** @param {Listed} listed */
async function use(listed) {
  await (await caches.open(POINTER)).put("/shell-in-use", new Response(JSON.stringify(listed)));
  current = null;
  for (const name of await caches.keys()) {
    if (name.startsWith("shell-") && name !== "shell-" + listed.version) await caches.delete(name);
  }
}

sw.addEventListener("install", event => event.waitUntil((async () => {
  if (await shell()) return;
  const lang = await store.get("meta", "language").catch(() => null);
  await use(await prepare(speech => [speech[lang] ?? speech.nb]));
  sameAsServer = Date.now();
})()));

sw.addEventListener("activate", event => event.waitUntil(sw.clients.claim()));

sw.addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.has("X-Fresh")) return;
  if (request.mode === "navigate") {
    if (BEDSIDE.test(url.pathname)) event.respondWith(answer(FRAME, request));
    return;
  }
  if (/^\/(static|sw|device\/modules)\//.test(url.pathname) || url.pathname === LIST) {
    event.respondWith(asset(url.pathname, event));
    if (url.pathname === LIST) event.waitUntil(shell().then(found => found && keepLater(found.listed).catch(() => undefined)));
  }
});

/** @param {string} path @param {Request} request */
async function answer(path, request) {
  const found = await (await shell())?.cache.match(path);
  return found ?? fetch(request);
}

/** Pages outside the bedside are the server's, with the server's files; offline they get what there is. @param {string} path @param {FetchEvent} event */
async function asset(path, { request, clientId }) {
  if (!(await shell())?.urls.has(path)) return fetch(request);
  if (Date.now() - sameAsServer < JUST) return answer(path, request); // enrolment: the shell that came a moment ago is not fetched twice
  // Not clients.get: it waits until a client is ready, and the one that asks may be a worker whose script this is (Firefox: for ever).
  const client = (await sw.clients.matchAll({ type: "window" })).find(({ id }) => id === clientId);
  if (!client || BEDSIDE.test(new URL(client.url).pathname)) return answer(path, request);
  return fetch(request).catch(() => answer(path, request));
}

/** From the lock screen only, with one window: prepare a new shell, or take the one prepared. */
sw.addEventListener("message", event => {
  const { ask } = /** @type {{ ask: "prepare" | "take" }} */ (event.data);
  const reply = (/** @type {unknown} */ said) => event.ports[0]?.postMessage(said);
  event.waitUntil((async () => {
    try {
      if (ask === "take" && (await bedsideWindows()) > 1) return reply({ ok: false, why: "windows" });
      const listed = await prepare(Object.values); // every nurse of this device goes on in her own language
      await keepLater(listed);
      if (ask === "take") {
        await use(listed);
        await sw.skipWaiting();
      }
      reply({ ok: true, version: listed.version });
    } catch (wrong) {
      reply({ ok: false, why: String(wrong) });
    }
  })());
});

/** A window keeps the address it was opened with: the one that enrolled is at its round by now. */
async function bedsideWindows() {
  const windows = await sw.clients.matchAll({ type: "window" });
  return windows.filter(client => /^\/(round|enrol)(\/|$)/.test(new URL(client.url).pathname)).length;
}

/** An open window wipes itself: it may have to seal who was looked at first, and has a screen to clear. @param {import("../sw/wipe.js").Call | null} call */
async function dismissed(call) {
  const windows = await sw.clients.matchAll({ type: "window" });
  if (!windows.length) return wipe(call);
  for (const client of windows) client.postMessage({ ask: "contact" });
}

sw.addEventListener("sync", event => {
  const syncing = /** @type {ExtendableEvent & { tag: string }} */ (event);
  if (syncing.tag !== "upload") return;
  syncing.waitUntil((async () => {
    const listed = (await shell())?.listed;
    const how = { token: null, shell: listed?.version ?? "" };
    const sent = await upload(how);
    if (sent.farewell && !await store.get("meta", "revoked")) await dismissed(sent.farewell.call);
    const paused = sent.paused ?? (await uploadPhotos(how)).paused;
    await finish();
    if (paused === "offline" || paused === "server" || paused === "later") throw new Error(paused); // the browser tries again
  })());
});
