"""Screen texts in three languages. Bokmål is the key; nynorsk and English stand in translations/*.po."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("nb", "nn", "en")
FOLDER = Path(__file__).parent / "translations"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """bokmål -> `lang`; empty for bokmål itself."""
    path = FOLDER / f"{lang}.po"
    if lang == "nb" or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


class Translate:
    """A function (bokmål, **values) -> text. `%(name)s` is replaced by the values, `%%` is a per cent sign."""

    def __init__(self, lang: str) -> None:
        self.lang, self.words = lang, catalogue(lang)

    def __call__(self, text: str, /, **values: object) -> str:
        return self.words.get(text, text) % values


@cache
def translator(lang: str) -> Translate:
    """The translator of nb, nn or en."""
    return Translate(lang)
