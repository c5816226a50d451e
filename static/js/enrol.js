/** Taking a browser into use: enrol it, give this nurse a vault with a PIN, and go on to the round with it open. */
import { csrf, endLogIn } from "../../sw/login.js";
import { collect, left, remember } from "../../sw/marks.js";
import { workerHere } from "../../sw/registration.js";
import * as store from "../../sw/store.js";

const root = /** @type {HTMLElement} */ (document.getElementById("enrol"));
const CARRIED = "tryggrunde-code"; // through the log-in: static/js/app.js
const user = root.dataset.user ?? "";
const asked = root.dataset.phrase !== undefined; // the municipality wants a passphrase
/** The PIN she came in with, when it is too little. */
let weakPin = "";

/** @param {string} name */
function step(name) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-step]"))) part.hidden = part.dataset.step !== name;
  root.dataset.state = name;
  problem(null);
  /** @type {HTMLElement | null} */ (root.querySelector(`[data-step=${name}] input`))?.focus();
}

/** @param {string | null} word */
function problem(word) {
  const line = /** @type {HTMLElement} */ (root.querySelector("[data-problem]"));
  line.hidden = word === null;
  line.textContent = word && (root.querySelector(`[data-word=${word}]`) ?? root.querySelector("[data-word=failed]"))?.textContent || "";
}

/** @param {string} url @param {unknown} body @returns {Promise<any>} */
async function post(url, body) {
  const response = await fetch(url, {
    method: "POST", body: JSON.stringify(body), redirect: "error",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
  });
  const said = await response.json();
  if (response.status === 401 || said.error === "stale") location.assign("/login?next=/enrol");
  if (!response.ok) throw Object.assign(new Error(`${url}: ${response.status}`), { refused: said.error, call: said.call });
  return said;
}

/** @param {string} name @param {(form: FormData) => Promise<void>} work */
function onSubmit(name, work) {
  const form = /** @type {HTMLFormElement} */ (root.querySelector(`form[data-step=${name}]`));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    event.stopPropagation();
    const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
    button.disabled = true;
    problem(null);
    try {
      await work(new FormData(form));
    } catch (wrong) {
      console.error(wrong);
      const why = /** @type {any} */ (wrong).refused;
      problem(name === "device" && why ? why : "failed");
    } finally {
      button.disabled = false;
    }
  });
}

/** Whether the server knows this browser as this device. One whose cookie is lost shows its papers, and is given another. @param {string} device */
async function recognised(device) {
  const stranger = await fetch("/sync/keys", { headers: { "X-Wire": "1" }, cache: "no-store" }).then(response => response.status === 401, () => false);
  if (!stranger) return true;
  const papers = (await store.all("vaults")).map(vault => vault.papers);
  if (papers.length) await post("/device/return", { device, papers });
  return papers.length > 0; // a device nobody has a vault on has nothing to lose
}

/** What opens vaults. It comes with the shell, so nothing of it is asked for before the worker has that. */
async function locks() {
  const [bytes, keys, nurses, vault] = await Promise.all([
    import("../../sw/bytes.js"), import("../../sw/keys.js"), import("../../sw/nurses.js"), import("../../sw/vault.js"),
  ]);
  return { ...bytes, keys, nurses, vault };
}

onSubmit("device", async form => {
  const made = await post("/device/enrolment", Object.fromEntries(form));
  collect(CARRIED);
  await settle(made);
});

/** What the server said of this device is kept first: whatever stops the rest, the device is not made again. @param {any} made */
async function settle(made) {
  const { device_id, installation, server_signing_public, key_list, name } = made;
  await store.put("meta", "enrolling", made);
  await store.put("meta", "language", document.documentElement.lang); // the one the worker fetches first
  try {
    await workerHere();
    await (await locks()).keys.offered(key_list, [server_signing_public]);
  } catch (wrong) {
    console.error(wrong);
    step("again");
    return problem("unfetched");
  }
  await store.transact(["meta"], "strict", async tx => {
    const meta = tx.objectStore("meta");
    await meta.put({ device_id, installation, server_signing_public, name }, "installation");
    await meta.put(key_list, "key_list");
    await meta.delete("enrolling");
    await meta.delete("revoked");
  });
  remember("tryggrunde", "enrolled");
  void askToKeep();
  await next();
}

onSubmit("again", () => start());

/** Ask that what is stored stays; the answer stands on the device page. Firefox asks the nurse, who may never answer: nothing waits for it. */
const askToKeep = () => navigator.storage?.persist?.().catch(() => false);

