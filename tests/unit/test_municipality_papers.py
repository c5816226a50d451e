"""What the papers for a municipality name is there: every file, address, command, setting, table and figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from webapp.bundles import registry
from webapp.cli import COMMANDS
from webapp.limits import KNOWN
from webapp.models import Base

ROOT = Path(__file__).parents[2]
PAPERS = sorted((ROOT / "docs" / "kommune").glob("*.md"))
CODE = "\n".join(path.read_text("utf-8") for path in sorted(ROOT.glob("webapp/**/*.py")))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
NAMED = re.compile(r"`([^`\n]+)`")
OTHERS = {"____", "lang", "default-src 'self'", "--check", "keys.json", "secret.key"}  # a blank, a header, files of an installation
FIGURES = [
    ("dpia.md", "fem minutter uten bruk", "sw/idle.js", "LIMIT = 5 * 60_000"),
    ("dpia.md", "etter ti gale lukkes hvelvet", "sw/nurses.js", "TRIES = 10"),
    ("dpia.md", "12 timer fra siste kontakt", "webapp/limits.py", '"contact_hours": {"min": 1, "max": 24, "default": 12}'),
    ("mistet-enhet.md", "høyst 16 etter full innlogging", "webapp/limits.py", '"log_in_hours": {"min": 4, "max": 24, "default": 16}'),
    ("behandlingsprotokoll.md", "12 timer etter siste side", "webapp/security.py", "PERMANENT_SESSION_LIFETIME=timedelta(hours=12)"),
    ("behandlingsprotokoll.md", "høyst 16 timer", "webapp/accounts/sessions.py", "LONGEST = timedelta(hours=16)"),
    ("tilgjengelighet.md", "minst 48 px på enhet, 32 px med mus", "tests/browser/access.py", "THUMB, MOUSE = 48, 32"),
    ("tilgjengelighet.md", "ved 320 px", "tests/browser/access.py", "NARROW, ZOOMED, ON_ITS_SIDE, SMALL_LAPTOP = (320, 640)"),
]
EFFECT = r"(reduserer|forebygger|hindrer|færre) (infeksjon|fall|trykksår)"
CLAIMS = re.compile(EFFECT + "|CE-merket|godkjent av Helsedirektoratet|er validert", re.IGNORECASE)
PURPOSE = (
    "dokumentasjon, påminnelser og forbedringsdata for forebyggende sjekker; ikke diagnostikk, ikke prediksjon, "
    "ikke dose-/legemiddelråd, ikke overvåking"
)


def is_there(name: str, addresses: set[str]) -> bool:
    """Whether what stands in code marks exists, whatever it is."""
    if name.startswith("/"):
        return name in addresses
    if name.startswith("make "):
        return name.removeprefix("make ") in TARGETS
    if name.startswith("webapp "):
        return name.split()[1] in COMMANDS
    if name.isupper():
        return f'"{name}"' in CODE
    if "/" in name:
        return (ROOT / name).exists()
    table, _, column = name.partition(".")
    if column in KNOWN.get(table, {}):
        return True
    if table in Base.metadata.tables:
        return not column or column in Base.metadata.tables[table].c
    return any(one.id == table and column in one.parameters for one in registry().bundles) or name in OTHERS


@pytest.mark.parametrize("path", PAPERS, ids=lambda one: one.name)
def test_everything_a_paper_names_in_code_marks_exists(path: Path, sqlite_app: Flask) -> None:
    addresses = {rule.rule for rule in sqlite_app.url_map.iter_rules()}
    assert [name for name in NAMED.findall(path.read_text("utf-8")) if not is_there(name, addresses)] == []


def test_what_is_not_there_is_found(sqlite_app: Flask) -> None:
    addresses = {rule.rule for rule in sqlite_app.url_map.iter_rules()}
    wrong = ["/review/nowhere", "make nothing", "webapp nothing", "OIDC_NOTHING", "webapp/nothing.py", "patient.nothing", "nothing"]
    for name in (*wrong, "trykksar.nothing", "device.nothing"):
        assert not is_there(name, addresses), name


def test_the_assessment_names_every_table_that_is_about_somebody() -> None:
    text, about = (ROOT / "docs" / "kommune" / "dpia.md").read_text("utf-8"), {"patient_id", "user_id", "by", "author_id", "made_by"}
    tables = [table for table in Base.metadata.sorted_tables if about & {column.name for column in table.c} and table.name != "setting"]
    assert [table.name for table in tables if f"`{table.name}`" not in text] == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda one: one.name)
def test_every_link_leads_to_a_paper(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize(("paper", "said", "file", "code"), FIGURES)
def test_a_figure_in_a_paper_is_the_codes(paper: str, said: str, file: str, code: str) -> None:
    assert said in (ROOT / "docs" / "kommune" / paper).read_text("utf-8")
    assert code in (ROOT / file).read_text("utf-8")


def test_the_purpose_is_said_as_it_is_in_the_readme_and_nothing_is_claimed() -> None:
    for path in (ROOT / "README.md", ROOT / "docs" / "kommune" / "tiltenkt-bruk.md"):
        assert PURPOSE in " ".join(path.read_text("utf-8").replace(">", " ").split()).casefold()
    for path in PAPERS:
        text = path.read_text("utf-8")
        if path.name == "tiltenkt-bruk.md":
            before, _, after = text.partition("## Hva ingen skal si om produktet")
            text = before + after.partition("## ")[2]
        assert CLAIMS.findall(text) == [], path.name
