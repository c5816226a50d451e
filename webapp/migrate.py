"""Bring a database to the version this code wants, and say in a sentence when it is not there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "migrations"


def alembic_config(engine: Engine) -> Config:
    """Alembic's settings, made here: no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine) -> None:
    """Run the migrations that are missing; a database of a newer program is left alone."""
    if standing(engine) != "newer":
        command.upgrade(alembic_config(engine), "head")


def standing(engine: Engine) -> str:
    """Where the database is, seen from this program: right, older or newer."""
    scripts = ScriptDirectory.from_config(alembic_config(engine))
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == scripts.get_current_head():
        return "right"
    known = {script.revision for script in scripts.walk_revisions()}
    return "older" if current is None or current in known else "newer"


def problem(engine: Engine) -> str:
    """Empty when the database is at head, else what to do."""
    return {
        "right": "",
        "older": "The database is older than the program. Run: make migrate",
        "newer": "The database was made by a newer version of the program. Install that version; nothing was changed.",
    }[standing(engine)]
