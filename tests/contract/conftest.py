"""The device's engine in Chromium: sw/ from disk and the emitted bundle modules from memory, no server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from webapp.bundles.bundle import Registry
from webapp.device.emit import emit

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ORIGIN = "http://engine.test"
CALL = """async ([name, args]) => {
  const found = (await import('/test/casework.js'))[name]
  return JSON.stringify(await found(...JSON.parse(args)))
}"""


class Device:
    """A page that has the engine's modules and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.modules = {"/test/casework.js": (HERE / "casework.js").read_text(encoding="utf-8")}
        page.route(f"{ORIGIN}/**", self.answer)
        page.goto(f"{ORIGIN}/")

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body="<!doctype html><title>engine</title>", content_type="text/html")
        elif path in self.modules:
            route.fulfill(body=self.modules[path], content_type="text/javascript")
        else:
            route.fulfill(path=ROOT / path.lstrip("/"), content_type="text/javascript")

    def urls(self, registry: Registry) -> list[str]:
        """Module addresses of every bundle version."""
        found = []
        for bundle in registry.all:
            url = f"/test/{bundle.hash[:16]}.js"
            self.modules[url] = emit(bundle)
            found.append(url)
        return found

    def call(self, name: str, *args: Any) -> Any:
        """An exported function of casework.js; values travel as JSON text, which is much faster."""
        return json.loads(self.page.evaluate(CALL, [name, json.dumps(args)]))

    def run(self, registry: Registry, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One round trip for all jobs."""
        bare = [{key: value for key, value in job.items() if key != "expect"} for job in jobs]
        return [dict(one) for one in self.call("runAll", self.urls(registry), bare)]


@pytest.fixture(scope="session")
def device(browser: Browser) -> Iterator[Device]:
    context = browser.new_context()
    yield Device(context.new_page())
    context.close()
