/** Opening and closing: the lock page, PINs, the lease, taking over from another window, log-out. */
import * as clock from "./clock.js";
import { setAside } from "./holds.js";
import { endLogIn } from "./login.js";
import { collect, recall, remember, UPDATED } from "./marks.js";
import * as nurses from "./nurses.js";
import * as outbox from "./outbox.js";
import * as lockPage from "./pages/lock.js";
import * as takeoverPage from "./pages/takeover.js";
import * as records from "./records.js";
import * as router from "./router.js";
import * as sealed from "./sealed.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";
import * as views from "./views.js";
import * as liveWindow from "./window_lock.js";

/** @typedef {import("./actions.js").Page} Page @typedef {import("./device.js").Asked} Asked */

const DAY = 86_400_000;
const PATIENCE = 6_000;

/** @param {Asked} asked @param {string} name */
const field = (asked, name) => asked.body.find(([key]) => key === name)?.[1] ?? "";

/** The page of this address, now that it may be shown. @param {Page} page @returns {Page} */
const stay = page => ({ ...page, headers: { "HX-Push-Url": "false", ...page.headers } });

/** Forget the keys and everything read with them. What was seen is sealed first. */
export async function lockNow() {
  document.body.replaceChildren();
  await views.flush().catch(() => undefined);
  nurses.lock();
  records.forget();
  document.dispatchEvent(new Event("tryggrunde:locked"));
}

/** @returns {Promise<{ lang: string, t: import("./shell.js").Translate, vaults: nurses.Vault[] }>} */
async function known() {
  const vaults = await nurses.list();
  const lang = await shell.speak(vaults[0]?.user.lang ?? recall("tryggrunde-lang") ?? "nb");
  return { lang, t: shell.translator(lang), vaults };
}

/** What the server signed of this vault, or null. @param {nurses.Vault} it @returns {Promise<{ until: string, passphrase?: boolean } | null>} */
async function leaseOf(it) {
  const pinned = await store.get("meta", "installation");
  const lease = await vault.verified(it.lease, "lease", [pinned.server_signing_public]);
  return lease?.user === it.user.id ? lease : null;
}

/** When its lease ends; 0 without a true one. @param {nurses.Vault} it */
const leaseEnds = async it => Date.parse((await leaseOf(it))?.until ?? "") || 0;

/** Whether the municipality asks for a passphrase, as this vault last heard. @param {nurses.Vault | null} it */
const asksForPhrase = async it => it !== null && (await leaseOf(it))?.passphrase === true;

/** Whether somebody here still has a PIN all the same. @param {nurses.Vault[]} vaults */
const hasPins = async vaults => (await Promise.all(vaults.map(async it => it.wraps.pin && !it.phrase && asksForPhrase(it)))).some(Boolean);

/** @returns {Promise<string[]>} whose lease ended a day ago, as far as this device knows the time */
async function longEnded() {
  const all = await Promise.all((await nurses.list()).filter(it => it.wraps.pin).map(async it => ({ id: it.user.id, ends: await leaseEnds(it) })));
  return all.filter(({ ends }) => ends + DAY < clock.now()).map(({ id }) => id);
}

