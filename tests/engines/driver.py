"""WebDriver as two engines speak it: over HTTP (WebKitWebDriver), and over Firefox's own socket (Marionette)."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SLOW = 60
Element = dict[str, str]


class Trouble(Exception):
    """The engine's own word for what it could not do."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code


class Driver(ABC):
    """What the journeys need of a browser, in W3C WebDriver's names."""

    @abstractmethod
    def send(self, name: str, given: dict[str, Any]) -> Any: ...

    def close(self) -> None:
        """Say goodbye, where the engine has a word for it."""
        self.forget()

    @abstractmethod
    def forget(self) -> None:
        """The engine is dead: let go of what led to it."""

    def begin(self, capabilities: dict[str, Any]) -> Any:
        told = self.send("NewSession", {"capabilities": {"alwaysMatch": capabilities}})
        self.send("SetTimeouts", {"script": SLOW * 1000, "pageLoad": SLOW * 1000, "implicit": 0})
        return told

    def navigate(self, url: str) -> None:
        self.send("Navigate", {"url": url})

    def script(self, body: str, *arguments: Any) -> Any:
        """The body of a function, in the page."""
        return self.send("ExecuteScript", {"script": body, "args": list(arguments)})

    def waits(self, body: str, *arguments: Any) -> Any:
        """The body of an async function, in the page; a mistake in it is raised here."""
        source = (
            "const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);"
            f"(async function () {{ {body} }}).apply(null, given)"
            ".then(it => done([true, it ?? null]), wrong => done([false, String(wrong)]));"
        )
        fine, told = self.send("ExecuteAsyncScript", {"script": source, "args": list(arguments)})
        if not fine:
            raise AssertionError(told)
        return told

    def click(self, element: Element) -> None:
        """In the middle of the window: what lies under the bar with the save button cannot be hit."""
        self.script("arguments[0].scrollIntoView({ block: 'center' })", element)
        self.send("ElementClick", {"id": element[ELEMENT]})

    def type(self, element: Element, text: str) -> None:
        self.send("ElementSendKeys", {"id": element[ELEMENT], "text": text, "value": list(text)})

    def clear(self, element: Element) -> None:
        self.send("ElementClear", {"id": element[ELEMENT]})

    def shot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.send("TakeScreenshot", {})))


ROUTES = {
    "NewSession": ("POST", "/session"),
    "SetTimeouts": ("POST", "/session/{session}/timeouts"),
    "Navigate": ("POST", "/session/{session}/url"),
    "ExecuteScript": ("POST", "/session/{session}/execute/sync"),
    "ExecuteAsyncScript": ("POST", "/session/{session}/execute/async"),
    "ElementClick": ("POST", "/session/{session}/element/{id}/click"),
    "ElementSendKeys": ("POST", "/session/{session}/element/{id}/value"),
    "ElementClear": ("POST", "/session/{session}/element/{id}/clear"),
    "TakeScreenshot": ("GET", "/session/{session}/screenshot"),
    "DeleteSession": ("DELETE", "/session/{session}"),
}


class Http(Driver):
    """W3C WebDriver."""

    def __init__(self, port: int) -> None:
        self.base, self.session = f"http://127.0.0.1:{port}", ""

    def send(self, name: str, given: dict[str, Any]) -> Any:
        method, path = ROUTES[name]
        data = json.dumps(given).encode() if method == "POST" else None
        url = self.base + path.format(session=self.session, id=given.get("id", ""))
        asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=2 * SLOW) as answer:
                told = json.load(answer)["value"]
        except urllib.error.HTTPError as wrong:
            said = json.load(wrong)["value"]
            raise Trouble(said["error"], said.get("message", "")) from None
        if name == "NewSession":
            self.session = told["sessionId"]
        return told

    def forget(self) -> None:
        self.session = ""

    def close(self) -> None:
        with contextlib.suppress(Trouble, OSError):
            self.send("DeleteSession", {})


class Marionette(Driver):
    """Firefox's remote protocol: the same commands, each as `length:[0, number, name, parameters]`."""

    def __init__(self, port: int) -> None:
        self.number = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=2 * SLOW)
        self.file = self.socket.makefile("rb")
        self._read()  # its greeting

    def _read(self) -> Any:
        size = b""
        while (one := self.file.read(1)) != b":":
            if not one:
                raise ConnectionError("Firefox is gone")
            size += one
        return json.loads(self.file.read(int(size)))

    def send(self, name: str, given: dict[str, Any]) -> Any:
        self.number += 1
        raw = json.dumps([0, self.number, f"WebDriver:{name}", given]).encode()
        self.socket.sendall(str(len(raw)).encode() + b":" + raw)
        _kind, _number, wrong, told = self._read()
        if wrong:
            raise Trouble(wrong["error"], wrong["message"])
        return told.get("value") if isinstance(told, dict) and set(told) == {"value"} else told

    def forget(self) -> None:
        self.file.close()
        self.socket.close()


def until(fact: Callable[[], Any], what: str, seconds: float = 40) -> Any:
    """Poll until there is something."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds:.0f} s")
        threading.Event().wait(0.05)
    return found
