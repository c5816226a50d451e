"""Passkeys in a real browser: log-in, and fingerprint or face instead of the PIN. The authenticator is Chromium's own virtual one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.finger import UNLOCK, on_a_name, turn_on, with_finger
from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT

WRAP = "async () => Boolean((await (await import('/sw/store.js')).all('vaults'))[0].wraps.prf)"


def test_a_passkey_made_on_the_account_page_logs_in_without_a_user_name(new_tablet: Callable[[], Tablet]) -> None:
    tablet = on_a_name(new_tablet())
    with_finger(tablet, prf=False)
    tablet.log_in(BERIT, "/account")
    tablet.page.get_by_label("Navn på passnøkkelen").fill("Telefonen")
    tablet.page.get_by_role("button", name="Lag passnøkkel").click()
    expect(tablet.page.get_by_text("Telefonen", exact=True)).to_be_visible()
    tablet.page.get_by_role("button", name="Logg ut").click()
    tablet.page.goto(tablet.url + "/login?next=/account")
    tablet.page.get_by_role("button", name="Logg inn med passnøkkel").click()
    expect(tablet.page.get_by_text("Sist brukt")).to_be_visible()
    tablet.page.get_by_role("button", name="Fjern passnøkkelen Telefonen").click()
    expect(tablet.page.get_by_text("Telefonen", exact=True)).to_have_count(0)


def test_a_finger_opens_the_vault_without_net_and_pin_until_she_logs_out(new_tablet: Callable[[], Tablet], live: Live) -> None:
    tablet = on_a_name(new_tablet())
    cdp, name = with_finger(tablet, prf=True)
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    turn_on(tablet)
    expect(tablet.page.get_by_text("Du kan nå låse opp med fingeravtrykk")).to_be_visible()
    tablet.go("Denne enheten")
    live.stop()
    tablet.lock()
    tablet.page.get_by_role("button", name=UNLOCK).click()
    tablet.sees_heading("Denne enheten")
    tablet.lock()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})  # another's finger
    tablet.page.get_by_role("button", name=UNLOCK).click()
    expect(tablet.page.get_by_role("alert")).to_have_text("Fingeravtrykk eller ansikt låste ikke opp. Prøv igjen, eller skriv PIN.")
    tablet.unlock(PIN)
    tablet.sees_heading("Denne enheten")
    tablet.page.locator("details summary", has_text="Logg ut").click()
    tablet.page.get_by_role("button", name="Logg ut").click()
    tablet.sees_heading("Låst")
    assert tablet.run(WRAP) is False
    expect(tablet.page.get_by_role("button", name=UNLOCK)).to_have_count(0)


TRANSPLANT = """async () => {
  const store = await import('/sw/store.js');
  const vaults = await store.all('vaults');
  const of = name => vaults.find(one => one.user.name.startsWith(name));
  const before = of('Amina');
  await store.put('vaults', before.user.id, { ...before, wraps: { ...before.wraps, prf: of('Berit').wraps.prf } });
}"""
TRY = """async name => {
  const store = await import('/sw/store.js');
  const { user } = (await store.all('vaults')).find(one => one.user.name === name);
  const attempt = await (await import('/sw/passkey.js')).unlock(user.id, Date.now());
  return [attempt.ok, attempt.why ?? '', (await import('/sw/nurses.js')).current()?.user.name ?? ''];
}"""


def test_a_colleague_on_the_same_tablet_cannot_use_her_passkey_for_anything_of_her_own(new_tablet: Callable[[], Tablet]) -> None:
    # given two nurses on a tablet, of whom one has a passkey
    tablet = on_a_name(new_tablet())
    with_finger(tablet, prf=True)
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    turn_on(tablet)
    expect(tablet.page.get_by_text("Du kan nå låse opp med fingeravtrykk")).to_be_visible()
    tablet.go("Denne enheten")
    tablet.lock()
    tablet.log_in(AMINA)
    tablet.set_pin("482915")
    tablet.sees_heading("Min runde")
    tablet.lock()
    # then there is one button, and it says whose it is
    expect(tablet.page.get_by_role("button", name=UNLOCK)).to_have_text(f"{BERIT.name}: {UNLOCK}")
    # and asked for the other's vault it opens nothing, not even when its wrap is written beside the other's
    assert tablet.run(TRY, AMINA.name)[::2] == [False, ""]
    tablet.run(TRANSPLANT)
    assert tablet.run(TRY, AMINA.name)[::2] == [False, ""]
    tablet.open()
    tablet.unlock("482915", AMINA.name)
    tablet.sees_heading("Min runde")


def test_where_the_screen_lock_gives_no_secret_the_pin_is_as_before(new_tablet: Callable[[], Tablet]) -> None:
    tablet = on_a_name(new_tablet())
    with_finger(tablet, prf=False)
    tablet.enrol(AMINA)
    tablet.sees_heading("Min runde")
    turn_on(tablet)
    expect(tablet.page.get_by_text("Denne enheten kan ikke låse opp med fingeravtrykk")).to_be_visible()
    expect(tablet.page.locator("form[action='/round/passkey']")).to_have_count(0)
    tablet.go("Denne enheten")
    tablet.lock()
    expect(tablet.page.get_by_role("button", name=UNLOCK)).to_have_count(0)
    tablet.unlock(PIN)
    tablet.sees_heading("Denne enheten")
