"""What a page is held to: axe finds nothing, nothing is wider than the screen, targets are as large as a gloved thumb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, TABLET, DESKTOP = (390, 844), (820, 1180), (1440, 900)
NARROW, ZOOMED, ON_ITS_SIDE, SMALL_LAPTOP = (320, 640), (640, 450), (844, 390), (1000, 700)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
NO_COLOURS = {rule: {"enabled": False} for rule in COLOURS}  # the tablet has the colours of the phone
THUMB, MOUSE = 48, 32

TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter(it => it.getBoundingClientRect().right > wide + 1)
    .slice(0, 5).map(it => it.tagName + '.' + it.className + ' ' + (it.textContent ?? '').trim().slice(0, 40));
}"""

# A link inside a sentence is exempt (WCAG 2.5.8); what is only for screen readers has no box to hit.
TOO_SMALL = """least => [...document.querySelectorAll('a[href],button,summary,select,textarea,input:not([type=hidden])')]
  .filter(it => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.skip,.visually-hidden'))
  .filter(it => !(it.tagName === 'A' && getComputedStyle(it).display === 'inline'))
  .map(it => [it.getBoundingClientRect(), it])
  .filter(([box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .map(([box, it]) => `${it.tagName} ${(it.getAttribute('aria-label') ?? it.textContent ?? '').trim().slice(0, 40)} `
    + `${Math.round(box.width)}x${Math.round(box.height)}`)"""

# What a button says is not cut off by its edge; what only screen readers get is.
CUT = """() => [...document.querySelectorAll('a.ds-button,button.ds-button')]
  .filter(it => it.checkVisibility({ visibilityProperty: true }) && it.scrollWidth > it.clientWidth + 1)
  .filter(it => ![...it.children].some(one => getComputedStyle(one).clipPath !== 'none'))
  .map(it => it.textContent.trim())"""

# What stands beside each other at the top of the page stays beside each other.
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.top .brand > span, .top .nav a, .top .me')].map(it => [it, it.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
    .filter(([, b]) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)
    .map(([other]) => `${one.textContent.trim()} and ${other.textContent.trim()}`));
}"""


def resize(page: Page, size: tuple[int, int]) -> None:
    """That large, from its top: what stands still while the page is scrolled may cover a part of anything."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("() => scrollTo(0, 0)")


def axe(page: Page, **options: Any) -> list[str]:
    """axe's findings as lines: rule, where, why."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **options})
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:160]}" for one in found["violations"] for node in one["nodes"][:3]
    ]


def findings(page: Page, name: str, sizes: Sequence[tuple[int, int]] = (PHONE, TABLET, DESKTOP), least: int = THUMB) -> Iterator[str]:
    """Everything wrong with the page that is open, in these sizes and both themes."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for size in sizes:
        resize(page, size)
        yield from (f"{name} {size[0]} px: {one}" for one in axe(page, runOnly=TAGS, rules=NO_COLOURS if size == TABLET else {}))
    page.emulate_media(color_scheme="dark")
    for size in sizes[::2]:
        resize(page, size)
        yield from (f"{name} {size[0]} px dark: {one}" for one in axe(page, runOnly=COLOURS))
    page.emulate_media(color_scheme="light")
    for size in (NARROW, PHONE, ZOOMED, TABLET, ON_ITS_SIDE):
        resize(page, size)
        yield from (f"{name} {size[0]} px: wider than the screen: {one}" for one in page.evaluate(TOO_WIDE))
        yield from (f"{name} {size[0]} px: too small: {one}" for one in page.evaluate(TOO_SMALL, least))
        yield from (f"{name} {size[0]} px: cut off: {one}" for one in page.evaluate(CUT))
    for size in (SMALL_LAPTOP, DESKTOP):
        resize(page, size)
        yield from (f"{name} {size[0]} px: on top of each other: {one}" for one in page.evaluate(OVERLAPS))


def clean(found: Iterable[str]) -> None:
    """Nothing was found; else every line of it."""
    listed = list(found)
    assert not listed, "\n".join(listed)
