"""Tablets for tests that drive the whole app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright

from tests.browser.enrolled import Enrolled
from tests.browser.enrolled import enrolled as enrolled_today
from tests.browser.profile import PHONE, Profile
from tests.browser.tablet import Tablet
from tests.conftest import make_app
from tests.fixtures.databases import Template
from tests.fixtures.servers import Live
from tests.people import BERIT
from tests.web.sync.photos import switch


@pytest.fixture
def enrolled(playwright: Playwright, sqlite_db: Template, tmp_path_factory: pytest.TempPathFactory) -> Enrolled:
    """A device that was taken into use, and its server."""
    return enrolled_today(playwright, sqlite_db, tmp_path_factory.mktemp("enrolled"))


@pytest.fixture
def sqlite_app(request: pytest.FixtureRequest, sqlite_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """As everywhere; where a test has an enrolled device, the app that knows it."""
    if "enrolled" in request.fixturenames:
        yield from request.getfixturevalue("enrolled").app(tmp_path)
    else:
        yield from make_app(sqlite_db, tmp_path)


@pytest.fixture
def live(request: pytest.FixtureRequest, sqlite_app: Flask) -> Iterator[Live]:
    """The same, where the enrolled device looks for it."""
    server = Live(sqlite_app, request.getfixturevalue("enrolled").port if "enrolled" in request.fixturenames else 0)
    yield server
    server.stop()


@pytest.fixture
def new_tablet(browser: Browser, live: Live) -> Iterator[Callable[[], Tablet]]:
    """A browser of its own per call."""
    contexts = []

    def make() -> Tablet:
        context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo", viewport={"width": 412, "height": 900})
        contexts.append(context)
        return Tablet(context, live.url)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def berit(playwright: Playwright, enrolled: Enrolled, live: Live, tmp_path: Path) -> Iterator[Tablet]:
    """Berit's tablet, enrolled, unlocked, on her round."""
    with enrolled.tablet(playwright, tmp_path, live.url) as tablet:
        yield tablet


@pytest.fixture
def berit_just_enrolled(new_tablet: Callable[[], Tablet]) -> Tablet:
    """The same in the window in which she enrolled."""
    tablet = new_tablet()
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    return tablet


@pytest.fixture
def berit_on_her_own(playwright: Playwright, live: Live, tmp_path: Path) -> Iterator[Tablet]:
    """As `berit`, in a whole Chromium on a profile: the windowless one has no Background Sync."""
    device = Profile(playwright, tmp_path / "profile", live.url, PHONE)
    tablet = device.start()
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    yield tablet
    device.close()


@pytest.fixture
def lab(new_tablet: Callable[[], Tablet]) -> Tablet:
    """A page with an empty store, for the device's modules one by one."""
    tablet = new_tablet()
    tablet.page.goto(tablet.url + "/login")
    return tablet


@pytest.fixture
def photos_on(sqlite_app: Flask) -> None:
    """The municipality has switched photos on."""
    switch(sqlite_app, 1)
