"""Servers as a backup sees them: settings, rows, and an empty place of the same kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import MetaData, create_engine, select

from tests.fixtures.databases import empty_database
from webapp import create_app
from webapp.backup.make import Made, make
from webapp.backup.restore import Restored, restore

PASSPHRASE = "riktig hest batteri"
CHEAP = (64, 1, 1)


class Places:
    """The server under test, and others made for a test."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.ends: list[Callable[[], None]] = []
        self.here = settings_of(app)

    def empty(self, name: str = "elsewhere") -> dict[str, Any]:
        """A machine on which nothing was ever kept."""
        data = self.folder / name
        url = f"sqlite:///{data / 'tryggrunde.db'}"
        if not self.here["DATABASE_URL"].startswith("sqlite"):
            url, drop = empty_database(self.here["DATABASE_URL"])
            self.ends.append(drop)
        return {"DATA_DIR": data, "DATABASE_URL": url}

    def serve(self, settings: dict[str, Any]) -> Flask:
        app = create_app({"TESTING": True, "RATELIMIT_ENABLED": False, "BUNDLE_DIRS": self.app.config["BUNDLE_DIRS"], **settings})
        self.ends.append(app.extensions["engine"].dispose)
        return app

    def close(self) -> None:
        for end in reversed(self.ends):
            end()


def settings_of(app: Flask) -> dict[str, Any]:
    return {"DATA_DIR": Path(app.config["DATA_DIR"]), "DATABASE_URL": app.config["DATABASE_URL"]}


def backup(settings: dict[str, Any], path: Path, **how: Any) -> Made:
    return make(settings, path, PASSPHRASE, replace=how.get("replace", False), cost=CHEAP)


def put_back(settings: dict[str, Any], path: Path, **how: Any) -> Restored:
    return restore(settings, path, how.get("passphrase", PASSPHRASE), replace=how.get("replace", False))


def rows(url: str) -> dict[str, set[tuple[str, ...]]]:
    """Every row of every table, as the database itself tells them."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = MetaData()
            tables.reflect(connection)
            return {table.name: {tuple(map(repr, row)) for row in connection.execute(select(table))} for table in tables.sorted_tables}
    finally:
        engine.dispose()
