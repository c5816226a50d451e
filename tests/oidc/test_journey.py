"""A nurse logs in by the provider in a real browser, at another site than ours, and takes a tablet into use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live
from tests.oidc.conftest import OpenIdProvider
from tests.people import BERIT, Actor
from webapp.accounts.oidc_provider import Provider


class ByProvider(Tablet):
    """A tablet whose nurse logs in by the provider."""

    def log_in(self, actor: Actor, then: str = "/enrol") -> None:
        self.page.goto(f"{self.url}/login?next={then}")
        self.identify()

    def identify(self) -> None:
        """From the log-in page to the provider and back."""
        self.page.get_by_role("link", name="Logg inn med HelseID").click()
        self.page.get_by_role("link", name="Jeg er Berit").click()


@pytest.fixture
def tablet(browser: Browser, live: Live, openid: OpenIdProvider, tmp_path: Path) -> Iterator[ByProvider]:
    settings = openid.settings(tmp_path, live.url + "/login/oidc/answer", issuer=openid.url.replace("127.0.0.1", "localhost"))
    live.app.config["OIDC"], live.app.extensions["oidc"] = settings, Provider(settings)
    openid.behaves(page=True)
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 412, "height": 900})
    yield ByProvider(context, live.url)
    context.close()


def test_a_nurse_lands_on_the_page_she_asked_for_and_takes_the_tablet_into_use(tablet: ByProvider, openid: OpenIdProvider) -> None:
    tablet.page.goto(tablet.url + "/round")
    tablet.identify()
    tablet.sees_heading("Min runde")
    expect(tablet.page).to_have_url(tablet.url + "/round")

    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")

    assert openid.told()["complaints"] == []


def test_a_nurse_who_turns_round_at_the_provider_reads_why_she_is_not_logged_in(tablet: ByProvider, openid: OpenIdProvider) -> None:
    openid.behaves(page=True, answer={"code": None, "error": "access_denied"})
    tablet.log_in(BERIT, "/round")
    expect(tablet.page.get_by_role("alert")).to_contain_text("Innloggingen ble avbrutt.")

    openid.behaves(page=True)
    tablet.identify()
    tablet.sees_heading("Min runde")
