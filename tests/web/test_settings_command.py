"""`webapp set BUNDLE.NUMBER VALUE`: a municipality's own numbers, and what is said to a wrong name or value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.web.sync.reading import all_of
from webapp.bundles import registry
from webapp.models import Setting

ROOT = Path(__file__).parents[2]


def webapp_set(app: Flask, *words: str) -> subprocess.CompletedProcess[str]:
    """As whoever runs the server types it."""
    env = {**os.environ, "DATABASE_URL": app.config["DATABASE_URL"], "DATA_DIR": str(app.config["DATA_DIR"])}
    command = [sys.executable, "-m", "webapp.cli", "set", *words]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def versions(app: Flask) -> list[int]:
    return sorted(row.version for row in all_of(app, Setting))


def test_photos_are_switched_on_and_off_as_new_versions_of_the_settings(app: Flask) -> None:
    before = versions(app)
    next_one = max(before, default=0) + 1
    on = webapp_set(app, "trykksar.photos", "1")
    assert (on.returncode, on.stderr) == (0, "")
    assert on.stdout == f"trykksar.photos = 1 from settings version {next_one}. Devices hear of it at their next contact.\n"
    off = webapp_set(app, "trykksar.photos", "0")
    assert off.returncode == 0
    assert len(versions(app)) == len(before) + 2  # what was valid then can still be looked up
    newest = max(all_of(app, Setting), key=lambda row: row.version)
    assert newest.data["params"]["trykksar"]["photos"] == 0


def test_one_number_leaves_the_others_as_they_were(app: Flask) -> None:
    other = next(one for one in registry().bundles if one.id != "trykksar" and one.parameters)
    name, spec = next(iter(other.parameters.items()))
    assert webapp_set(app, f"{other.id}.{name}", str(spec["max"])).returncode == 0
    assert webapp_set(app, "trykksar.photos", "1").returncode == 0
    newest = max(all_of(app, Setting), key=lambda row: row.version)
    assert (newest.data["params"][other.id][name], newest.data["params"]["trykksar"]["photos"]) == (spec["max"], 1)


@pytest.mark.parametrize("name", ["trykksar.pictures", "nothing.photos", "", "trykksar.photos.more"])
def test_a_wrong_name_is_answered_with_the_names_there_are(sqlite_app: Flask, name: str) -> None:
    before = versions(sqlite_app)
    said = webapp_set(sqlite_app, name, "1")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith(f"There is no number {name}. These may be set: ")
    assert "trykksar.photos" in said.stderr
    assert versions(sqlite_app) == before


@pytest.mark.parametrize("value", ["2", "on", "", "²"])
def test_a_wrong_value_is_answered_with_what_it_must_be(sqlite_app: Flask, value: str) -> None:
    before = versions(sqlite_app)
    said = webapp_set(sqlite_app, "trykksar.photos", value)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "trykksar.photos must be a whole number from 0 to 1.\n"
    assert versions(sqlite_app) == before


def test_a_database_that_is_not_there_is_a_sentence_and_no_stack_trace(sqlite_app: Flask, tmp_path: Path) -> None:
    sqlite_app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/none.db"
    said = webapp_set(sqlite_app, "trykksar.photos", "1")
    assert said.returncode == 2
    assert "Traceback" not in said.stderr
    assert "make migrate" in said.stderr