onSubmit("pin", async form => {
  const { b64, unb64, keys, nurses, vault } = await locks();
  const pin = String(form.get("pin"));
  const weak = nurses.weakness(pin, asked);
  if (weak) return problem(weak);
  if (pin !== form.get("again")) return problem("differ");
  const known = await store.get("vaults", user);
  if (weakPin) {
    const changed = await nurses.changePin(weakPin, pin, Date.now());
    if (!changed.ok) return problem(changed.why);
    await nurses.renew(await post("/device/session", {}));
  } else if (known) {
    const opened = await post("/device/vaults/reopen", { return_wrap: b64(known.wraps.back) });
    await nurses.reopen(user, unb64(opened.vault_key), pin);
    await nurses.renew(opened);
  } else {
    const begun = await vault.begin();
    const opened = await post("/device/vaults", { public_key: b64(begun.publicKey) });
    await store.put("meta", "key_list", opened.key_list);
    await nurses.create(opened, begun, pin, await keys.offered(opened.key_list, [opened.server_signing_public]));
  }
  await go();
});

onSubmit("renew", async form => {
  const { nurses } = await locks();
  const pin = String(form.get("pin"));
  const attempt = await nurses.unlock(user, pin, Date.now());
  if (!attempt.ok) return problem(attempt.why);
  if (asked && nurses.weakness(pin, asked)) {
    weakPin = pin;
    step("pin");
    return problem("phrase");
  }
  await nurses.renew(await post("/device/session", {}));
  await go();
});

root.querySelector("[data-forgot]")?.addEventListener("click", () => step("pin"));
root.querySelector("[name=words]")?.addEventListener("change", event => {
  const mode = /** @type {HTMLInputElement} */ (event.target).checked ? "text" : "numeric";
  for (const name of ["pin", "again"]) /** @type {HTMLInputElement} */ (document.getElementById(name)).inputMode = mode;
});

/** What the pages that come now have in their head (templates/base.html, block "work"), and this one has not. */
async function work() {
  const paper = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/static/css/print.css", media: "print" });
  const htmx = Object.assign(document.createElement("script"), { src: "/static/vendor/htmx-4.0.1.min.js" });
  const there = new Promise((resolve, reject) => {
    htmx.onload = resolve;
    htmx.onerror = () => reject(new Error("htmx did not come"));
  });
  document.head.append(paper, htmx);
  await Promise.all([there, import("./focus.js"), import("./form.js")]);
}

/** The vault is open in this page's memory: go on without loading a new page. */
async function go() {
  try {
    await workerHere(); // before the log-in ends: without it she can only try again
    await navigator.serviceWorker.ready;
    await work();
    await endLogIn();
    history.replaceState(null, "", "/round");
    scrollTo(0, 0);
    const { boot } = await import("../../sw/device.js");
    await boot();
  } catch (wrong) { // the PIN stands: only what comes after it failed
    console.error(wrong);
    problem("unstarted");
  }
}

async function next() {
  const known = /** @type {import("../../sw/nurses.js").Vault | undefined} */ (await store.get("vaults", user));
  step(known?.wraps.pin ? "renew" : "pin");
}

/** A tab of Safari's on an iPhone or iPad (which calls itself a Mac): its storage is not the app's, and is thrown away after seven days. */
function inAppleTab() {
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1);
  const installed = /** @type {any} */ (navigator).standalone === true || matchMedia("(display-mode: standalone), (display-mode: fullscreen)").matches;
  return apple && !installed;
}

const fit = isSecureContext && "serviceWorker" in navigator && "locks" in navigator && "CompressionStream" in globalThis;
async function start() {
  const [known, begun, revoked] = await Promise.all(["installation", "enrolling", "revoked"].map(name => store.get("meta", name)));
  try {
    if (begun && await recognised(begun.device_id)) return await settle(begun);
    if (known && !revoked && await recognised(known.device_id)) return await next();
    if (root.dataset.enrolled) return await settle(await post("/device/enrolment", {}));
  } catch (wrong) {
    console.error(wrong);
    return refused(/** @type {any} */ (wrong));
  }
  step(inAppleTab() ? "install" : "device");
  const box = /** @type {HTMLInputElement | null} */ (document.getElementById("device-code"));
  if (box) box.value = location.hash.slice(1, 41) || (left(CARRIED) ?? "");
}

/** What lies here belongs to a device that is not welcome, or to none this server knows; or the line is gone. @param {{ refused?: string, call?: import("../../sw/wipe.js").Call }} wrong */
async function refused({ refused: why, call }) {
  if (why === "unknown") return step("stranger");
  if (why === "revoked") {
    await (await import("../../sw/wipe.js")).wipe(call ?? null);
    await endLogIn();
    return location.assign("/round");
  }
  step("again");
  problem("failed");
}

try {
  await (fit ? start() : step("unfit"));
} catch (wrong) { // the database does not open (private mode, blocked site data)
  console.error(wrong);
  step("unstored");
}
