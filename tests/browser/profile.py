"""A Chromium on a profile folder, as a phone or a tablet has it: it can be killed and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Playwright

from tests.browser.tablet import Tablet
from tests.conftest import launch_options

PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1180, "height": 820}


class Profile:
    """One device: what it stores outlives every window and every death of its browser."""

    def __init__(
        self, playwright: Playwright, folder: Path, url: str, viewport: dict[str, int], zone: str | None = "Europe/Oslo",
        args: Sequence[str] = (), *, windowless: bool = False,
    ) -> None:  # fmt: skip
        self.playwright, self.folder, self.url, self.viewport, self.zone = playwright, folder, url, viewport, zone
        self.launch = launch_options(windowless)
        self.launch["args"] = [*self.launch["args"], *args]
        self.context: BrowserContext | None = None
        self.complaints: list[str] = []
        self.known_again = 0

    def start(self) -> Tablet:
        """The browser comes up; the window it opens is the tablet's."""
        context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), headless=True, locale="nb-NO", timezone_id=self.zone, has_touch=True,
            viewport={"width": self.viewport["width"], "height": self.viewport["height"]}, **self.launch,
        )
        context.on("console", self.heard)
        context.on("weberror", lambda wrong: self.complaints.append(str(wrong.error)))
        self.context = context
        return Tablet(context, self.url, context.pages[0])

    def heard(self, message: ConsoleMessage) -> None:
        """Errors of ours; that a server is gone, the browser says by itself."""
        if message.type in ("error", "warning") and "net::ERR_" not in message.text:
            self.complaints.append(f"{message.text} {message.location['url']}")

    def is_known_again(self) -> None:
        """A browser that dies has not put its device's cookie on disk yet: until here one 401 told it to prove itself anew."""
        self.known_again = len(self.complaints)

    def wrong(self) -> list[str]:
        """What was complained of, but for that."""
        return [one for at, one in enumerate(self.complaints) if at >= self.known_again or "401" not in one]

    def kill(self) -> None:
        """As a flat battery would: no goodbye, nothing flushed by politeness."""
        os.kill(self.process(), signal.SIGKILL)
        self.close()

    def process(self) -> int:
        mine = {pid.name: _parent(pid) for pid in Path("/proc").iterdir() if pid.name.isdigit() and self._is_mine(pid)}
        first = [pid for pid, parent in mine.items() if parent not in mine]  # a child is its parent's twin until it runs its own program
        if len(first) != 1:
            raise AssertionError(f"{len(first)} browsers on {self.folder}")
        return int(first[0])

    def _is_mine(self, pid: Path) -> bool:
        try:
            words = (pid / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return False
        return f"--user-data-dir={self.folder}" in words and not any(word.startswith("--type=") for word in words)

    def close(self) -> None:
        if self.context:
            with suppress(Error):  # it may be dead already
                self.context.close()
            self.context = None


def _parent(pid: Path) -> str:
    with suppress(OSError):
        return (pid / "stat").read_text().rpartition(")")[2].split()[1]
    return ""
