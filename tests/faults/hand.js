/**
 * The nurse's hand and eye inside the page, for the tests: taps what can be seen and reads what is said. It knows the
 * screens and nothing of the product's modules, stores or words to the server.
 */
window.hand = (() => {
  const seen = it => Boolean(it?.checkVisibility?.({ visibilityProperty: true }));
  const one = selector => [...document.querySelectorAll(selector)].find(seen);
  const words = it => (it?.textContent ?? "").replace(/\s+/g, " ").trim();
  const busy = () => document.querySelector(".htmx-request") !== null;

  /** Poll a fact; the error names it. */
  function until(what, fact, patience = 8000) {
    const end = performance.now() + patience;
    return new Promise((ok, no) => (function look() {
      const found = fact();
      if (found) return ok(found);
      if (performance.now() > end) return no(new Error(`never seen: ${what}; on ${location.pathname}: ${words(document.body).slice(0, 300)}`));
      setTimeout(look, 3);
    })());
  }

  const heading = () => words(document.querySelector("main h1"));
  const trouble = () => words(one("#trouble"));

  /** A hand is slower than htmx, which takes a moment to make a new page's links its own. */
  const ready = it => it && (it.form ?? it).hasAttribute("data-htmx-powered") && it;

  async function tap(what, find) {
    (await until(what, () => !busy() && ready(find()))).click();
  }

  async function home() {
    await tap("the way home", () => one("header a[href='/round'], a[href='/round']"));
    await until("Min runde", () => location.pathname === "/round" && heading() === "Min runde" && !busy());
  }

  async function visit(name) {
    await home();
    await tap("a visit to " + name, () => [...document.querySelectorAll("main a[href^='/round/people/']")].find(it => words(it).includes(name)));
    await until(name, () => location.pathname.startsWith("/round/people/") && one("main h2") && words(document.querySelector("main")).includes(name) && !busy());
  }

  /** What this page offers: title -> its button, or the link to what was begun. */
  function offers() {
    for (const folded of document.querySelectorAll("main details")) folded.open = true;
    return new Map([...document.querySelectorAll("main .due")].map(it => [words(it.querySelector("h3")), it.querySelector(".do a, .do button")]));
  }

  /** Open this person's check of this title: new, or the one begun. */
  async function open(name, title) {
    await visit(name);
    await tap("the check " + title, () => offers().get(title));
    return shown();
  }

  /** The first check this person's page offers. */
  async function begin() {
    await tap("a check", () => [...offers().values()].find(it => it?.tagName === "BUTTON"));
    await shown();
    return id();
  }

  const shownNow = () => /^\/round\/checks\//.test(location.pathname) && !busy() && document.getElementById("fields")?.hasAttribute("data-htmx-powered");
  const shown = () => until("a form", shownNow);

  async function choose(name, value) {
    const box = await until(`${name}=${value}`, () => shownNow() && document.querySelector(`#_form [name='${name}'][value='${value}']`));
    if (!box.checked) box.click();
    await until(`${name}=${value} answered`, () => !busy() && document.querySelector(`#_form [name='${name}'][value='${value}']`)?.checked);
  }

  async function write(name, value) {
    const box = await until("box " + name, () => shownNow() && document.querySelector(`#_form [name='${name}']`));
    box.focus();
    box.value = value;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    await new Promise(ok => setTimeout(ok, 0));
    await until(name + " kept", () => !busy());
  }

  const notDone = async token => {
    await choose("common.outcome", "not_done");
    await choose("common.not_done_reason", "declined");
    await write("common.note", token);
  };

  const id = () => location.pathname.split("/")[3] ?? "";

  /** Save, and what the screen then says. */
  async function save() {
    document.getElementById("trouble")?.remove();
    await tap("Lagre", () => one("#_form .savebar button[type=submit]"));
    await until("an answer to Lagre", () => !busy() && (one("#saved-state") || trouble() || one("#problems") || one(".lock-page")), 20000);
    return { id: id(), said: words(one("#saved-state h2")), trouble: trouble(), problems: words(one("#problems")) };
  }

  async function record(name, title, token) {
    await open(name, title);
    await notDone(token);
    return save();
  }

  async function correct(token) {
    await tap("Rett", () => [...document.querySelectorAll("main form[action$='/correction'] button")].find(seen));
    await shown();
    await write("reason", token);
    return save();
  }

  /** The list of records and the number beside it, as they stand. */
  async function sent() {
    await tap("Sendt", () => one("#main-nav a[href='/round/sent']"));
    await until("Sendt og ikke sendt", () => location.pathname === "/round/sent" && document.getElementById("sent-list") && !busy());
    return look();
  }

  function look() {
    const groups = {};
    for (const part of document.querySelectorAll("#sent-list section[aria-label]")) {
      groups[part.getAttribute("aria-label")] = [...part.querySelectorAll("li")].map(row => ({
        id: row.querySelector("a").getAttribute("href").split("/").pop(), said: words(row.querySelector(".tags.row")), why: words(row.querySelector("p")),
      }));
    }
    return { left: Number(words(document.querySelector("#sent-list .big-number"))), groups, sync: words(document.querySelector("header")), paused: words(document.querySelector("#sent-list .note-box")) };
  }

  async function lock() {
    await tap("Lås", () => [...document.querySelectorAll("form[action='/round/lock'] button")].find(seen));
    await until("Låst", () => heading() === "Låst" && !busy());
  }

  async function unlock(pin, name) {
    await until("the lock page", () => heading() === "Låst" && document.getElementById("pin") && !busy());
    if (name) [...document.querySelectorAll("main label.chip")].find(it => words(it) === name).querySelector("input").click();
    document.getElementById("pin").value = pin;
    document.querySelector("form[action='/round/unlock'] button[type=submit]").click();
    await until("an open vault", () => !busy() && ((heading() && heading() !== "Låst") || one("#pin-problem")), 20000);
    return words(one("#pin-problem"));
  }

  return { until, home, visit, offers, open, begin, notDone, write, choose, save, record, correct, sent, look, lock, unlock, heading, trouble, words, one, id };
})();
