"""The device's engine in Chromium, script for script as it travels, no server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.tablet import Tablet
from tests.conftest import make_app, sign_in
from tests.contract.twins import Twins
from tests.fixtures.databases import Template
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp.bundles.bundle import Registry
from webapp.device import shell
from webapp.device.emit import emit

HERE = Path(__file__).parent
ORIGIN = "http://engine.test"
CALL = """async ([module, name, args]) => {
  const found = (await import(`/test/${module}.js`))[name]
  return JSON.stringify(await found(...JSON.parse(args)))
}"""


class Device:
    """A page that has the engine's modules and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.modules = {f"/test/{path.name}": path.read_text(encoding="utf-8") for path in HERE.glob("*.js")}
        self.shell = shell.build()
        page.route(f"{ORIGIN}/**", self.answer)
        page.goto(f"{ORIGIN}/")

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body="<!doctype html><title>engine</title>", content_type="text/html")
        elif path in self.modules:
            route.fulfill(body=self.modules[path], content_type="text/javascript")
        elif path == "/shell.json":
            route.fulfill(body=self.shell.listing.content, content_type="application/json")
        else:
            found = self.shell.find(path)
            assert found is not None, path
            route.fulfill(body=found.content, content_type=found.type)

    def urls(self, registry: Registry) -> list[str]:
        """Module addresses of every bundle version."""
        found = []
        for bundle in registry.all:
            made, url = emit(bundle), f"/test/{bundle.hash[:16]}.js"
            bare = url.replace(".js", ".bare.js")
            self.modules[bare] = made.module
            self.modules[url] = (f"import made from '{bare}'\nconst x = {json.dumps(made.said)}.values()\n"
                                 "export default made(() => x.next().value)\n")
            found.append(url)
        return found

    def call(self, name: str, *args: Any, module: str = "casework") -> Any:
        """An exported function of a module beside this file; values travel as JSON text, which is much faster."""
        return json.loads(self.page.evaluate(CALL, [module, name, json.dumps(args)]))

    def run(self, registry: Registry, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One round trip for all jobs."""
        bare = [{key: value for key, value in job.items() if key != "expect"} for job in jobs]
        return [dict(one) for one in self.call("runAll", self.urls(registry), bare)]


@pytest.fixture(scope="session")
def device(browser: Browser) -> Iterator[Device]:
    context = browser.new_context()
    yield Device(context.new_page())
    context.close()


@pytest.fixture
def twins(browser: Browser, sqlite_db: Template, tmp_path_factory: pytest.TempPathFactory,
          monkeypatch: pytest.MonkeyPatch) -> Iterator[Twins]:
    """Berit at her tablet and, with a database like it, at an office PC."""
    there, here = (make_app(sqlite_db, tmp_path_factory.mktemp(name)) for name in ("tablet", "office"))
    server, office = Live(next(there)), next(here)
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    tablet = Tablet(context, server.url)
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    yield Twins(tablet, sign_in(office.test_client(), BERIT), office, server.app, monkeypatch)
    context.close()
    server.stop()
    for made in (there, here):
        next(made, None)
