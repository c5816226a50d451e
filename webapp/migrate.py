"""Bring a database to the version this code wants, and say in a sentence when it is not there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"', re.MULTILINE)


def alembic_config(engine: Engine) -> Config:
    """Alembic's settings, made here: no ini file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing; a database of a newer program is left alone."""
    if standing(engine) == "older":
        from alembic import command

        command.upgrade(alembic_config(engine), "head")


@cache
def known() -> tuple[str, set[str]]:
    """The newest version here, and all of them. Read from the files: Alembic would run each, at every start and every /healthz."""
    said = [dict(REVISION.findall(path.read_text("utf-8"))) for path in sorted((FOLDER / "versions").glob("*.py"))]
    revisions = {one["revision"] for one in said}
    (head,) = revisions - {one.get("down_revision") for one in said}
    return head, revisions


def standing(engine: Engine) -> str:
    """Where the database is, seen from this program: right, older or newer."""
    head, revisions = known()
    with engine.connect() as connection:
        there = inspect(connection).has_table("alembic_version")
        current = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    if current == head:
        return "right"
    return "older" if current is None or current in revisions else "newer"


def problem(engine: Engine) -> str:
    """Empty when the database is at head, else what to do."""
    return {
        "right": "",
        "older": "The database is older than the program. Run: make migrate",
        "newer": "The database was made by a newer version of the program. Install that version; nothing was changed.",
    }[standing(engine)]
