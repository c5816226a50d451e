"""The one Jinja2 environment: strict enough that a compiled template and an interpreted one give the same bytes."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from webapp.words import Translate

FOLDER = Path(__file__).parents[2] / "templates"
_translate: ContextVar[Translate | None] = ContextVar("translate", default=None)


class NotPrintable(TypeError):
    """A value that Python and JavaScript would print differently (True, None, 1.0, a list)."""


def finalize(value: Any) -> Any:
    """Only text and whole numbers are printed."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) or isinstance(value, Markup):
        return value
    if type(value).__name__ == "StrictUndefined":
        return value  # says by itself what is missing
    raise NotPrintable(f"a template may print text and whole numbers, not {type(value).__name__}")


def configure(env: Environment) -> Environment:
    """Give an environment (ours or Flask's) the options both sides rely on."""
    env.trim_blocks = env.lstrip_blocks = True
    env.keep_trailing_newline = False
    env.undefined = StrictUndefined
    env.finalize = finalize
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(say, lambda one, more, n: say(one if n == 1 else more), newstyle=True)  # type: ignore[attr-defined]
    return env


def bedside_environment(folder: Path = FOLDER) -> Environment:
    """An environment of its own, for compiling and for tests."""
    return configure(Environment(loader=FileSystemLoader(folder), autoescape=True))


def say(text: str) -> str:
    """`_('…')` in a template: in the language of this rendering."""
    translate = _translate.get()
    if translate is None:
        from webapp.language import reader

        return raw(reader()[1], text)
    return raw(translate, text)


def raw(translate: Translate, text: str) -> str:
    """The translation with its placeholders left for Jinja2 to fill (and to escape)."""
    return str(translate.words.get(text, text)) if hasattr(translate, "words") else translate(text)


def render(env: Environment, name: str, context: dict[str, Any], translate: Translate) -> str:
    """Render `name` in the translator's language."""
    token = _translate.set(translate)
    try:
        return env.get_template(name).render(context)
    finally:
        _translate.reset(token)
