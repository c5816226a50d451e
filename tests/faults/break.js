/**
 * Trouble inside the page. A page "dies" at a step: what it was doing never goes on, an open transaction is undone, and the
 * test then throws the page away; browser processes that are really killed are the test's own business.
 */
window.broken = (() => {
  const databases = new Set();
  let step = "", fall = () => undefined, fallen = new Promise(() => undefined), hog = null, noRoom = "";
  const wall = Date.now.bind(Date);

  const hang = () => {
    step = "";
    fall(true);
    return new Promise(() => undefined);
  };
  const wrap = (owner, name, make) => { owner[name] = make(owner[name]); };

  wrap(IDBDatabase.prototype, "transaction", before => function (...given) {
    databases.add(this);
    return before.apply(this, given);
  });
  const inStore = (name, store, at) => wrap(IDBObjectStore.prototype, name, before => function (...given) {
    if (this.name !== store || step !== at) return before.apply(this, given);
    this.transaction.abort();
    return hang();
  });
  inStore("add", "outbox", "add");
  inStore("put", "receipts", "settle");
  inStore("put", "blobs", "news");
  inStore("put", "photos", "photo");
  for (const name of ["add", "put"]) {
    wrap(IDBObjectStore.prototype, name, before => function (...given) {
      if (!noRoom || (noRoom !== "all" && noRoom !== this.name)) return before.apply(this, given);
      this.transaction.abort();
      throw new DOMException("no room", "QuotaExceededError");
    });
  }
  /** No room in this store, or in `all`. */
  const full = store => { noRoom = store; };

  for (const [name, at] of [["sign", "sign"], ["digest", "seal"]]) {
    wrap(SubtleCrypto.prototype, name, before => function (...given) { return step === at ? hang() : before.apply(this, given); });
  }
  wrap(window, "fetch", before => async function (url, ...given) {
    const of = url === "/sync/envelopes" ? "" : String(url).startsWith("/sync/photos/") ? "photo_" : "other_";
    if (step === of + "send") return hang();
    const response = await before.call(window, url, ...given);
    return step === of + "answer" ? hang() : response;
  });

  /** The page dies when it comes to this step. */
  function dieAt(where) {
    step = where;
    fallen = new Promise(ok => { fall = ok; });
  }

  /** What it says, or that it died on the way; `most`: a step that is never reached. */
  const orDead = (work, most = 4000) => Promise.race([work, fallen.then(() => ({ died: true })), new Promise(ok => setTimeout(ok, most, { late: true }))]);

  /** The connection is closed in the background, as iOS does it. */
  function close() {
    for (const one of databases) one.close();
    databases.clear();
  }

  /** @returns a transaction over everything, or nothing where the connection is closed */
  function open(one) {
    try {
      return one.transaction([...one.objectStoreNames], "readwrite");
    } catch {
      databases.delete(one);
      return null;
    }
  }

  /** Somebody's transaction over everything does not end. */
  function occupy() {
    const ofRecords = [...databases].filter(one => one.objectStoreNames.contains("meta")); // photos have a database of their own
    const transaction = ofRecords.map(open).find(Boolean);
    if (!transaction) throw new Error("no database is open");
    const store = transaction.objectStore("meta");
    hog = true;
    const again = () => { if (hog) store.get("installation").onsuccess = again; };
    again();
  }
  const release = () => { hog = null; };

  const shift = ms => { Date.now = () => wall() + ms; };

  return { dieAt, orDead, close, occupy, release, shift, full };
})();
