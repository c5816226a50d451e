/**
 * What the nurse asks of the device and what its pages then say, without drawing them: requests go the way htmx's do,
 * through router, pages, vault, store and outbox, and the answer is read as the page it is.
 */
window.asks = (() => {
  const words = it => (it?.textContent ?? "").replace(/\s+/g, " ").trim();

  async function ask(method, path, body = []) {
    const form = body instanceof FormData ? body : new FormData();
    if (form !== body) for (const [name, value] of body) form.append(name, value);
    const ctx = { request: { action: path, method, headers: { "HX-Request-Type": "full" }, body: form } };
    document.dispatchEvent(new CustomEvent("htmx:before:request", { detail: { ctx } }));
    if (!ctx.fetch) throw new Error("this page is not answered by the device: " + path);
    const response = await ctx.fetch();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { status: response.status, page, trouble: response.headers.get("X-Trouble") ?? "", at: response.headers.get("HX-Push-Url") ?? "" };
  }

  const heading = page => words(page.querySelector("h1"));

  /** The forms that can be started for this person. */
  async function forms(person) {
    const { page } = await ask("GET", "/round/people/" + person);
    const events = await ask("GET", "/round/event");
    const found = [page, events.page].flatMap(one => [...one.querySelectorAll("form[action$='/checks'] [name='check']")]);
    return [...new Set(found.map(one => one.value))];
  }

  /** @returns {Promise<string>} the check's id, empty when it could not be begun */
  async function begin(person, form) {
    const { status, at } = await ask("POST", `/round/people/${person}/checks`, [["check", form]]);
    return status === 200 ? at.split("/").pop() : "";
  }

  async function correction(check) {
    const { status, at } = await ask("POST", `/round/checks/${check}/correction`);
    return status === 200 ? at.split("/").pop() : "";
  }

  const NOT_DONE = [["common.outcome", "not_done"], ["common.not_done_reason", "declined"]];
  const fields = pairs => pairs.flatMap(([name, value]) => [["f", name], [name, value]]);

  /** "Lagre", and what the screen says then: `said` = the words beside the tick. */
  async function save(check, note, reason) {
    const body = fields([...NOT_DONE, ["common.note", note], ...(reason ? [["reason", reason]] : [])]);
    return read(await ask("POST", "/round/checks/" + check, body));
  }

  const read = ({ status, page, trouble }) => ({
    status, trouble, said: words(page.querySelector("#saved-state h2")), problems: words(page.querySelector("#problems")),
    heading: heading(page), flags: page.querySelectorAll("[aria-labelledby='flags-h'] li").length,
  });

  /** Answer what is asked and not answered: a choice that `chance` points at. @returns whether anything was */
  function answer(form, chance) {
    let more = false;
    for (const question of form.querySelectorAll("fieldset.q")) {
      const boxes = [...question.querySelectorAll("input[type='radio'], input[type='checkbox']")];
      const entry = question.querySelector("input[type='text'], input:not([type])");
      if (boxes.length && !boxes.some(one => one.checked)) {
        boxes[chance % boxes.length].checked = true;
        more = true;
      } else if (!boxes.length && entry && !entry.value && !question.querySelector(".opt")) {
        entry.value = "2";
        more = true;
      }
    }
    return more;
  }

  /** A check filled in as far as answers come by chance; one that still lacks something is saved as not done. */
  async function whole(check, note, chance) {
    let { page } = await ask("GET", "/round/checks/" + check);
    for (let turn = 0; turn < 8; turn++) {
      const form = page.getElementById("_form");
      if (!form || !answer(form, chance + turn)) break;
      ({ page } = await ask("POST", `/round/checks/${check}/answers`, new FormData(form)));
    }
    const form = page.getElementById("_form");
    const body = form ? new FormData(form) : new FormData();
    body.set("common.note", note);
    const first = form ? read(await ask("POST", "/round/checks/" + check, body)) : { problems: "no form" };
    return first.problems ? save(check, note, "") : first;
  }

  /** A save that is not waited for yet; whether it answers soon; its answer at last. */
  let slow = Promise.resolve({}), answered = false;
  function slowly(check, note) {
    answered = false;
    slow = save(check, note, "").finally(() => { answered = true; });
  }
  const soon = () => new Promise(ok => setTimeout(() => ok(answered), 150));
  const atLast = () => slow;

  /** One change kept in the draft, as leaving a field does. */
  const draft = async (check, note) => (await ask("POST", `/round/checks/${check}/answers`, fields([...NOT_DONE, ["common.note", note]]))).status;

  const idOf = link => link.getAttribute("href").split("/").pop();
  const waitingPictures = said => Number(/(\d+) bilder? er ikke sendt ennå/.exec(said)?.[1] ?? 0);

  /** The list of records as the page shows it, and how many photos wait: of each, and in all. */
  async function sent() {
    const { status, page } = await ask("GET", "/round/sent");
    if (status !== 200 || !page.getElementById("sent-list")) return { locked: true, left: 0, groups: {}, paused: "", photos: 0, pictures: {} };
    const groups = {}, pictures = {};
    for (const part of page.querySelectorAll("#sent-list section[aria-label]")) {
      const links = [...part.querySelectorAll("li a")];
      groups[part.getAttribute("aria-label")] = links.map(idOf);
      for (const link of links) pictures[idOf(link)] = waitingPictures(words(link.closest("li").querySelector("p")));
    }
    return {
      locked: false, line: words(page.querySelector("#sync-line")), left: Number(words(page.querySelector("#sent-list .big-number"))), groups, pictures,
      photos: waitingPictures(words(page.querySelector("#sent-list .shelf"))),
      paused: words(page.querySelector("#sent-list .note-box")),
    };
  }

  /** What one record's own page says of where it is. */
  const state = async check => words((await ask("GET", "/round/checks/" + check)).page.querySelector("#saved-state h2"));

  const locked = async () => (await ask("GET", "/round")).status === 423;

  /** @returns {Promise<string>} what the lock page said against it */
  async function unlock(name, pin) {
    const { page } = await ask("GET", "/round");
    const mine = [...page.querySelectorAll("input[type='radio'][name='user']")].find(it => words(page.getElementById(it.getAttribute("aria-labelledby"))) === name);
    if (!mine) return name + " cannot be chosen: " + words(page.body);
    const answer = await ask("POST", "/round/unlock", [["user", mine.value], ["pin", pin]]);
    if (answer.trouble) return "trouble: " + answer.trouble;
    return answer.status === 423 ? words(answer.page.querySelector("#pin-problem")) || words(answer.page.body) : "";
  }

  const lock = async () => heading((await ask("POST", "/round/lock")).page);
  const logOut = async () => heading((await ask("POST", "/round/logout")).page);
  const takeOver = async () => heading((await ask("POST", "/round/takeover")).page);

  /** A sign of life, as coming back to the app or into coverage gives; waits for what it starts, at most so long. */
  async function flush(most = 1000) {
    const { flush } = await import("/sw/sync.js");
    dispatchEvent(new Event("online"));
    return Promise.race([flush().then(() => "done"), new Promise(ok => setTimeout(ok, most, "going on"))]);
  }

  async function news(most = 1000) {
    const { flush } = await import("/sw/sync.js");
    return Promise.race([flush({ fetch: true }).then(() => "done"), new Promise(ok => setTimeout(ok, most, "going on"))]);
  }

  /** Two weeks pass by the server's clock: what was received long ago goes. */
  const twoWeeks = async () => (await import("/sw/sealed.js")).expire(new Date(Date.now() + 15 * 86_400_000).toISOString());

  return { forms, begin, correction, save, whole, slowly, soon, atLast, draft, sent, state, locked, unlock, lock, logOut, takeOver, flush, news, twoWeeks, ask, read,
    notDone: (check, note) => save(check, note, ""),
  };
})();
