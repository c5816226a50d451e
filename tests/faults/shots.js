/** Photos of a skin finding: the file goes through the product's camera part, the form is answered as asks.js answers it. */
Object.assign(window.asks, (() => {
  const { ask, read, notDone } = window.asks;
  const answers = pairs => pairs.flatMap(([name, value]) => [["f", name], ["a." + name, value]]);
  const answersOf = check => `/round/checks/${check}/answers`;
  const formOf = page => page.getElementById("_form");
  const seen = page => [...page.querySelectorAll("img[data-photo]")].map(one => one.dataset.photo);
  const hex = buffer => [...new Uint8Array(buffer)].map(one => one.toString(16).padStart(2, "0")).join("");

  async function press(check, page, command) {
    const body = new FormData(formOf(page));
    body.set("do", command);
    return (await ask("POST", answersOf(check), body)).page;
  }

  /** A finding with room for photos: a new one, or the one found before, which has healed. */
  async function finding(check) {
    const path = "finding.0.";
    let { page } = await ask("POST", answersOf(check), answers([["pu_now", "no"], ["pu_help", "no"], ["pu_judge", "no"]]));
    if (!formOf(page)) return false;
    const known = page.querySelector(`[name='a.${path}state']`) !== null;
    if (!known) page = await press(check, page, "add:finding");
    const card = known ? [["state", "healed"]] : [["site", "heel_l"], ["kind", "skin_tear"], ["state", "new"]];
    ({ page } = await ask("POST", answersOf(check), answers(card.map(([name, value]) => [path + name, value]))));
    return formOf(page) !== null && page.querySelector("[data-photo-for]") !== null;
  }

  /** Where a browser has no live camera, a file is chosen: the question stands on the page, unseen, while the product takes it. */
  async function choose(check, page, file) {
    const box = document.importNode(page.querySelector("[data-photo-for]").closest("fieldset"), true);
    const [input, button] = [box.querySelector("input[data-photo-file]"), box.querySelector("button[name='do'][value^='photo:']")];
    const before = location.pathname, chosen = new DataTransfer();
    chosen.items.add(file);
    box.hidden = true;
    document.body.append(box);
    history.replaceState(history.state, "", "/round/checks/" + check);
    input.files = chosen.files;
    try {
      return await new Promise(ok => {
        const said = box.querySelector(".photo-said");
        button.addEventListener("click", event => { event.preventDefault(); ok({ command: button.value }); });
        new MutationObserver(() => { if (said.classList.contains("err")) ok({ trouble: said.textContent }); })
          .observe(said, { attributes: true, childList: true, subtree: true, characterData: true });
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
    } finally {
      box.remove();
      history.replaceState(history.state, "", before);
    }
  }

  /** One file from the camera. @returns {Promise<{ hash: string, trouble: string }>} what was kept, by this test's own hash */
  async function shoot(check, base64) {
    const { page, trouble: refused } = await ask("GET", "/round/checks/" + check);
    if (refused) return { hash: "", trouble: refused };
    const file = new File([Uint8Array.from(atob(base64), one => one.charCodeAt(0))], "bilde.jpg", { type: "image/jpeg" });
    const { shrink } = await import("/sw/photo_image.js");
    const hash = hex(await crypto.subtle.digest("SHA-256", await shrink(file)));
    const { command = "", trouble = "" } = await choose(check, page, file);
    if (trouble) return { hash, trouble };
    return { hash, trouble: seen(await press(check, page, command)).includes(hash) ? "" : "not in the form" };
  }

  /** The last one is taken back. */
  async function takeBack(check) {
    const { page } = await ask("GET", "/round/checks/" + check);
    const last = [...page.querySelectorAll("button[name='do'][value^='unphoto:']")].pop();
    return seen(await press(check, page, last.value));
  }

  /** What the form shows and can show. Firefox's driver has modules of its own, in which nobody is logged in: there, what it shows. */
  async function pictures(check) {
    const { picture } = await import("/sw/photos.js");
    const names = seen((await ask("GET", "/round/checks/" + check)).page);
    if (!(await import("/sw/nurses.js")).current()) return names;
    const found = await Promise.all(names.map(async name => (await picture(check, name)) !== null));
    return names.filter((_, at) => found[at]);
  }

  /** "Lagre"; one that cannot be saved with its answers is saved as not done, and then has no photos. */
  async function saveShots(check, note) {
    const { page } = await ask("GET", "/round/checks/" + check);
    if (!formOf(page)) return { ...read({ status: 200, page, trouble: "" }), shots: false };
    const body = new FormData(formOf(page));
    body.set("common.note", note);
    const first = read(await ask("POST", "/round/checks/" + check, body));
    return first.problems ? { ...await notDone(check, note), shots: false } : { ...first, shots: true };
  }

  /** Photos are on their way: whoever sends them holds a lock meanwhile. */
  const sending = async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].some(({ name }) => name === "tryggrunde-photos");
  };

  /** A sign of life, and then until photos have been tried as well; at most so long. */
  async function carry(most = 1000, how = "news") {
    const end = performance.now() + most;
    await window.asks[how](most);
    while (await sending() && performance.now() < end) await new Promise(ok => setTimeout(ok, 10));
    return "done";
  }

  return { finding, shoot, takeBack, pictures, saveShots, carry };
})());
