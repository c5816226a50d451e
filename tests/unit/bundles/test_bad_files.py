"""A bad bundle file is refused as a whole, with file, place and reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from webapp.bundles import BundleError
from webapp.bundles.bundle import Registry

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

MEASURE = """
[[measure]]
id = "M-1"
type = "process"
subgroup = "month"
chart = "p"
direction = "up"
title = {nb="Andel", nn="Del", en="Share"}
numerator = {nb="Gjort", nn="Gjort", en="Done"}
denominator = {nb="Alle", nn="Alle", en="All"}
exclusions = {nb="Ingen", nn="Ingen", en="None"}
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
    ('[labels]', '[labels]\nmaybe = {nb="Kanskje", nn="Kanskje"}', "labels.maybe", "needs exactly nb, nn and en"),
    ('[labels]', '[labels]\nmaybe = "Kanskje"', "labels.maybe", "needs exactly nb, nn and en"),
    ('en="Only for tests."', 'en="Only for {who}."', "bundle, intro", "en: nothing is filled in for {who}"),
    ('version = 1', 'version = true', "bundle, version", "must be a whole number"),
    ('released = false', 'released = "no"', "bundle, released", "must be true or false"),
    ('publisher = "Test"', 'publisher = "Test"\nyear = "2024"', "bundle, source 1, year", "must be a whole number"),
    ('publisher = "Test"', 'publisher = "Test"\npage = 3', "bundle, source 1", "unknown key page"),
    ('[parameters]', '[parameters]\nBig = {default=1, min=1, max=1}', "parameters", "'Big' must be small letters"),
    ('min=1, max=30, label', 'min=1, max=30, unit="d", label', "parameters, limit", "unknown key unit"),
    ('name = "b"\ntype = "choice"', 'name = "b"\nasekd = "a = yes"\ntype = "choice"', "field b", "unknown key asekd"),
    ('name = "b"\ntype = "choice"', 'name = "b"\nsection = "cellar"\ntype = "choice"', "field b, section", "unknown section 'cellar'"),
    ('name = "b"\ntype = "choice"', 'name = "b"\nrequired = "a = yes"\ntype = "choice"', "field b", "is optional and required"),
    ('name = "b"\ntype = "choice"', 'name = "b"\nhint = {nb="{n}", nn="{n}", en="{n}"}\ntype = "choice"',
     "field b, hint", "{n} needs `hint_n`"),
    ('name = "b"\ntype = "choice"', 'name = "b"\noption_labels = {red={nb="R", nn="R", en="R"}}\ntype = "choice"', "field b, option_labels",
     "labels for something that is no option: red"),
    ('name = "b"\ntype = "choice"', 'name = "b"\nprefill_from = "last.n"\ntype = "choice"', "field b, prefill_from", "must be a choice"),
    ('min = -50\nmax = 500', 'min = -50\nmax = 500\nmore_chip = 6', "field n, chips", "more_chip needs them"),
    ('min = -50\nmax = 500', 'min = -50\nmax = 500\nchips = ["1"]', "field n, chips", "must be whole numbers"),
    ('min = -50\nmax = 500', 'min = -50.5\nmax = 500', "field n, min", "must be a whole number"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\nmin_len = 0\ntype = "text"', "field txt", "between 1 and 500"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\nmax_len = 501\ntype = "text"', "field txt", "between 1 and 500"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\npattern = "("\ntype = "text"', "field txt, pattern", "is no regular expression"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\ntype = "uuid"', "field txt, points_at", "is missing"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\npoints_at = {form="gone", key="x", shows=["x"]}\ntype = "uuid"',
     "field txt", "no form 'gone'"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\npoints_at = {form="proof_other", key="x", shows=["on"]}\ntype = "uuid"',
     "field txt", "no 'x'"),
    ('name = "txt"\ntype = "text"', 'name = "txt"\npoints_at = {form="proof_other", key="on", shows=[]}\ntype = "uuid"',
     "field txt, points_at", "what it shows"),
    ('name = "s"\ntype = "multi"', 'name = "s"\nexactly = 9\ntype = "multi"', "field s, exactly", "more than there are options"),
    ('name = "s"\ntype = "multi"', 'name = "s"\nexclusive = ["green"]\ntype = "multi"', "field s, exclusive", "no option"),
    ('name = "d"\ntype = "date"', 'name = "d"\nmin = 3\ntype = "date"', "field d", "unknown key min"),
    ('# DERIVED', DERIVED.replace('"x"', '"a"'), "form proof_main", "name a is there twice"),
    ('# DERIVED', DERIVED.replace('"x"', '"2x"'), "derived 2x, name", "start with a letter"),
    ('# DERIVED', DERIVED + 'kind = "bool"', "derived x", "unknown key kind"),
    ('# DERIVED', VALIDATION.replace("n > m", "n > today"), "validation 1, when", "cannot compare a number with a date"),
    ('# DERIVED', VALIDATION.replace('en="Wrong"', 'en=""'), "validation 1, text", "en is empty"),
    ('# DERIVED', FLAG.replace(', nn="Tekst"', ''), "flag P-1, text", "needs exactly nb, nn and en"),
    ('# DERIVED', FLAG.replace('code = "PROOF"', ''), "flag P-1, code", "is missing"),
    ('# DERIVED', FLAG + FLAG.replace("P-1", "P-2"), "form proof_main", "flag PROOF is there twice"),
    ('# DERIVED', FLAG + 'tone = "loud"', "flag P-1", "unknown key tone"),
    ('# DERIVED', FLAG.replace('nb="Tekst"', 'nb="Tekst {n}"'), "flag P-1, text", "{n} needs `n`"),
    ('# DERIVED', FLAG.replace('nb="Tekst"', 'nb="Tekst {limit}"'), "flag P-1, text", "nothing is filled in for {limit}"),
    ('# DERIVED', FLAG + 'subject = "zz"', "flag P-1", "no field 'zz'"),
    ('# DERIVED', FLAG + 'timed = true\neach = "thing"', "flag P-1, each", "for timed rules"),
    ('# DERIVED', FLAG + 'each = "open thing"', "flag P-1, each", "for timed rules"),
    ('# DERIVED', DUE + 'fields = ["a"]', "due 1", "unknown key fields"),
    ('# DERIVED', DUE.replace("days = 30", "days = true"), "due 1, days", "must be a whole number"),
    ('# DERIVED', DUE.replace("days = 30", 'days = "a"'), "due 1, days", "must be a number, is a choice"),
    ('# DERIVED', DUE.replace('nb="Grunn"', 'nb="Grunn {n}"'), "due 1, reason", "nothing is filled in for {n}"),
    ('# DERIVED', '[[form.emits]]\ntrigger = "bingo"\non = "d"\n' + DUE + 'trigger = ["bingo"]', "due 1", "trigger 'bingo' needs a label"),
    ('# DERIVED', '[[form.emits]]\ntrigger = "bingo"\non = "a"', "emits bingo, on", "must be a date"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\ndeclined_days = "colour"',
     "form proof_other, declined_days", "must be a number"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\naction_hints = {jumped={nb="H", nn="H", en="H"}}',
     "action_hints", "no extra action"),
    ('[[form]]\nid = "proof_other"', '[[form]]\nid = "proof_other"\nper_subject = "zz"', "form proof_other, per_subject", "no field 'zz'"),
    ('[[form]]\nid = "proof_other"', MEASURE.replace('"p"', '"pie"') + '[[form]]\nid = "proof_other"',
     "measure M-1, chart", "'pie' is not one of"),
    ('[[form]]\nid = "proof_other"', MEASURE.replace('"up"', '"best"') + '[[form]]\nid = "proof_other"',
     "measure M-1, direction", "not one of"),
    ('[[form]]\nid = "proof_other"', MEASURE + MEASURE + '[[form]]\nid = "proof_other"', "", "measure M-1 is there twice"),
    ('[[form]]\nid = "proof_other"', MEASURE + 'shown_with = ["M-2"]\n[[form]]\nid = "proof_other"',
     "measure M-1, shown_with", "no measure 'M-2'"),
    ('[[form]]\nid = "proof_other"', MEASURE + 'colour = "red"\n[[form]]\nid = "proof_other"', "measure M-1", "unknown key colour"),
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


