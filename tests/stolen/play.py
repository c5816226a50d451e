"""A shift in which everything that can be read or typed carries a mark, on a tablet that is then stolen."""

from __future__ import annotations

import base64
import gzip
import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import Engine, select

from tests.browser.finger import UNLOCK, turn_on, with_finger
from tests.browser.tablet import Tablet
from tests.people import BERIT
from webapp.db import open_session
from webapp.models import Patient, Setting

MARK, CONTROL = "zvxmerke", "zvxkontroll"  # no word and no bytes of anything else hold them
# As answers would be stored or posted; the words alone stand in the program.
ANSWERS = ('"cat_present":"yes"', "a.cat_present=yes", '"not_done_reason":"', '"person":"')

ANSWER_ALL = """async words => {
  const still = async () => {
    await new Promise(done => setTimeout(done, 80));
    while (document.querySelector('.htmx-request')) await new Promise(requestAnimationFrame);
  };
  for (let round = 0; round < 4; round += 1) {
    for (const question of document.querySelectorAll('#_form fieldset:not(:has(:checked)) .chips')) question.querySelector('input').click();
    await still();
  }
  for (const more of document.querySelectorAll('#_form button[value^="add:"]')) more.click();
  await still();
  for (const one of document.querySelectorAll('#_form details')) one.open = true;
  let typed = 0;
  for (const box of [...document.querySelectorAll('#_form textarea, #_form input[type=text]:not([inputmode])')]) {
    const here = document.getElementById(box.id) ?? box;
    here.focus();
    here.value = words + ' ' + (typed += 1);
    here.dispatchEvent(new Event('input', { bubbles: true }));
    here.dispatchEvent(new Event('change', { bubbles: true }));
    await still();
  }
  return typed;
}"""

# Every key that the page ever has as bytes: what a PIN or a passkey gives, the vault's own, the signing key when it is made.
KEYS_SEEN = """() => {
  const told = (what, bytes) => {
    const raw = new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
    void globalThis.keySeen(what, [...raw].map(one => one.toString(16).padStart(2, '0')).join(''));
  };
  const { importKey, exportKey } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.importKey = function (format, data, how, ...more) {
    const name = how.name ?? how;
    if (format === 'raw' && (name === 'AES-GCM' || name === 'HKDF')) told(name, data);
    return importKey.call(this, format, data, how, ...more);
  };
  SubtleCrypto.prototype.exportKey = async function (format, key) {
    const made = await exportKey.call(this, format, key);
    if (format === 'pkcs8') told('signing', made);
    return made;
  };
}"""

PLANT = """async ({ word, zipped }) => {
  localStorage.setItem('control', word);
  const open = indexedDB.open('control', 1);
  const base = await new Promise((done, fail) => {
    open.onupgradeneeded = () => open.result.createObjectStore('all');
    open.onsuccess = () => done(open.result);
    open.onerror = () => fail(open.error);
  });
  const tx = base.transaction('all', 'readwrite', { durability: 'strict' });
  const all = tx.objectStore('all');
  all.put(word, 'short');
  all.put('\\u2026' + word, 'wide');
  all.put((word + ' in a long text that packs well; ').repeat(2000), 'long');
  all.put(btoa('x' + word + 'y'), 'base64');
  await new Promise((done, fail) => { tx.oncomplete = done; tx.onabort = () => fail(tx.error); });
  const cache = await caches.open('control');
  await cache.put('/control', new Response(Uint8Array.from(atob(zipped), one => one.charCodeAt(0))));
}"""


def mark_everything(engine: Engine) -> None:
    """Names, addresses and key notes carry the mark, and photos are allowed."""
    with open_session(engine, write=True) as session:
        for number, person in enumerate(session.scalars(select(Patient).order_by(Patient.id))):
            person.name = f"{MARK.capitalize()} {number}{person.name.split()[-1]}"
            person.name_key = person.name.casefold()
            person.address, person.key_note = f"{MARK.capitalize()}gata {number}", f"Under {MARK}matta"
        session.add(Setting(version=2, data={"params": {"trykksar": {"photos": 1}}}))
        session.commit()


def photo() -> bytes:
    """A picture whose EXIF holds the mark."""
    exif = Image.Exif()
    exif[0x010E] = f"{MARK} i bildet"
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def seen(berit: Tablet) -> dict[bytes, str]:
    """The keys this browser's pages have as bytes from now on, each with what it is used for; filled while they work."""
    keys: dict[bytes, str] = {}
    berit.context.expose_binding("keySeen", lambda _source, what, raw: keys.__setitem__(bytes.fromhex(raw), f"a key ({what})"))
    berit.context.add_init_script(f"({KEYS_SEEN})()")
    return keys


def with_passkey(berit: Tablet) -> None:
    """From now on a finger opens her vault."""
    with_finger(berit, prf=True)
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    turn_on(berit)
    expect(berit.page.get_by_text("Du kan nå låse opp med fingeravtrykk")).to_be_visible()
    berit.go("Denne enheten")
    berit.lock()
    by_finger(berit)
    berit.sees_heading("Denne enheten")


def by_pin(berit: Tablet) -> None:
    berit.unlock()


def by_finger(berit: Tablet) -> None:
    berit.page.get_by_role("button", name=UNLOCK).click()


def shift(berit: Tablet, unlock: Callable[[Tablet], None] = by_pin) -> tuple[int, int]:
    """Every form filled in as far as it goes, one of each saved if it can be, photos, a search. (boxes typed in, photos taken)"""
    people = berit.run("async () => (await (await import('/sw/records.js')).world()).people.map(one => one.ref)")
    page = berit.page
    typed = photos = 0
    berit.page.goto(f"{berit.url}/round/people/{people[0]}")
    berit.page.wait_for_selector("html[data-device=ready]")
    unlock(berit)
    forms = page.locator("button[name=check]")
    expect(forms.first).to_be_attached()
    names: list[str] = forms.evaluate_all("all => [...new Set(all.map(one => one.value))]")
    for name in names:
        for ref in people[:2]:
            page.evaluate("path => htmx.ajax('GET', path, { target: document.body, swap: 'innerHTML' })", f"/round/people/{ref}")
            button = page.locator(f"button[name=check][value={name}]").first
            expect(button).to_be_attached()
            button.evaluate("one => one.click()")
            expect(page.locator("#_form")).to_be_visible()
            typed += int(berit.run(ANSWER_ALL, f"{MARK} {name}"))
            if page.locator("#_form input[type=file]").count():
                page.locator("#_form input[type=file]").first.set_input_files(
                    {"name": f"{MARK}.jpg", "mimeType": "image/jpeg", "buffer": photo()}
                )
                expect(page.locator("#_form [data-photo]")).to_have_count(1)
                photos += 1
            if ref == people[0]:
                page.get_by_role("button", name="Lagre").evaluate("one => one.click()")
                expect(page.locator("#problems, .saved")).to_be_visible()
    page.evaluate("() => htmx.ajax('GET', '/round/people', { target: document.body, swap: 'innerHTML' })")
    page.get_by_role("searchbox").fill(MARK)
    expect(page.locator("#results")).to_contain_text(MARK.capitalize())
    return typed, photos


def plant(berit: Tablet) -> None:
    """The control mark, in each of the ways in which a browser may hide a word."""
    zipped = base64.b64encode(gzip.compress((CONTROL + " ").encode() * 50)).decode()
    berit.run(PLANT, {"word": CONTROL, "zipped": zipped})


def enrolled(berit: Tablet) -> Tablet:
    berit.enrol(BERIT)
    berit.sees_heading("Min runde")
    return berit
