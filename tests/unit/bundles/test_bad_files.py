"""A bad bundle file is refused as a whole, with file, place and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.bundles import BundleError
from webapp.bundles.bundle import HERE, Registry

PROOF = Path(__file__).parents[2] / "contract" / "cases" / "language" / "proof.v1.toml"
GOOD = PROOF.read_text(encoding="utf-8")

FLAG = """
[[form.flag]]
rule = "P-1"
code = "PROOF"
severity = "high"
when = "a = yes"
text = {nb="Tekst", nn="Tekst", en="Text"}
"""
DUE = """
[[form.due]]
days = 30
reason = {nb="Grunn", nn="Grunn", en="Reason"}
"""
DERIVED = """
[[form.derived]]
name = "x"
when = "a = yes"
"""
VALIDATION = """
[[form.validation]]
level = "hard"
when = "n > m"
field = "n"
text = {nb="Feil", nn="Feil", en="Wrong"}
"""

# what the editor wrote, what she wrote instead, where, and what she is told
BAD: list[tuple[str, str, str, str]] = [
    ('version = 1', 'version = "1"', "bundle, version", "must be a whole number"),
    ('version = 1', 'version = 0', "bundle, version", "must be 1 or more"),
    ('id = "proof"', 'id = "Proof"', "bundle, id", "small letters"),
    ('id = "proof"', 'id = "prof"', "bundle", "the file must be named prof.v1.toml"),
    ('title = {nb="Prøve", nn="Prøve", en="Proof"}', 'title = {nb="Prøve", en="Proof"}', "bundle, title", "nb, nn and en"),
    ('intro = {nb="Bare for tester."', 'intro = {nb=" "', "bundle, intro", "nb is empty"),
    ('guidance_version = "test"', '', "bundle, guidance_version", "is missing"),
    ('guidance_version = "test"', 'guidance_version = "test"\ncolour = "red"', "bundle", "unknown key colour"),
    ('[[bundle.source]]\ntitle = "Test"\npublisher = "Test"', '', "bundle", "[[bundle.source]]"),
    ('limit = {default=7', 'limit = {default=70', "parameters, limit", "default must lie between"),
    ('never = {nb="Aldri", nn="Aldri", en="Never"}\n', '', "field d, options", "no label for 'never'"),
    ('id = "proof_other"', 'id = "proof_main"', "", "proof_main is there twice"),
    ('name = "b"\ntype = "choice"', 'name = "a"\ntype = "choice"', "form proof_main", "name a is there twice"),
    ('name = "b"\ntype = "choice"', 'name = "b"\ntype = "choise"', "form proof_main, field b, type", "not one of"),
    ('options = ["red", "blue"]\nprefill', 'options = ["red"]\nprefill', "field thing, item colour, options", "at least two"),
    ('options = ["red", "blue"]\nprefill', 'options = ["red", "red"]\nprefill', "item colour, options", "twice"),
    ('max = 99.9', 'max = 99.95', "field dec, max", "at most one decimal"),
    ('max = 99.9', 'max = -1.0', "field dec", "min not above max"),
    ('min = -50\nmax = 500', 'min = -50', "field n", "needs min and max"),
    ('max_items = 5', 'max_items = 500', "field thing", "between 0 and 100"),
    ('key = "thing_id"', 'key = "size"', "field thing, key", "uuid"),
    ('final = ["gone"]', 'final = ["lost"]', "field thing, final", "'lost' is no option of state"),
    ('all_ok = "ok"', 'all_ok = "fine"', "field g, all_ok", "'fine' is no option"),
    ('subject_label = "colour"', 'subject_label = "shade"', "field thing, subject_label", "no card field 'shade'"),
    ('asked = "a = yes"', 'asked = "a = yes and"', "field b, asked", "expected a value, found 'the end' (column 12)"),
    ('asked = "a = yes"', 'asked = "a = ja"', "field b, asked", "'ja' is neither a name nor one of yes, no, unknown"),
    ('asked = "a = yes"', 'asked = "aa = yes"', "field b, asked", "unknown name 'aa'"),
    ('asked = "a = yes"', 'asked = "a"', "field b, asked", "must be true or false, is a choice"),
    ('asked = "a = yes"', 'asked = "a = yes & n = 1"', "field b, asked", "unexpected '&'"),
    ('asked = "a = yes"', 'asked = "b = yes"', "form proof_main", "goes in a circle: b -> b"),
    ('asked = "a = yes"', 'asked = "n > a"', "field b, asked", "> needs numbers or dates on both sides, not a number and a choice"),
    ('asked = "a = yes"', 'asked = "a > yes"', "field b, asked", "needs numbers or dates"),
    ('asked = "a = yes"', 'asked = "s = red"', "field b, asked", "a multi is compared with includes"),
    ('asked = "a = yes"', 'asked = "s in (red)"', "field b, asked", "use includes"),
    ('asked = "a = yes"', 'asked = "a includes yes"', "field b, asked", "needs a multi"),
    ('asked = "a = yes"', 'asked = "s includes green"', "field b, asked", "neither a name nor one of none, red, blue, unknown"),
    ('asked = "a = yes"', 'asked = "dec = n"', "field b, asked", "a decimal can only be compared"),
    ('asked = "a = yes"', 'asked = "n = 1.25"', "field b, asked", "at most one decimal"),
    ('asked = "a = yes"', 'asked = "days_since(a) > 1"', "field b, asked", "days_since needs a date"),
    ('asked = "a = yes"', 'asked = "days_since(d, d) > 1"', "field b, asked", "takes 1 value, not 2"),
    ('asked = "a = yes"', 'asked = "since(d) > 1"', "field b, asked", "unknown function 'since'"),
    ('asked = "a = yes"', 'asked = "n > param(limits)"', "field b, asked", "unknown parameter 'limits'"),
    ('asked = "a = yes"', 'asked = "any things (size > 1)"', "field b, asked", "unknown list or group 'things'"),
    ('asked = "a = yes"', 'asked = "any past proofs (a = yes)"', "field b, asked", "unknown form 'proofs'"),
    ('asked = "a = yes"', 'asked = "last(proof_other).size = 1"', "field b, asked", "form proof_other has no 'size'"),
    ('asked = "a = yes"', 'asked = "prior.size = 1"', "field b, asked", "only known on a card"),
    ('asked = "a = yes"', 'asked = "known"', "field b, asked", "unknown name 'known'"),
    ('asked = "a = yes"', 'asked = "this.a = yes"', "field b, asked", "only known inside any, all and count"),
    ('asked = "a = yes"', 'asked = "open(PROOF)"', "field b, asked", "only known in due rules"),
    ('asked = "a = yes"', 'asked = "fires(PROOF)"', "field b, asked", "no flag PROOF"),
    ('asked = "a = yes"', f'asked = "{"(" * 50}a = yes{")" * 50}"', "field b, asked", "too deeply nested"),
    ('asked = "a = yes"', f'asked = "{"not " * 50}a = yes"', "field b, asked", "too deeply nested"),
    ('# DERIVED', DERIVED.replace('when = "a = yes"', 'when = "y"') + DERIVED.replace('"x"', '"y"').replace("a = yes", "x"),
     "form proof_main", "goes in a circle"),
    ('# DERIVED', DERIVED.replace('when = "a = yes"', 'type = "int"\notherwise = "a"'),
     "derived x, otherwise", "must be a number, is a choice"),
    ('# DERIVED', DERIVED.replace('when = "a = yes"', 'type = "choice"\noptions = ["yes", "no"]\notherwise = "never"'),
     "derived x, otherwise", "'never' is neither"),
    ('# DERIVED', DERIVED.replace('when = "a = yes"', ''), "derived x", "needs when, cases or otherwise"),
    ('# DERIVED', VALIDATION.replace('"hard"', '"strict"'), "validation 1, level", "not one of hard, warn"),
    ('# DERIVED', VALIDATION.replace('field = "n"', 'field = "o"'), "validation", "no field 'o'"),
    ('# DERIVED', FLAG.replace('"high"', '"red"'), "flag P-1, severity", "not one of urgent, high, medium, info"),
    ('# DERIVED', FLAG.replace('"PROOF"', '"proof"'), "flag P-1, code", "capital letters"),
    ('# DERIVED', FLAG + FLAG, "form proof_main", "rule P-1 is there twice"),
    ('# DERIVED', FLAG.replace('nb="Tekst"', 'nb="Tekst {list}"'), "flag P-1, text", "{list} needs `list`"),
    ('# DERIVED', FLAG.replace('nb="Tekst"', 'nb="Tekst {site}"'), "flag P-1, text", "{site} needs `each`"),
    ('# DERIVED', FLAG.replace('when = "a = yes"', 'when = "size > 1"'), "flag P-1, when", "unknown name 'size'"),
    ('# DERIVED', FLAG + 'each = "things"', "flag P-1", "unknown list 'things'"),
    ('# DERIVED', FLAG + 'list = [{group="h", equals="gap"}]', "flag P-1", "no group 'h'"),
    ('# DERIVED', FLAG + 'list = [{group="g", equals="gone"}]', "flag P-1", "'gone' is no option of g"),
    ('# DERIVED', FLAG + 'closed_by = {form="proof_other", subject="who"}', "flag P-1", "no form 'proof_other' with field 'who'"),
    ('# DERIVED', FLAG + 'closes_on_action = "fixed"', "flag P-1", "unknown action 'fixed'"),
    ('# DERIVED', FLAG.replace("a = yes", "fires(PROOF)"), "flag P-1, when", "goes in a circle: PROOF"),
    ('# DERIVED', DUE + 'when = "last.a = yes"', "due 1, when", "names are those of the latest check"),
    ('# DERIVED', DUE + 'workdays = 5', "due 1", "either days or workdays"),
    ('# DERIVED', DUE + 'trigger = ["bingo"]', "due 1", "unknown trigger 'bingo'"),
    ('# DERIVED', DUE + 'each = "flag NOPE"', "due 1", "unknown flag 'NOPE'"),
    ('# DERIVED', DUE + 'each = "open thing"', "due 1", "needs from"),
    ('# DERIVED', DUE + 'from = "a"', "due 1, from", "must be a date"),
    ('# DERIVED', DUE + 'from = "d"\ntrigger = ["fall"]', "due 1", "only one may be there"),
    ('# DERIVED', DUE + 'when = "open(NOPE)"', "due 1, when", "unknown flag 'NOPE'"),
    ('# DERIVED', '[[form.summary]]\nfields = ["zz"]', "summary", "no field 'zz'"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\ncontexts = ["moon"]', "form proof_other, contexts", "must be some of"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\nextra_actions = ["jumped"]', "extra_actions", "needs a label"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\napplies = "colour = red"', "form proof_other, applies", "unknown name"),
    ('[labels]', '[labels', "", "cannot be read"),
]


def load(tmp_path: Path, text: str) -> Registry:
    path = tmp_path / "proof.v1.toml"
    path.write_text(text, encoding="utf-8")
    registry = Registry()
    registry.load(path)
    return registry


def test_the_file_the_others_are_made_from_is_accepted(tmp_path: Path) -> None:
    assert [form.id for form in load(tmp_path, GOOD).forms] == ["proof_main", "proof_other"]


@pytest.mark.parametrize(("old", "new", "place", "reason"), BAD, ids=[f"{n}: {one[3]}" for n, one in enumerate(BAD)])
def test_a_bad_file_is_refused_with_file_place_and_reason(tmp_path: Path, old: str, new: str, place: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(BundleError) as refused:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert refused.value.file == "proof.v1.toml"
    assert place in refused.value.place
    assert reason in refused.value.reason


@pytest.mark.parametrize("extra", [FLAG, DUE, DERIVED, VALIDATION])
def test_the_parts_that_bad_files_twist_are_good_by_themselves(tmp_path: Path, extra: str) -> None:
    load(tmp_path, GOOD.replace("# DERIVED", extra))


def test_a_refused_file_leaves_the_registry_as_it_was(tmp_path: Path) -> None:
    registry = Registry()
    registry.load(*sorted(HERE.glob("*.toml")))
    before = [(one.id, one.version) for one in registry.all]
    (tmp_path / "proof.v1.toml").write_text(GOOD.replace("a = yes", "a = ja", 1), encoding="utf-8")
    with pytest.raises(BundleError):
        registry.load(tmp_path / "proof.v1.toml")
    assert [(one.id, one.version) for one in registry.all] == before


def test_the_same_version_twice_and_a_stolen_form_name_are_refused(tmp_path: Path) -> None:
    registry = load(tmp_path, GOOD)
    with pytest.raises(BundleError, match="loaded already"):
        registry.load(tmp_path / "proof.v1.toml")
    (tmp_path / "theft.v1.toml").write_text(GOOD.replace('id = "proof"', 'id = "theft"'), encoding="utf-8")
    with pytest.raises(BundleError, match="bundle proof has a form of that name"):
        registry.load(tmp_path / "theft.v1.toml")


def test_a_new_version_is_the_active_one_and_the_old_one_stays(tmp_path: Path) -> None:
    registry = load(tmp_path, GOOD)
    (tmp_path / "proof.v2.toml").write_text(GOOD.replace("version = 1", "version = 2", 1), encoding="utf-8")
    registry.load(tmp_path / "proof.v2.toml")
    assert registry.active == {"proof": 2}
    assert registry.form("proof_main").version == 2
    assert registry.form("proof_main", 1).version == 1
