"""Every measure there is, is counted or said to be missing, and never both."""

from __future__ import annotations

from pathlib import Path

from webapp.bundles import registry
from webapp.measures.declared import declared
from webapp.measures.not_counted import WHAT_IS_MISSING, listed
from webapp.words import translator

DOCS = (Path(__file__).parents[3] / "docs" / "measures.md").read_text("utf-8")
COUNTED = {one.id for one in declared(registry())[1]}
MISSING = {one for names in WHAT_IS_MISSING for one in names.split(", ")}


def test_what_bundles_define_is_counted_or_said_to_be_missing() -> None:
    defined = {one["id"] for bundle in registry().bundles for one in bundle.measures}
    assert defined - COUNTED - MISSING == set()
    assert set() == COUNTED & MISSING, "a measure that is counted now is no longer missing"


def test_each_says_what_is_missing_in_every_language_and_stands_in_the_docs() -> None:
    for lang in ("nb", "nn", "en"):
        found = listed(COUNTED, translator(lang))
        assert len(found) == len(WHAT_IS_MISSING)
        assert all(": " in one["text"] for one in found)
    told = DOCS[DOCS.index("Not counted yet") :]
    assert [one for one in MISSING if one not in told] == []
    assert listed({"H-R1"}, translator("nb")) == listed(COUNTED, translator("nb"))[:-1]