/** Such a vault is closed. But a clock that was put right looks like time that has passed: the server is asked first. */
async function closeEnded() {
  if (!(await longEnded()).length) return;
  await Promise.race([sync.flush({ fetch: true }), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
  for (const id of await longEnded()) await nurses.close(id);
}

/** 423 and the lock page. A vault whose lease ended a day ago is closed, and so is the browser's log-in. @param {{ chosen?: string, problem?: nurses.Attempt | null }} [how] @returns {Promise<Page>} */
export async function page(how = {}) {
  void endLogIn();
  await closeEnded();
  vault.warm();
  void import("./update.js").then(update => update.look(), () => undefined); // when it has come: a first load is the newest
  return stay(await shown(how));
}

/** The same, made again while it stands there. @param {{ chosen?: string, problem?: nurses.Attempt | null }} [how] @returns {Promise<Page>} */
export async function shown({ chosen = "", problem = null } = {}) {
  const { lang, t, vaults } = await known();
  const revoked = await store.get("meta", "revoked") ?? null;
  const said = (await setAside())?.say(t);
  const lost = !revoked && !said && !vaults.length && !await store.get("meta", "installation"); // the browser threw its storage away
  const aside = said?.recent ? said.text + " " + said.advice : "";
  const waiting = revoked ? [] : await sealed.waiting();
  const note = !revoked && await hasPins(vaults);
  return lockPage.lock({ lang, vaults, waiting, chosen, problem, revoked, lost, aside, note, updated: collect(UPDATED) }, t);
}

/** @typedef {(path: string, query: URLSearchParams) => Promise<Page>} Read the page of an address */

/** @param {Asked} asked @param {Read} read @returns {Promise<Page>} */
export async function open(asked, read) {
  const chosen = field(asked, "user");
  const [latest] = await nurses.list();
  const attempt = field(asked, "by") === "passkey" ? await (await import("./passkey.js")).unlock(chosen, Date.now())
    : await nurses.unlock(chosen, field(asked, "pin"), Date.now());
  if (!attempt.ok) return page({ chosen, problem: attempt });
  void endLogIn(); // a colleague's, from before this nurse took the device
  sync.userChanged();
  await records.load();
  if (await leaseEnds(attempt.vault) <= clock.now()) {
    await Promise.race([sync.flush({ fetch: true }), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
    const now = nurses.current();
    if (!now || await leaseEnds(now) <= clock.now()) {
      await lockNow();
      return page({ chosen, problem: { ok: false, why: "lease" } });
    }
  }
  await entered();
  return current(read, latest?.user.id === chosen);
}

/** The vault is open: read, seal again what must be, and ask for news. */
export async function entered() {
  if (!records.isLoaded()) await records.load();
  if (!records.hasSnapshot()) {
    await Promise.race([sync.flush({ fetch: true }), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
    return;
  }
  void Promise.allSettled([outbox.reseal(), import("./photos.js").then(photos => photos.sweep())]).finally(() => sync.flush({ fetch: true }));
}

/** The address under the lock page; /round when it is not one to go back to, or was a colleague's. @param {Read} read @param {boolean} hers @returns {Promise<Page>} */
async function current(read, hers) {
  const home = hers && router.match("GET", location.pathname) ? "" : "/round";
  const shown = await read(home || location.pathname, new URLSearchParams(location.search));
  return { ...shown, headers: { ...shown.headers, "HX-Push-Url": "false", ...(home ? { "HX-Replace-Url": home } : {}) } };
}

/** @returns {Promise<Page>} */
export async function close() {
  await lockNow();
  return page();
}

/** @returns {Promise<Page>} */
export async function elsewhere() {
  const { lang, t } = await known();
  return stay(takeoverPage.takeover({ lang }, t));
}

/** @returns {Promise<Page>} */
export async function takeOver() {
  await liveWindow.acquire({ steal: true });
  return page();
}

/** Unlocked, but nothing has come down yet. @returns {Promise<Page>} */
export async function nothingYet() {
  const { lang, t } = await known();
  return stay(takeoverPage.waiting({ lang, login: sync.sessionEnded() }, t));
}

/** @returns {Promise<Page>} */
export const pinForm = () => pinned({});

/** @param {{ problem?: import("./pages/pin.js").Problem, passkeyProblem?: import("./pages/pin.js").Problem, done?: "pin" | "passkey" | "removed" }} said @returns {Promise<Page>} */
async function pinned({ problem = null, passkeyProblem = null, done }) {
  const { lang, t } = await known();
  const open = nurses.current();
  const [passkey, phrase] = [open?.wraps.prf ? "set" : await offered() ? "offered" : "", await asksForPhrase(open)];
  const pinPage = await import("./pages/pin.js"); // a first load goes without
  return pinPage.pin({ lang, problem, passkeyProblem, done: done ?? "", passkey, phrase }, t);
}

/** Whether this device may have a passkey; not asked again once it turned out that it has none with a secret. */
async function offered() {
  if (recall("tryggrunde-no-prf")) return false;
  return import("./passkey.js").then(passkey => passkey.possible(), () => false); // it may not have come to the device yet
}

/** The tenth wrong PIN closes an open vault too. @param {nurses.Attempt & { ok: false }} problem @param {"problem" | "passkeyProblem"} where */
async function refused(problem, where) {
  if (problem.why !== "closed") return pinned({ [where]: problem });
  await lockNow();
  return page({ problem });
}

/** Fingerprint or face instead of the PIN, or no longer. @param {Asked} asked @returns {Promise<Page>} */
export async function setPasskey(asked) {
  if (field(asked, "do") === "remove") {
    await nurses.removePasskey();
    return pinned({ done: "removed" });
  }
  const { setUp } = await import("./passkey.js");
  const done = await setUp(field(asked, "pin"), Date.now());
  if (done === "missing") remember("tryggrunde-no-prf", "1");
  if (typeof done === "string") return pinned({ passkeyProblem: done });
  return done.ok ? pinned({ done: "passkey" }) : refused(done, "passkeyProblem");
}

/** @param {Asked} asked @returns {Promise<Page>} */
export async function setPin(asked) {
  const [old, pin, again] = ["old", "pin", "again"].map(name => field(asked, name));
  const weak = nurses.weakness(pin, await asksForPhrase(nurses.current()));
  if (weak) return pinned({ problem: weak });
  if (pin !== again) return pinned({ problem: "differ" });
  const done = await nurses.changePin(old, pin, Date.now());
  return done.ok ? pinned({ done: "pin" }) : refused(done, "problem");
}

/** Log-out closes the vault: the PIN no longer opens it. Nothing unsent is lost. @returns {Promise<Page>} */
export async function logOut() {
  const nurse = nurses.current();
  const token = nurses.secret()?.session_token;
  await lockNow();
  if (nurse) await nurses.close(nurse.user.id);
  if (token) { // not awaited: where the net hangs, she is logged out here all the same
    void fetch("/device/session", { method: "DELETE", keepalive: true, headers: { Authorization: "Bearer " + token } }).catch(() => undefined);
  }
  return page();
}
