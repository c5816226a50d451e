"""The office in which something has happened, made once a day and a kind of database. Each test gets a copy of its own."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from flask import Flask

from tests.conftest import make_app
from tests.device import OSLO
from tests.fixtures.databases import Template, template_at
from tests.web.filled import Filled

Happened = Callable[[Filled], None]
BUNDLES = Path(__file__).parent / "bundles"
OFFICES: dict[tuple[str, date, Happened], Office] = {}


@dataclass
class Office:
    """Its database and its files as they lie there, and what is in it."""

    template: Template
    data: Path
    filled: Filled

    def app(self, folder: Path) -> Iterator[Flask]:
        """The app on a copy of both."""
        shutil.copytree(self.data, folder / "data")
        yield from make_app(self.template, folder)

    def filled_in(self, app: Flask) -> Filled:
        """What is in that copy: the same device and person, who have done nothing more yet."""
        mine = copy.copy(self.filled)
        mine.app = app
        mine.vault = replace(self.filled.vault)
        mine.tablet = replace(self.filled.tablet, http=self.filled.tablet.another_http(app), vaults={mine.vault.user["id"]: mine.vault})
        return mine


def nothing_more(_filled: Filled) -> None:
    """As Filled leaves it."""


def office(template: Template, folder: Path, happened: Happened = nothing_more) -> Office:
    """Today's, in this folder where it has to be made; `happened`: what is done in it besides."""
    key = (template.kind, datetime.now(OSLO).date(), happened)
    if key not in OFFICES:
        made = make_app(template, folder)
        app = next(made)
        app.config["BUNDLE_DIRS"] = [BUNDLES]
        filled = Filled(app)
        happened(filled)
        app.extensions["engine"].dispose()
        OFFICES[key] = Office(template_at(app.config["DATABASE_URL"]), folder / "data", filled)
    return OFFICES[key]
