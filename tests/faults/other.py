"""The same device in WebKitGTK and Firefox: what they cannot be asked through their drivers is not played there (see kinds.CANNOT)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.engines.browsers import Engine
from tests.engines.driver import Trouble
from tests.engines.pages import PIN, Tablet
from tests.faults.device import FIRST_PINS, SCRIPTS
from tests.people import BERIT, PASSWORD, Actor

HERE = ("() => 'asks' in window", "() => document.documentElement.dataset.device === 'ready'")
BACK = "() => { document.dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('pageshow')); }"


class OtherDevice:
    """One window of another engine on a profile folder."""

    def __init__(self, engine: type[Engine], folder: Path, url: str) -> None:
        self.url, self.engine = url, engine(folder)
        self.tablet: Tablet = None  # type: ignore[assignment]
        self.pins = FIRST_PINS | {BERIT.username: PIN}

    # ---- the browser

    def start(self) -> None:
        self.tablet = Tablet(self.engine.start(), self.url)

    def close(self) -> None:
        self.engine.close()

    def kill_browser(self) -> None:
        self.engine.kill()
        self.start()
        self.open()

    def give_up(self) -> None:
        """From another thread: whoever waits for this browser waits no longer."""
        with suppress(OSError):
            self.engine.kill()

    def open(self) -> None:
        self.tablet.open()
        self.ready()

    def ready(self) -> None:
        self.tablet.ready()
        if not self.evaluate(HERE[0]):
            self.tablet.driver.script(SCRIPTS)

    def another_window(self) -> None:
        """These drivers hold one window: a reload instead."""
        self.open()

    def frozen(self) -> None:
        """The signs of a page that comes back to the front."""
        self.evaluate(BACK)

    def crash(self) -> None:
        raise NotImplementedError

    stop_worker = crumble = crash

    def widen(self) -> None:
        """It is never narrowed."""

    def narrow(self, room: int) -> None:
        raise NotImplementedError

    def time_zone(self, name: str) -> None:
        raise NotImplementedError

    def first_words(self) -> str:
        raise NotImplementedError

    # ---- asked, tapped and broken

    def waits(self, body: str, *given: Any) -> Any:
        try:
            return self.tablet.driver.waits(body, *given)
        except TypeError:  # a page that is left in the middle of a script answers with nothing
            raise Trouble("gone", "the page went away meanwhile") from None

    def evaluate(self, script: str) -> Any:
        return self.waits(f"return await ({script})()")

    def run(self, where: str, what: str, *given: Any) -> Any:
        return self.waits("return await window[arguments[0]][arguments[1]](...arguments[2])", where, what, list(given))

    def dying(self, step: str, what: str, *given: Any) -> Any:
        body = "broken.dieAt(arguments[0]); return await broken.orDead(asks[arguments[1]](...arguments[2]))"
        return self.waits(body, step, what, list(given))

    def unlock(self, actor: Actor) -> str:
        problem: str = self.run("asks", "unlock", actor.name, self.pins[actor.username])
        return problem

    # ---- logging in

    def take_into_use(self, actor: Actor) -> None:
        self.tablet.enrol(actor)
        self.tablet.round()
        self.ready()

    def join(self, actor: Actor) -> None:
        self.tablet.driver.navigate(f"{self.url}/login?next=/enrol")
        for label, words in (("Brukernavn", actor.username), ("Passord", PASSWORD)):
            self.tablet.enter("box", label, words)
        self.tablet.click("button", "Logg inn")
        for label in ("PIN eller passordfrase", "Gjenta"):
            self.tablet.enter("box", label, self.pins[actor.username])
        self.tablet.click("button", "Lagre PIN")
        self.tablet.ready()
        self.tablet.round()
        self.ready()

    def forget_pin(self, actor: Actor) -> None:
        raise NotImplementedError