@pytest.mark.parametrize(("raw", "reason"), [
    (b"", "is missing"), (b"\xff\xfe", "cannot be read"), (b"[bundle]\r\nid", "cannot be read"), (b"a = 1\na = 2", "cannot be read"),
    (GOOD.encode("utf-16"), "cannot be read"), (b"#" * (512 * 1024 + 1), "is larger than"), (b"bundle = 3", "must be a table")])
def test_a_file_that_is_no_bundle_is_refused_with_a_sentence(tmp_path: Path, raw: bytes, reason: str) -> None:
    (tmp_path / "proof.v1.toml").write_bytes(raw)
    with pytest.raises(BundleError, match=reason) as refused:
        Registry().load(tmp_path / "proof.v1.toml")
    assert str(refused.value).startswith("proof.v1.toml: ")


@pytest.mark.parametrize("name", ["proof.v2.toml", "proof.toml", "Proof.v1.toml", "other.v1.toml"])
def test_a_file_under_a_wrong_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(BundleError, match=r"the file must be named proof\.v1\.toml"):
        Registry().load(tmp_path / name)


def test_a_flag_is_equally_severe_in_every_form(tmp_path: Path) -> None:
    milder = FLAG.replace('"high"', '"medium"').replace("a = yes", "colour = red")
    with pytest.raises(BundleError, match="PROOF is high in another form"):
        load(tmp_path, GOOD.replace("# DERIVED", FLAG) + milder)


def test_a_flag_of_another_bundle_is_refused(tmp_path: Path) -> None:
    registry = load(tmp_path, GOOD.replace("# DERIVED", FLAG))
    theft = GOOD.replace("# DERIVED", FLAG).replace('id = "proof"', 'id = "theft"')
    theft = theft.replace("proof_main", "main").replace("proof_other", "other")
    (tmp_path / "theft.v1.toml").write_text(theft, encoding="utf-8")
    with pytest.raises(BundleError, match=r"theft\.v1\.toml: flag PROOF: bundle proof has a flag of that name"):
        registry.load(tmp_path / "theft.v1.toml")


def test_the_command_says_which_file_is_wrong_and_why(tmp_path: Path) -> None:
    path = tmp_path / "proof.v1.toml"
    path.write_text(GOOD.replace("a = yes", "a = ja", 1), encoding="utf-8")
    told = subprocess.run([sys.executable, "-m", "webapp.bundles", str(path)], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("proof.v1.toml: form proof_main, field b, asked: 'ja' is neither a name nor one of")
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("extra", [FLAG, DUE, DERIVED, VALIDATION])
def test_the_parts_that_bad_files_twist_are_good_by_themselves(tmp_path: Path, extra: str) -> None:
    load(tmp_path, GOOD.replace("# DERIVED", extra))
