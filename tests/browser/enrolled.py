"""Berit's device as it is a while after she took it into use, made once a day in each process of tests: enrolling is most of what a
short test costs. A test gets a copy of the browser's profile, of the database and of the server's files, at the same address."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Playwright

from tests.browser.tablet import Tablet
from tests.conftest import launch_options, make_app
from tests.fixtures.databases import OSLO, Template, free_port, template_at
from tests.fixtures.servers import Live
from tests.people import BERIT

WINDOW = {"width": 412, "height": 900}
NEWS = "async () => { await (await import('/sw/sync.js')).flush({ fetch: true }) }"
MADE: dict[date, Enrolled] = {}


@dataclass
class Enrolled:
    """What lies on both disks, and where the server answers: what a browser keeps belongs to one address."""

    template: Template
    data: Path
    profile: Path
    port: int
    cookies: list[Any]  # a browser that was closed has forgotten those of the log-in

    def app(self, folder: Path) -> Iterator[Flask]:
        """The app on a copy."""
        shutil.copytree(self.data, folder / "data")
        yield from make_app(self.template, folder)

    @contextmanager
    def tablet(self, playwright: Playwright, folder: Path, url: str) -> Iterator[Tablet]:
        """Her tablet on a copy, unlocked, on her round, with the newest from the server."""
        shutil.copytree(self.profile, folder / "profile", symlinks=True)
        with browser(playwright, folder / "profile") as context:
            context.add_cookies(self.cookies)
            tablet = Tablet(context, url, context.pages[0])
            tablet.open()
            tablet.unlock()
            tablet.sees_heading("Min runde")
            tablet.run(NEWS)
            yield tablet


@contextmanager
def browser(playwright: Playwright, folder: Path) -> Iterator[BrowserContext]:
    """The windowless Chromium on a profile."""
    context = playwright.chromium.launch_persistent_context(
        str(folder), headless=True, locale="nb-NO", timezone_id="Europe/Oslo", viewport=WINDOW,  # type: ignore[arg-type]
        **launch_options(windowless=True),
    )  # fmt: skip
    try:
        yield context
    finally:
        context.close()


def enrolled(playwright: Playwright, template: Template, folder: Path) -> Enrolled:
    """Today's, in this folder where it has to be made."""
    today = datetime.now(OSLO).date()
    if today not in MADE:
        for app in make_app(template, folder):
            server = Live(app, free_port())
            with browser(playwright, folder / "profile") as context:
                tablet = Tablet(context, server.url, context.pages[0])
                tablet.enrol(BERIT)
                tablet.sees_heading("Min runde")
                tablet.has_everything()
                tablet.run(NEWS)
                tablet.open()  # once from the shell: the browser keeps what it made of the scripts
                cookies: list[Any] = context.cookies()
            server.stop()
            url = app.config["DATABASE_URL"]
        MADE[today] = Enrolled(template_at(url), folder / "data", folder / "profile", server.port, cookies)
    return MADE[today]
