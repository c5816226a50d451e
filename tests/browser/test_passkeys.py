"""Passkeys in a real browser: log-in, and fingerprint or face instead of the PIN. The authenticator is Chromium's own virtual one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.tablet import PIN, Tablet
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT

UNLOCK = "Lås opp med fingeravtrykk eller ansikt"
WRAP = "async () => Boolean((await (await import('/sw/store.js')).all('vaults'))[0].wraps.prf)"


def on_a_name(tablet: Tablet) -> Tablet:
    """An address of numbers has no passkeys."""
    tablet.url = tablet.url.replace("127.0.0.1", "localhost")
    return tablet


def with_finger(tablet: Tablet, *, prf: bool) -> tuple[Any, str]:
    """A screen lock that knows its owner; the session it answers in, and its name there."""
    cdp = tablet.context.new_cdp_session(tablet.page)
    cdp.send("WebAuthn.enable")
    how = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
           "isUserVerified": True, "hasPrf": prf, "automaticPresenceSimulation": True}  # fmt: skip
    return cdp, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": how})["authenticatorId"]


def turn_on(tablet: Tablet) -> None:
    tablet.page.locator("a[href='/round/device']").first.click()
    tablet.go("Bytt PIN")
    form = tablet.page.locator("form[action='/round/passkey']")
    form.get_by_label("PIN nå").fill(PIN)
    form.get_by_role("button", name="Slå på").click()


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
