"""A tablet whose screen lock knows its owner: Chromium's own virtual authenticator."""

from __future__ import annotations

from typing import Any

from tests.browser.tablet import PIN, Tablet

UNLOCK = "Lås opp med fingeravtrykk eller ansikt"


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
    """Under "Bytt PIN"."""
    tablet.page.locator("a[href='/round/device']").first.click()
    tablet.go("Bytt PIN")
    form = tablet.page.locator("form[action='/round/passkey']")
    form.get_by_label("PIN nå").fill(PIN)
    form.get_by_role("button", name="Slå på").click()
