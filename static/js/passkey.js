/** Log in with a passkey, or make one. Forms that need it are shown only where the browser can. */
import { csrf } from "../../sw/login.js";

const can = "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** @param {string} url @param {unknown} body @returns {Promise<any>} */
async function post(url, body) {
  const response = await fetch(url, {
    method: "POST", body: JSON.stringify(body), redirect: "error", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
  });
  return response.json();
}

/** @type {Record<string, (form: HTMLFormElement) => Promise<any>>} each gives what the server answered */
const WORK = {
  async login(form) {
    const asked = await post("/login/passkey/question", {});
    if (asked.message) return asked;
    const got = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
    return post("/login/passkey", { answer: got, next: form.dataset.next });
  },
  async register(form) {
    const asked = await post("/account/passkeys/question", {});
    if (asked.message) return asked;
    const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
    return post("/account/passkeys", { answer: made, name: new FormData(form).get("name") });
  },
};

/** @param {HTMLFormElement} form @param {string} words */
function say(form, words) {
  const line = /** @type {HTMLElement} */ (form.querySelector("[data-problem]"));
  line.hidden = !words;
  /** @type {HTMLElement} */ (line.querySelector("span")).textContent = words;
}

/** @param {unknown} wrong */
const kind = wrong => wrong instanceof DOMException ? (wrong.name === "InvalidStateError" ? "known" : "cancelled") : "offline";

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
  form.hidden = !can;
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    event.stopPropagation();
    button.disabled = true;
    say(form, "");
    try {
      const said = await WORK[form.dataset.passkey ?? ""](form);
      if (said.next) location.assign(said.next);
      else say(form, said.message);
    } catch (wrong) {
      console.error(wrong);
      say(form, form.querySelector(`[data-word=${kind(wrong)}]`)?.textContent ?? "");
    } finally {
      button.disabled = false;
    }
  });
}
