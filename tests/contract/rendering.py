"""Render the same template in Jinja2 and, compiled, in the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader

from tests.contract.conftest import Device
from webapp.device.compiler import compile_templates
from webapp.device.strict import FILTERS, StrictEnvironment
from webapp.device.templates import configure, render
from webapp.words import translator

REFUSED = "refused"
RUN = """async ([url, words, jobs]) => {
  const templates = (await import(url)).default
  const t = (text, values = {}) => (words[text] ?? text)
    .replace(/%\\((\\w+)\\)s|%%/g, (all, name) => (name ? String(values[name]) : '%'))
  return jobs.map(([name, context]) => {
    try { return templates[name](context, t) } catch (wrong) { return { refused: String(wrong) } }
  })
}"""


@dataclass
class Words:
    """A translator that needs no catalogue file."""

    words: Mapping[str, str]
    lang: str = "nn"

    def __call__(self, text: str, /, **values: object) -> str:
        return self.words.get(text, text) % values


def environment(sources: Mapping[str, str]) -> StrictEnvironment:
    """Templates from memory under the options of the real ones."""
    env = configure(StrictEnvironment(loader=DictLoader(sources), autoescape=True))
    env.filters.update(FILTERS)
    return env


def in_python(env: StrictEnvironment, name: str, context: dict[str, Any], words: Mapping[str, str] | None = None) -> str:
    """The HTML, or REFUSED."""
    t = translator("nb") if words is None else Words(words)
    try:
        return render(env, name, context, t)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001  (any failure is a refusal here; what counts is that nothing is printed)
        return REFUSED


def in_browser(device: Device, module: str, jobs: Iterable[tuple[str, Any]], words: Mapping[str, str] | None = None) -> list[str]:
    """Each job's HTML, or REFUSED, from one compiled module."""
    url = f"/test/templates-{hashlib.sha256(module.encode()).hexdigest()[:16]}.js"
    device.modules[url] = module
    answers = device.page.evaluate(RUN, [url, dict(words or {}), [list(job) for job in jobs]])
    return [REFUSED if isinstance(one, dict) else str(one) for one in answers]


def compiled(env: StrictEnvironment, *names: str) -> str:
    return compile_templates(env, names)
