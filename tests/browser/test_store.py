"""What the device keeps, and what happens when the browser closes the connection behind its back."""

from __future__ import annotations

from tests.browser.tablet import Tablet

STORE = 'const store = await import("/sw/store.js");'


def test_a_write_is_there_after_a_reload(lab: Tablet) -> None:
    lab.run(f"async () => {{ {STORE} await store.put('meta', 'a', {{ n: 1 }}); }}")
    lab.page.reload()
    assert lab.run(f"async () => {{ {STORE} return store.get('meta', 'a'); }}") == {"n": 1}


def test_writes_ask_for_strict_durability(lab: Tablet) -> None:
    asked = lab.run(f"""async () => {{
      const asked = [];
      const before = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (stores, mode, how) {{
        if (mode === "readwrite") asked.push(how?.durability);
        return before.call(this, stores, mode, how);
      }};
      {STORE}
      await store.put("meta", "a", 1); await store.edit("meta", "a", n => n + 1); await store.remove("meta", "a");
      return asked;
    }}""")
    assert asked == ["strict", "strict", "strict"]


def test_a_put_returns_only_after_the_transaction_completed(lab: Tablet) -> None:
    order = lab.run(f"""async () => {{
      const order = [];
      const before = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...given) {{
        const tx = before.apply(this, given);
        tx.addEventListener("complete", () => order.push("complete"));
        return tx;
      }};
      {STORE}
      await store.put("meta", "a", 1);
      order.push("returned");
      return order;
    }}""")
    assert order == ["complete", "returned"]


def test_a_connection_closed_behind_our_back_is_opened_again(lab: Tablet) -> None:
    """iOS does it in the background; here another connection deletes nothing but asks for a higher version."""
    found = lab.run(f"""async () => {{
      {STORE}
      await store.put("meta", "a", 1);
      const opened = [];
      const before = IDBDatabase.prototype.transaction;
      let lost = true;
      IDBDatabase.prototype.transaction = function (...given) {{
        opened.push(1);
        if (lost) {{ lost = false; throw new DOMException("The database connection is closing.", "InvalidStateError"); }}
        return before.apply(this, given);
      }};
      await store.put("meta", "b", 2);
      return [await store.get("meta", "b"), opened.length];
    }}""")
    assert found == [2, 3]


def test_a_transaction_whose_work_fails_leaves_nothing(lab: Tablet) -> None:
    found = lab.run(f"""async () => {{
      {STORE}
      const said = await store.transact(["meta", "rows"], "strict", async tx => {{
        await tx.objectStore("meta").put(1, "a");
        throw new Error("stopped");
      }}).catch(wrong => wrong.message);
      return [said, await store.get("meta", "a") ?? null];
    }}""")
    assert found == ["stopped", None]


def test_two_windows_that_edit_the_same_value_lose_nothing(lab: Tablet) -> None:
    other = lab.context.new_page()
    other.goto(lab.url + "/login")
    add = f"async () => {{ {STORE} for (let i = 0; i < 25; i++) await store.edit('meta', 'n', n => (n ?? 0) + 1); }}"
    start = add.replace("async () =>", "() => { globalThis.done = (async () =>") + ")(); }"
    other.evaluate(start)
    lab.run(add)
    other.evaluate("() => globalThis.done")
    assert lab.run(f"async () => {{ {STORE} return store.get('meta', 'n'); }}") == 50
