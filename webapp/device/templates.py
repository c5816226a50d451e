"""The one set of Jinja2 options: strict enough that a compiled template and an interpreted one give the same bytes."""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from webapp.device.strict import FILTERS, NotAllowed, StrictEnvironment, escaped, finalize
from webapp.words import Translate

__all__ = ["FOLDER", "NotAllowed", "bedside_environment", "configure", "render"]

FOLDER = Path(__file__).parents[2] / "templates"
_translate: ContextVar[Translate | None] = ContextVar("translate", default=None)
E = TypeVar("E", bound=Environment)


def configure(env: E) -> E:
    """Give an environment (ours or Flask's) the options all templates are written for."""
    env.trim_blocks = env.lstrip_blocks = True
    env.keep_trailing_newline = False
    env.undefined = StrictUndefined
    env.finalize = finalize
    env.globals["_"] = env.globals["gettext"] = say
    return env


@lru_cache(maxsize=4)
def bedside_environment(folder: Path = FOLDER) -> StrictEnvironment:
    """For bedside pages: compiling them, rendering them on the server, testing them."""
    env = configure(StrictEnvironment(loader=FileSystemLoader(folder), autoescape=True))
    env.filters.update(FILTERS)
    return env


def say(text: str, /, **values: object) -> Markup:
    """`_('…')` in a template: in the language of this rendering. Text and values are escaped."""
    translate = _translate.get()
    if translate is None:
        from webapp.language import reader

        translate = reader()[1]
    return escape(raw(translate, text)) % {name: escaped(value) for name, value in values.items()}


def raw(translate: Translate, text: str) -> str:
    """The translation with its placeholders still in it."""
    return str(translate.words.get(text, text))


def render(env: Environment, name: str, context: dict[str, Any], translate: Translate) -> str:
    """Render `name` in the translator's language."""
    token = _translate.set(translate)
    try:
        return env.get_template(name).render(context)
    finally:
        _translate.reset(token)
