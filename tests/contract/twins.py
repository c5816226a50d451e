"""One nurse at two desks: every request goes to her enrolled tablet's router and to Flask on an office PC, each with its own
database, and must give the same page and the same draft. Ids made on the way are paired; the clock and the sync line are pinned."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.browser.tablet import Tablet
from tests.contract import stored
from webapp.bedside import routes
from webapp.db import open_session
from webapp.measures import bedside
from webapp.models import ServerDraft, User
from webapp.sync import world as worlds

SCRIPT = (Path(__file__).parent / "twins_page.js").read_text(encoding="utf-8")
SAID = ("HX-Push-Url", "HX-Replace-Url", "HX-Retarget", "HX-Reswap")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Pairs = list[tuple[str, str]]


@dataclass
class Shown:
    """What both answered."""

    status: int
    headers: dict[str, str]
    html: str
    questions: list[dict[str, Any]]
    buttons: list[str]


@dataclass
class Twins:
    """The tablet and the office PC. `ids`: what the tablet calls a thing -> what the office calls it."""

    tablet: Tablet
    office: FlaskClient
    app: Flask
    tablet_app: Flask
    patch: pytest.MonkeyPatch
    ids: dict[str, str] = field(default_factory=dict)
    sync: dict[str, Any] = field(default_factory=dict)
    bedside: dict[str, Any] = field(default_factory=dict)  # the device's pages are made from what its last contact brought

    def __post_init__(self) -> None:
        real = worlds.for_user

        def pinned(*given: Any, **more: Any) -> Any:
            return {**real(*given, **more), "device": True, "sync": self.sync}

        self.patch.setattr(worlds, "for_user", pinned)
        self.patch.setattr(worlds, "given_back", lambda *_given: self.bedside)
        self.patch.setattr(bedside, "KEPT", timedelta())
        self.tablet.run(SCRIPT)

    def send(self, method: str, path: str, body: Pairs | None = None, full: bool = True) -> Shown:
        """One request to both. The answers must be the same, and so must the drafts after it."""
        there = self.tablet.run("asked => globalThis.twin.send(asked)", [method, path, body, full])
        self.patch.setattr(routes, "utc_now", lambda: datetime.fromisoformat(there["now"]))
        self.sync, self.bedside = self.in_office(there["sync"]), self.in_office(there["bedside"])
        headers = {"HX-Request": "true", "HX-Request-Type": "full" if full else "partial"}
        here = self.office.open(self.in_office(path), method=method, headers=headers, data=urlencode(body or []),
                                content_type="application/x-www-form-urlencoded")
        said = {name: here.headers[name] for name in SAID if name in here.headers}
        self.pair(said, there["headers"])
        self.pair(self.drafts(), there["drafts"])
        assert (here.status_code, self.on_tablet(said)) == (there["status"], there["headers"]), path
        differs = apart(self.on_tablet(here.text), there["html"])
        assert not differs, f"{path}\n{differs}"
        assert self.on_tablet(self.drafts()) == there["drafts"], path
        return Shown(there["status"], there["headers"], there["html"], there["questions"], there["buttons"])

    def drafts(self) -> list[dict[str, Any]]:
        with open_session(self.app.extensions["engine"], write=False) as session:
            return [row.data for row in session.scalars(select(ServerDraft).order_by(ServerDraft.id))]

    def pair(self, ours: Any, theirs: Any) -> None:
        """Two answers of one shape: ids in the same place are the same thing."""
        for one, other in zip(ID.findall(str(ours)), ID.findall(str(theirs)), strict=False):
            if one != other:
                assert self.ids.setdefault(other, one) == one, (one, other)

    def on_tablet(self, said: Any) -> Any:
        return renamed(said, {one: other for other, one in self.ids.items()})

    def in_office(self, said: Any) -> Any:
        return renamed(said, self.ids)

    def deliver(self) -> None:
        """The tablet sends what it has and fetches the news."""
        self.tablet.run("() => globalThis.twin.deliver()")

    def same_world(self) -> dict[str, Any]:
        """After a delivery: what the device holds is what Flask's pages are made from."""
        theirs = self.tablet.run("() => globalThis.twin.world()")
        with self.app.app_context(), open_session(self.app.extensions["engine"], write=False) as session:
            user = session.get_one(User, UUID(theirs["me"]["id"]))
            now = datetime.fromisoformat(theirs["now"])
            ours = self.on_tablet(worlds.for_user(session, user, now))
            ours["bedside"] = self.on_tablet(worlds.back(session, user, now, user.unit_ids))
        for one in (ours, theirs):
            one["bedside"] = {**one["bedside"], "units": {unit: told["lines"] for unit, told in one["bedside"]["units"].items()}}
        assert {**ours, "people": [], "sync": {}} == {**theirs, "people": [], "sync": {}}
        for one, other in zip_longest(in_order(ours["people"]), in_order(theirs["people"])):
            assert not differences(bare(one), bare(other)), differences(bare(one), bare(other))
        return theirs  # type: ignore[no-any-return]

    def same_store(self) -> dict[str, list[Any]]:
        """After a delivery: both databases hold the same."""
        ours, theirs = self.on_tablet(stored.everything(self.app)), stored.everything(self.tablet_app)
        ours, theirs = ({part: sorted(rows, key=str) for part, rows in one.items()} for one in (ours, theirs))
        for part, rows in ours.items():
            for one, other in zip_longest(rows, theirs[part]):
                assert not differences(one, other), f"{part}: {differences(one, other)}"
        assert [one for one in stored.shown_flags(self.tablet_app) if one[0] != one[1]] == []
        return theirs


def differences(ours: Any, theirs: Any) -> dict[str, Any]:
    """What differs between two rows, by name."""
    if ours == theirs:
        return {}
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return {"row": (ours, theirs)}
    return {name: (ours.get(name), theirs.get(name)) for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)}


def in_order(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(people, key=lambda one: str(one["ref"]))


def bare(person: dict[str, Any]) -> dict[str, Any]:
    """Without what each server says of itself: when it received a check, and what it calls a flag or a trigger."""
    checks = [{**one, "received_at": None} for one in person["checks"]]
    flags = sorted(({**one, "id": ""} for one in person["flags"]), key=str)
    return {**person, "checks": checks, "flags": flags, "triggers": sorted(({**one, "id": ""} for one in person["triggers"]), key=str)}


def apart(ours: str, theirs: str) -> str:
    """Where two pages differ, for a person to read; empty when they are the same bytes."""
    if ours == theirs:
        return ""
    return "\n".join(difflib.unified_diff(ours.splitlines(), theirs.splitlines(), "office", "tablet", lineterm="", n=1))


def renamed(said: Any, names: dict[str, str]) -> Any:
    """Ids by their other name, in texts and in everything made of texts."""
    if isinstance(said, str):
        return ID.sub(lambda found: names.get(found.group(), found.group()), said)
    if isinstance(said, list):
        return [renamed(one, names) for one in said]
    if isinstance(said, dict):
        return {renamed(key, names): renamed(value, names) for key, value in said.items()}
    return said
