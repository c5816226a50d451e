"""A chart of all the years there are in real Chromium, CPU ×4: from the click on "Alt" until its pixels are there."""

from __future__ import annotations

import statistics

from playwright.sync_api import Page

from tests.bench import device, tablet
from tests.bench.table import Figure
from tests.conftest import launch_options
from webapp.demo import cast

TARGET, USUAL, WARM = 300, 24, 2
# Looks at every frame; the clock is the machine's, because the click may be in another document than the chart.
WATCH = """() => {
  const look = () => {
    const begun = Number(sessionStorage.getItem('bench-click') ?? 0)
    const canvas = document.querySelector('canvas[data-measure]')
    if (begun && canvas instanceof HTMLCanvasElement && canvas.width && JSON.parse(canvas.dataset.measure).labels.length > %d) {
      const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)
      if (pixels.findIndex((one) => one) >= 0) {
        sessionStorage.removeItem('bench-click')
        requestAnimationFrame(() => { window.benchTook = Date.now() - begun })
      }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""
CLICK = "one => { sessionStorage.setItem('bench-click', String(Date.now())); window.benchTook = undefined; one.click() }"


def figures(url: str, path: str, times: int) -> list[Figure]:
    """Median and p95."""
    with tablet.chromium() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        context = browser.new_context(locale="nb-NO", viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(f"{url}/login")
        page.get_by_label("Brukernavn").fill("solveig")
        page.get_by_label("Passord").fill(cast.PASSWORD)
        page.get_by_role("button", name="Logg inn").click()
        page.wait_for_url(lambda there: "/login" not in there)
        page.add_init_script(f"({WATCH % USUAL})()")
        device.slow(context, page, device.SLOW)
        took = sorted([shown(page, url + path) for _ in range(times + WARM)][WARM:])
        points = page.locator("canvas[data-measure]").first.evaluate("one => JSON.parse(one.dataset.measure).labels.length")
        browser.close()
    name = f"a chart of {points} points on the screen after the click, CPU ×{device.SLOW}"
    return [Figure(name, "ms", TARGET, statistics.median(took)),
            Figure("— p95", "ms", None, took[int(0.95 * (len(took) - 1))])]  # fmt: skip


def shown(page: Page, address: str) -> float:
    page.goto(address)
    page.get_by_role("link", name="Alt", exact=True).evaluate(CLICK)
    return float(page.wait_for_function("() => window.benchTook").json_value())
