"""A hand that has no mouse: Tab, Shift+Tab, arrows, Space and Enter."""

from __future__ import annotations

from playwright.sync_api import Page, expect

FOCUSED = """() => {
  const it = document.activeElement;
  const words = it.getAttribute("aria-label") ?? it.labels?.[0]?.innerText ?? it.innerText ?? "";
  const legend = it.closest("fieldset")?.querySelector("legend")?.innerText ?? "";
  return [words.replace(/\\s+/g, " ").trim(), legend.trim()];
}"""
VISIBLE = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return Boolean(seen) && (it.contains(seen) || seen.contains(it) || it.labels?.[0]?.contains(seen));
}"""


class Keyboard:
    """Goes where Tab goes, and nowhere else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def focused(self) -> tuple[str, str]:
        """The name of what has the focus, and the question it stands in."""
        name, legend = self.page.evaluate(FOCUSED)
        return name, legend

    def to(self, name: str, question: str = "", most: int = 60) -> Keyboard:
        """Tab on until something by this name has the focus, and see that it is not hidden behind anything."""
        passed = []
        for _ in range(most):
            here, legend = self.focused()
            if here.startswith(name) and legend.startswith(question):
                assert self.page.evaluate(VISIBLE), f"{here} has the focus and cannot be seen"
                return self
            passed.append(here)
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {question} {name}: {passed}")

    def press(self, *keys: str) -> Keyboard:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Keyboard:
        self.page.keyboard.type(text)
        return self

    def choose(self, question: str, first: str, option: str, steps: int) -> Keyboard:
        """Tab to a question, and arrow to the option; the focus stays there when the form has answered."""
        self.to(first, question).press(*["ArrowRight"] * steps) if steps else self.to(first, question).press("Space")
        chosen = self.page.get_by_role("group", name=question).get_by_role("radio", name=option, exact=True)
        expect(chosen).to_be_checked()
        expect(self.page.locator("#_form.htmx-request, #_form .htmx-request")).to_have_count(0)
        expect(chosen).to_be_checked()
        expect(chosen).to_be_focused()
        return self
