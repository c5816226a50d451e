"""The device's engine in Chromium, with the modules that the server would emit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.fixtures.javascript import Js
from webapp.bundles.bundle import Registry
from webapp.device.emit import emit

HERE = Path(__file__).parent
RunAll = Callable[[Registry, list[dict[str, Any]]], list[dict[str, Any]]]


class Device:
    """Runs jobs in the page; a registry's modules are served from memory."""

    def __init__(self, js: Js) -> None:
        self.js = js
        self.modules: dict[str, str] = {"/test/casework.js": (HERE / "casework.js").read_text(encoding="utf-8")}
        js.page.route("**/test/**", self.answer)

    def answer(self, route: Route) -> None:
        path = "/test/" + route.request.url.partition("/test/")[2]
        route.fulfill(body=self.modules[path], content_type="text/javascript")

    def urls(self, registry: Registry) -> list[str]:
        found = []
        for bundle in registry.all:
            url = f"/test/{bundle.hash[:12]}.js"
            self.modules[url] = emit(bundle)
            found.append(url)
        return found

    def run(self, registry: Registry, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One round trip for all jobs."""
        bare = [{key: value for key, value in job.items() if key != "expect"} for job in jobs]
        answers = self.js.call("/test/casework.js", "runAll", self.urls(registry), bare)
        return [dict(one) for one in answers]


@pytest.fixture(scope="module")
def device(js: Js) -> Device:
    return Device(js)
