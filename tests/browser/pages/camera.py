"""The live camera over the form."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.photos import Shots

SEES = "one => one.videoWidth > 100 && !one.paused"
ON = """() => window.cameraTracks.filter(track => track.readyState === "live").length"""
WATCH = """
  window.cameraTracks = [];
  const media = navigator.mediaDevices;
  const real = media?.getUserMedia.bind(media);
  if (real) media.getUserMedia = async asked => {
    window.cameraAsked = asked;
    const stream = await real(asked);
    window.cameraTracks.push(...stream.getTracks());
    return stream;
  };
"""


class Camera:
    """What it sees, the shutter, and what is done with the picture."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Bilde av funnet")

    def open(self) -> Camera:
        Shots(self.page).box.get_by_role("button", name="Ta bilde").click()
        expect(self.dialog).to_be_visible()
        return self

    def sees(self) -> Camera:
        """The picture moves."""
        expect(self.button("Ta bilde")).to_be_visible()
        self.page.wait_for_function("() => { const one = document.querySelector('#_camera video'); return (" + SEES + ")(one) }")
        return self

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> Camera:
        self.button(name).click()
        return self

    def shoot(self) -> Camera:
        """A picture that is looked at, and used."""
        self.sees().press("Ta bilde")
        expect(self.dialog.get_by_role("img", name="Bildet du tok")).to_be_visible()
        return self

    def says(self, words: str) -> Camera:
        expect(self.dialog.get_by_role("status")).to_contain_text(words)
        return self

    def counts(self, words: str) -> Camera:
        expect(self.dialog.get_by_text(words, exact=True)).to_be_visible()
        return self

    def gone(self) -> Camera:
        expect(self.page.locator("#_camera")).to_have_count(0)
        return self

    def off(self) -> Camera:
        """No lens looks on."""
        assert self.page.evaluate(ON) == 0
        return self
