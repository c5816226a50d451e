"""The other engines on a profile folder, as a tablet has it: started, killed without a goodbye, started again.

`ENGINES[name].installed()` says whether it is here; `start()` gives a driver. The fault runs use the same three calls.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from tests.engines.driver import Driver, Http, Marionette, until
from tests.fixtures.databases import free_port

HERE = Path(__file__).parent
DEBIAN_PYTHON = "/usr/bin/python3"
PREFERENCES = """user_pref("marionette.port", 0);
user_pref("app.update.auto", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("intl.accept_languages", "nb-NO");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.startup.max_resumed_crashes", -1);
"""


class Engine(ABC):
    """One browser on one profile."""

    name: ClassVar[str]
    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.driver: Driver | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    @abstractmethod
    def installed(cls) -> bool: ...

    @abstractmethod
    def start(self) -> Driver: ...

    @abstractmethod
    def _group(self) -> int: ...

    def kill(self) -> None:
        """As a flat battery would: every process of it, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group(), signal.SIGKILL)
        if self.driver:
            self.driver.forget()
        self.driver = None

    def close(self) -> None:
        if self.driver:
            self.driver.close()
            self.kill()


class WebKit(Engine):
    """WebKitGTK: the nearest thing to Safari on an iPad that Debian has."""

    name = "webkit"
    title = "WebKitGTK"
    packages = ("webkit2gtk-driver", "gir1.2-webkit2-4.1", "python3-gi", "xvfb", "xauth")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._helpers: list[subprocess.Popen[bytes]] = []

    @classmethod
    def installed(cls) -> bool:
        bindings = Path("/usr/lib/x86_64-linux-gnu/girepository-1.0/WebKit2-4.1.typelib")
        found = bindings.exists() or any(Path("/usr/lib").glob("*/girepository-1.0/WebKit2-4.1.typelib"))
        return bool(found and shutil.which("WebKitWebDriver") and shutil.which("Xvfb") and Path(DEBIAN_PYTHON).exists())

    def start(self) -> Driver:
        if not self._helpers:
            read, write = os.pipe()
            screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1400x24", "-nolisten", "tcp"]
            self._helpers.append(self._quiet(screen, {}, keep=(write,)))
            os.close(write)
            with os.fdopen(read) as told:
                self.display = ":" + told.readline().strip()
        port = free_port()
        self._helpers.append(self._quiet(["WebKitWebDriver", f"--port={port}"], {"DISPLAY": self.display}))
        self.driver = Http(port)
        until(lambda: self._answers(port), "WebKitWebDriver")
        arguments = [str(HERE / "webkit_window.py"), f"--profile={self.folder}"]
        self.driver.begin({"browserName": "TryggRunde", "webkitgtk:browserOptions": {"binary": DEBIAN_PYTHON, "args": arguments}})
        return self.driver

    def _quiet(self, command: list[str], more: dict[str, str], keep: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **more, "LANG": "C.UTF-8", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "NO_AT_BRIDGE": "1"}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log, pass_fds=keep)

    @staticmethod
    def _answers(port: int) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    def _group(self) -> int:
        return int((self.folder / "pid").read_text())

    def kill(self) -> None:
        super().kill()
        driver = self._helpers.pop()
        driver.kill()
        driver.wait(30)

    def close(self) -> None:
        super().close()
        for helper in self._helpers:
            helper.kill()
            helper.wait(30)


class Firefox(Engine):
    """Firefox ESR, driven by its own protocol: no driver between."""

    name = "firefox"
    title = "Firefox ESR"
    packages = ("firefox-esr",)

    @classmethod
    def installed(cls) -> bool:
        return shutil.which("firefox-esr") is not None

    def start(self) -> Driver:
        (self.folder / "user.js").write_text(PREFERENCES)
        told = self.folder / "MarionetteActivePort"
        told.unlink(missing_ok=True)
        command = ["firefox-esr", "--headless", "--marionette", "--no-remote", "--width", "500", "--height", "1200"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-profile", str(self.folder)], stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "HOME": str(self.folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
            )
        until(lambda: told.exists() and told.read_text().strip(), "Firefox", 60)
        self.driver = Marionette(int(told.read_text()))
        self.driver.begin({})
        return self.driver

    def _group(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        super().kill()
        self._process.wait(30)


ENGINES: dict[str, type[Engine]] = {one.name: one for one in (WebKit, Firefox)}


def missing() -> list[str]:
    """Debian packages of the engines that are not here."""
    return [package for engine in ENGINES.values() if not engine.installed() for package in engine.packages]
