"""The screen of a tablet whose database does not open, and such tablets."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet import Tablet

# Those of before anything was set aside; the worker's are its own, and open.
SHUT = """{
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (name, ...more) {
    if (/^tryggrunde(-photos)?$/.test(name)) throw new DOMException("Internal error opening backing store", "UnknownError");
    return open.call(this, name, ...more);
  };
}"""
# They open, and reading them takes longer than anybody waits; which here is not long.
SLOW = """{
  const { getAll } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.getAll = function (...more) {
    return this.transaction.db.name === "tryggrunde" ? new Promise(() => undefined) : getAll.apply(this, more);
  };
  const { setTimeout } = window;
  window.setTimeout = (work, ms, ...more) => setTimeout(work, ms === 20_000 ? 1_000 : ms, ...more);
}"""
NAMES = "async () => (await indexedDB.databases()).map(({ name }) => name).sort()"
# Every row of a database, as text.
ROWS = """async names => {
  const asked = request => new Promise((done, wrong) => Object.assign(request, { onsuccess: () => done(request.result), onerror: wrong }));
  const plain = (_, it) => ArrayBuffer.isView(it) ? [...it].join() : it;
  const found = {};
  for (const name of names) {
    const db = await asked(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const rows = db.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([asked(rows.getAllKeys()), asked(rows.getAll())]);
      found[name + "/" + store] = JSON.stringify(keys.map((key, n) => [key, values[n]]), plain);
    }
    db.close();
  }
  return found;
}"""
OLD, NEW = ["tryggrunde", "tryggrunde-photos"], ["tryggrunde-photos.2", "tryggrunde.2"]


class Unopened:
    """What is said, and what can be done."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet, self.page = tablet, tablet.page

    def start(self) -> Unopened:
        self.page.goto(self.tablet.url + "/round")
        return self.shown()

    def shown(self) -> Unopened:
        self.tablet.sees_heading("Lageret på enheten åpner seg ikke")
        return self

    def try_again(self) -> None:
        self.page.get_by_role("button", name="Prøv igjen").click()

    def ask(self) -> Unopened:
        """The first tap: nothing happens but that it is told what the second means."""
        self.page.get_by_text("Hjelper ikke det heller?").click()
        self.page.get_by_role("button", name="Legg lageret til side og ta enheten i bruk på nytt").click()
        self.tablet.sees_heading("Dette skjer med det som ligger i lageret")
        return self

    def confirm(self) -> Unopened:
        self.page.get_by_role("button", name="Ja, legg lageret til side").click()
        return self

    def set_aside(self) -> Tablet:
        self.start().ask().confirm()
        self.tablet.sees_heading("Låst")
        return self.tablet

    def says(self, text: str) -> Unopened:
        expect(self.page.get_by_role("main")).to_contain_text(text)
        return self


def shut_out(tablet: Tablet, script: str = SHUT) -> Tablet:
    """Another window on the same device, in which the database does not open; the one there was is closed."""
    other = Tablet(tablet.context, tablet.url)
    other.page.add_init_script(script)
    tablet.page.close()
    return other


def reopened(tablet: Tablet) -> Tablet:
    """A window of a later start, in which everything opens."""
    other = Tablet(tablet.context, tablet.url)
    tablet.page.close()
    other.open()
    return other
