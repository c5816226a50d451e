"""The browser's own sending, with every window closed."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.tablet import Tablet
from tests.engines.driver import until

TAGGED = "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).includes('upload')"


def sends_when_closed(tablet: Tablet, meanwhile: Callable[[], object]) -> None:
    """The app is closed, `meanwhile` happens, and the browser tells its worker to send."""
    tablet.until(TAGGED)
    elsewhere = tablet.context.new_page()
    elsewhere.goto("about:blank")
    cdp = tablet.context.new_cdp_session(elsewhere)
    found: list[str] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(one["registrationId"] for one in said["registrations"]))
    cdp.send("ServiceWorker.enable")
    until(lambda: elsewhere.title() == "" and found, "the worker's registration")  # the call lets the event in
    tablet.page.close()
    meanwhile()
    cdp.send("ServiceWorker.dispatchSyncEvent", {"origin": tablet.url, "registrationId": found[0], "tag": "upload", "lastChance": False})
