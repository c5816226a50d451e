"""What a nurse's first load costs: every byte both ways, from the log-in page until the shell is kept and the PIN can be set."""

from __future__ import annotations

from pathlib import Path

from tests.bench import place, proxy, tablet
from tests.bench.table import Figure


def measure(folder: Path, small: place.Place) -> list[Figure]:
    here = small.copy(folder / "wire")
    with here.served() as server, proxy.line(server.port) as line, tablet.chromium() as playwright:
        context = tablet.profile(playwright, folder / "wire-profile")
        page = context.new_page()
        urls: list[str] = []
        context.on("request", lambda request: urls.append(request.url))
        tablet.take_into_use(page, line.url, "berit")
        down, up = line.down.sent / 1000, line.up.sent / 1000
        context.close()
    return [
        Figure("first load until usable offline, to the nurse", "kB", 144, down),
        Figure("— her requests", "kB", None, up),
        Figure("— in requests", "", None, float(len(urls))),
    ]
