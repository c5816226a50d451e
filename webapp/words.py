"""Screen texts in three languages. Bokmål is the key; nynorsk and English stand in translations/*.po."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("nb", "nn", "en")
FOLDER = Path(__file__).parent / "translations"
Translate = Callable[..., str]


@cache
def catalogue(lang: str) -> dict[str, str]:
    """bokmål -> `lang`; empty for bokmål itself."""
    path = FOLDER / f"{lang}.po"
    if lang == "nb" or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


def translator(lang: str) -> Translate:
    """A function (bokmål, **values) -> text; `%(name)s` is replaced by the values."""
    words = catalogue(lang)

    def translate(text: str, /, **values: object) -> str:
        said = words.get(text, text)
        return said % values if values else said

    return translate
