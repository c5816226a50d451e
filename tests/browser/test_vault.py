"""A vault per nurse and device: a PIN opens it, wrong ones cost time, and nothing opens it after the tenth."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.tablet import PIN, Tablet
from webapp.sync import crypto

MAKE = """async ({ pin, user, seal, server }) => {
  const vault = await import("/sw/vault.js");
  const nurses = await import("/sw/nurses.js");
  const { unhex } = await import("/sw/bytes.js");
  const opening = {
    user: { id: user, name: "Berit", title: "", lang: "nb", role: "nurse" }, units: [],
    device_id: "22222222-2222-4222-8222-222222222222",
    key_id: user, papers: { body: "", sigs: [] }, session_token: "session-token-of-" + user, until: "", lease: null,
    server_signing_public: server,
  };
  const made = await nurses.create(opening, await vault.begin(), pin, { kid: unhex(seal.kid), public: unhex(seal.public) });
  const locked = await vault.encrypt({ name: "Astrid" }, "rows/1");
  const store = await import("/sw/store.js");
  await store.put("rows", "1", locked);
  return made.no;
}"""
BERIT, AMINA = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
TRY = """async ([user, pin, ms]) => {
  const nurses = await import("/sw/nurses.js");
  const { vault, ...said } = await nurses.unlock(user, pin, ms);
  return said;
}"""
HANG = """([what, user, pin]) => new Promise(reached => {
  const [owner, name] = what === "key" ? [SubtleCrypto.prototype, "unwrapKey"] : [Worker.prototype, "postMessage"];
  owner[name] = () => { setTimeout(reached); return new Promise(() => undefined); };
  void import("/sw/nurses.js").then(nurses => nurses.unlock(user, pin, 0)).then(reached); // or a pause keeps it from coming so far
})"""
READ = """async () => {
  const vault = await import("/sw/vault.js");
  const store = await import("/sw/store.js");
  return vault.decrypt(await store.get("rows", "1"), "rows/1").catch(wrong => wrong.name === "Error" ? wrong.constructor.name : wrong.name);
}"""
CHANGE = """async ([old, pin, ms]) => {
  const { vault, ...said } = await (await import("/sw/nurses.js")).changePin(old, pin, ms);
  return said;
}"""
LOCK = 'async () => (await import("/sw/nurses.js")).lock()'
SERVER = crypto.new_private()


def make(tablet: Tablet, user: str = BERIT, pin: str = PIN) -> None:
    public = crypto.public_bytes(SERVER.public_key())
    seal = {"kid": crypto.key_id(public).hex(), "public": public.hex()}
    tablet.run(MAKE, {"pin": pin, "user": user, "seal": seal, "server": "pinned"})


def attempt(tablet: Tablet, pin: str, ms: int = 0, user: str = BERIT) -> Any:
    return tablet.run(TRY, [user, pin, ms])


def test_a_pin_opens_the_vault_after_a_reload_and_nothing_is_readable_before(lab: Tablet) -> None:
    make(lab)
    assert lab.run(READ) == {"name": "Astrid"}
    lab.page.reload()
    assert lab.run(READ) == "LockedError"
    assert attempt(lab, PIN)["ok"] is True
    assert lab.run(READ) == {"name": "Astrid"}
    lab.run(LOCK)
    assert lab.run(READ) == "LockedError"


def test_two_nurses_have_each_their_own_vault(lab: Tablet) -> None:
    make(lab, AMINA, "spade kaffe bil")
    make(lab)
    lab.run(LOCK)
    assert attempt(lab, PIN, user=AMINA) == {"ok": False, "why": "wrong", "left": 9, "seconds": 0}
    assert attempt(lab, "spade kaffe bil", user=AMINA)["ok"] is True
    assert lab.run(READ) == "OperationError"


def test_wrong_pins_cost_growing_time_that_a_restart_does_not_give_back(lab: Tablet) -> None:
    make(lab)
    now, waits = 1_000_000, []
    for _ in range(6):
        answer = attempt(lab, "000001", now)
        waits.append(answer["seconds"])
        now += 1000 * answer["seconds"]
    assert waits == [0, 0, 5, 15, 30, 60]
    lab.page.reload()
    early = attempt(lab, PIN, now - 1000)
    assert early["why"] == "wait"
    assert early["seconds"] == 1
    assert attempt(lab, PIN, now)["ok"] is True
    assert attempt(lab, "000001", now) == {"ok": False, "why": "wrong", "left": 9, "seconds": 0}


def cut_off(tablet: Tablet, pin: str, what: str) -> None:
    """A try during which the app is killed: it comes as far as this, and no further."""
    tablet.run(HANG, [what, BERIT, pin])
    tablet.page.reload()


def test_a_right_pin_that_a_reload_or_a_flat_battery_cut_off_costs_no_try(lab: Tablet) -> None:
    make(lab)
    lab.page.reload()
    for _ in range(4):
        cut_off(lab, PIN, "derivation")
    assert attempt(lab, "000001") == {"ok": False, "why": "wrong", "left": 9, "seconds": 0}
    assert attempt(lab, PIN)["ok"] is True


def test_killing_the_app_before_it_says_that_a_pin_is_wrong_wins_no_try(lab: Tablet) -> None:
    make(lab)
    lab.page.reload()
    for _ in range(3):
        cut_off(lab, "000001", "key")
    assert attempt(lab, "000002") == {"ok": False, "why": "wait", "seconds": 5}


def test_ten_wrong_pins_close_the_vault_and_the_server_can_open_it_again(lab: Tablet) -> None:
    make(lab)
    now = 1_000_000
    for _ in range(10):
        answer = attempt(lab, "000001", now)
        now += 1000 * answer.get("seconds", 0)
    assert answer == {"ok": False, "why": "closed"}
    assert attempt(lab, PIN, now + 10**9) == {"ok": False, "why": "closed"}
    wrap = bytes(lab.run(f'async () => [...(await (await import("/sw/store.js")).get("vaults", "{BERIT}")).wraps.back]'))
    from uuid import UUID

    from webapp.sync import keys

    device = UUID("22222222-2222-4222-8222-222222222222")
    raw = crypto.open_sealed(SERVER, keys.return_info(UUID(BERIT), device), wrap[8:])
    lab.run(f'async raw => (await import("/sw/nurses.js")).reopen("{BERIT}", Uint8Array.from(raw), "482915")', list(raw))
    assert lab.run(READ) == {"name": "Astrid"}
    lab.run(LOCK)
    assert attempt(lab, "482915", now)["ok"] is True


def test_a_new_pin_needs_the_old_one_and_replaces_it(lab: Tablet) -> None:
    make(lab)
    assert lab.run(CHANGE, ["111222", "482915", 0]) == {"ok": False, "why": "wrong", "left": 9, "seconds": 0}
    assert lab.run(CHANGE, [PIN, "482915", 0]) == {"ok": True}
    lab.run(LOCK)
    assert attempt(lab, PIN)["ok"] is False
    assert attempt(lab, "482915")["ok"] is True
    assert lab.run(READ) == {"name": "Astrid"}


def test_an_open_vault_gives_no_more_tries_at_its_pin_than_a_locked_one(lab: Tablet) -> None:
    """Whoever takes it from her hand unlocked would otherwise try PINs where they are changed, and come back later."""
    make(lab)
    now, waits = 1_000_000, []
    for _ in range(9):
        answer = lab.run(CHANGE, ["000001", "482915", now])
        waits.append(answer["seconds"])
        now += 1000 * answer["seconds"]
    assert waits == [0, 0, 5, 15, 30, 60, 120, 300, 300]
    assert lab.run(CHANGE, [PIN, "482915", now - 1000]) == {"ok": False, "why": "wait", "seconds": 1}
    assert lab.run(CHANGE, ["000001", "482915", now]) == {"ok": False, "why": "closed"}
    assert lab.run(READ) == "LockedError"
    assert attempt(lab, PIN, now + 10**9) == {"ok": False, "why": "closed"}


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        *((one, "plain") for one in ("123456", "111111", "654321", "121212", "123123", "112233", "123321", "747744", "147258", "14725836")),
        *((one, "short") for one in ("12345", "kort", "")), *((one, None) for one in ("739154", "100483", "kaffe på bordet")),
    ],
)
def test_a_weak_pin_is_refused(lab: Tablet, pin: str, said: str | None) -> None:
    assert lab.run('async pin => (await import("/sw/nurses.js")).weakness(pin)', pin) == said


def test_no_key_of_the_vault_can_be_taken_out(lab: Tablet) -> None:
    made = lab.run("""async () => {
      const kept = [];
      for (const name of ["importKey", "unwrapKey", "generateKey"]) {
        const before = SubtleCrypto.prototype[name];
        SubtleCrypto.prototype[name] = async function (...given) {
          const key = await before.apply(this, given);
          kept.push([name, key]);
          return key;
        };
      }
      globalThis.kept = kept;
    }""")
    assert made is None
    make(lab)
    lab.run(LOCK)
    lab.run("() => { globalThis.kept.length = 0; }")
    assert attempt(lab, PIN)["ok"] is True
    secret = lab.run("() => globalThis.kept.filter(([, key]) => key.type !== 'public').map(([name, key]) => [name, key.extractable])")
    assert secret
    assert all(extractable is False for _, extractable in secret)


def test_what_is_encrypted_for_one_place_does_not_open_in_another(lab: Tablet) -> None:
    make(lab)
    said = lab.run("""async () => {
      const vault = await import("/sw/vault.js");
      return vault.decrypt(await vault.encrypt({ a: 1 }, "rows/1"), "rows/2").catch(wrong => wrong.name);
    }""")
    assert said == "OperationError"


COST = f"""async () => {{
  const {{ m, t, p }} = (await (await import("/sw/store.js")).get("vaults", "{BERIT}")).wraps.pin;
  return [m, t, p];
}}"""
CHEAPEN = """async ([user, pin, m, t]) => {
  const [store, vault] = await Promise.all([import("/sw/store.js"), import("/sw/vault.js")]);
  const it = await store.get("vaults", user);
  const wrap = it.wraps.pin, cheap = { ...wrap, m, t };
  const how = one => ({ name: "AES-GCM", iv: one.iv, additionalData: new TextEncoder().encode("pin") });
  const raw = await crypto.subtle.decrypt(how(wrap), await vault.derive(wrap, pin), wrap.ct);
  const ct = new Uint8Array(await crypto.subtle.encrypt(how(cheap), await vault.derive(cheap, pin), raw));
  await store.put("vaults", user, { ...it, wraps: { ...it.wraps, pin: { ...cheap, ct } } });
}"""


def test_the_cost_of_the_key_derivation_stands_in_the_wrap_and_is_raised_at_an_unlock(lab: Tablet) -> None:
    make(lab)
    assert lab.run(COST) == [32 * 1024, 3, 1]
    lab.run(CHEAPEN, [BERIT, PIN, 8 * 1024, 1])
    lab.run(LOCK)
    assert lab.run(COST) == [8 * 1024, 1, 1]
    assert attempt(lab, "000001")["why"] == "wrong"
    assert lab.run(COST) == [8 * 1024, 1, 1]
    assert attempt(lab, PIN)["ok"] is True
    assert lab.run(COST) == [32 * 1024, 3, 1]
    lab.run(LOCK)
    assert attempt(lab, PIN)["ok"] is True
    assert lab.run(READ) == {"name": "Astrid"}


def test_a_key_derivation_that_fails_is_said_and_does_not_hang(berit: Tablet) -> None:
    berit.lock()
    berit.run("""async () => {
      const store = await import("/sw/store.js");
      const [it] = await store.all("vaults");
      await store.put("vaults", it.user.id, { ...it, wraps: { ...it.wraps, pin: { ...it.wraps.pin, m: 1 } } }); // less than there can be
    }""")
    berit.unlock()
    expect(berit.page.get_by_role("alert")).to_contain_text("Noe gikk galt på enheten")
