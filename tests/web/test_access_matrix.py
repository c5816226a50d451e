"""The whole access matrix: every cell of the table is asked of the running app, with real things behind the addresses."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pictures
from tests.conftest import sign_in
from tests.device import new_code
from tests.people import AMINA, BERIT, HANS, JORUNN, KARI, PER, SOLVEIG, STINE, ident, ref
from tests.web import office
from tests.web.access_table import COLUMNS, LOOKING, TABLE
from tests.web.filled import Filled
from tests.web.sync import photos
from tests.web.sync.reading import all_of, count
from webapp.models import AccessLog, DeviceCode, Flag, Photo

ACTORS = {
    "stat": STINE, "jour": JORUNN, "admin": PER, "nurse2": KARI, "lead2": HANS, "mate": AMINA, "nurse": BERIT, "lead": SOLVEIG,
}  # fmt: skip
ROWS = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
FRESH = ("/round/checks/{draft}/discard", "/round/checks/{draft}")  # end a draft: each begins with one
Sent = dict[str, Any]


class Place:
    """An office with something behind every address, and everybody who may come to it."""

    def __init__(self, filled: Filled) -> None:
        self.filled, self.app = filled, filled.app
        self.berit = sign_in(self.app.test_client(), BERIT)
        self.things: dict[str, Any] = {
            "person": ref("Astrid Lunde"), "check": filled.check, "newest": filled.correction, "draft": filled.draft, "flag": filled.flag,
            "photo": filled.photo, "envelope": filled.envelope, "none": UUID(int=7), "lookup": filled.lookup,
            "user": AMINA.id, "project": filled.project, "network": filled.network, "file": filled.file,
            "device": UUID(filled.tablet.device_id), "picture": self.pictured(), "code": self.coded(),
        }  # fmt: skip

    def pictured(self) -> UUID:
        """A photo of Astrid that is there."""
        photos.switch(self.app, 1)
        tablet, vault, shot = self.filled.tablet, self.filled.vault, pictures.camera(400, 300, 70, 1, place=False)
        assert photos.send(tablet.http, photos.seal(tablet, vault, photos.check(tablet, vault, shot), shot))["verdict"] == "accepted"
        return UUID(str(all_of(self.app, Photo)[0].id))

    def coded(self) -> UUID:
        """A code for a tablet of Fjordsida that nobody has used."""
        new_code(self.app, "Nettbrett 5")
        return UUID(str(all_of(self.app, DeviceCode, DeviceCode.name == "Nettbrett 5")[0].id))

    def client(self, column: str) -> FlaskClient:
        if column in ("tablet", "hers"):
            client = self.filled.tablet.another_http(self.app)
            if column == "hers":
                client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.filled.vault.token}"
        else:
            client = self.app.test_client()
        if column in ACTORS:
            return sign_in(client, ACTORS[column])
        client.get("/login")
        token = client.get_cookie("csrf")
        assert token is not None
        client.environ_base["HTTP_X_CSRFTOKEN"] = token.value
        return client

    def refusals(self) -> int:
        return count(self.app, AccessLog, AccessLog.action.like("%refused"))

    def views(self) -> int:
        return count(self.app, AccessLog, ~AccessLog.action.like("%refused"))


def sent(place: Place, method: str, url: str) -> Sent:
    """What a true request of this kind carries."""
    bodies: dict[str, Callable[[], Sent]] = {
        "/round/people/{person}/checks": lambda: {"data": {"check": office.FORM}},
        "/round/checks/{draft}/answers": lambda: {"data": office.body({"level": "calm"})},
        "/round/checks/{draft}": lambda: {"data": office.body({"level": "calm"})},
        "/round/checks/{check}": lambda: {"data": office.body({"level": "calm"})},
        "/round/people": lambda: {"data": {"q": "Astrid"}},
        "/round/event": lambda: {"data": {"q": "Astrid"}},
        "/review/people": lambda: {"data": {"q": "Astrid"}},
        "/review/flags/{flag}/owner": lambda: {"data": {"owner": str(SOLVEIG.id)}},
        "/review/flags/{flag}/closing": lambda: {"data": {"outcome": "done"}},
        "/review/quarantine/{envelope}/decision": lambda: {"data": {"decision": "reject", "reason": "Prøve"}},
        "/improvement/new": lambda: {"data": {"title": "Prøve", "state": "active"}},
        "/network/new": lambda: {"data": {"title": "Prøve"}},
        "/network/{network}/posts": lambda: {"data": {"title": "Prøve", "story": "Vi prøvde"}},
        "/improvement/{project}/new?kind=aim": lambda: {"data": {"text": "Færre"}},
        "/account/language": lambda: {"data": {"language": "nb"}},
        "/journal/people": lambda: {"data": {"q": "Astrid"}},
        "/lookups": lambda: {"data": {"name": "Astrid Lunde", "born": "1941-03-02", "reason": "Vikar på kveldsvakt"}},
        "/review/lookups/{lookup}/review": lambda: {"data": {"verdict": "ok"}},
        "/rescue": lambda: {"data": {"file": (io.BytesIO(b"none"), "x.rescue")}},
        "/sync/envelopes": lambda: {"data": b"", "content_type": "application/octet-stream"},
        "/sync/snapshot": lambda: {"json": {"wire": 1}},
        "/sync/keys": lambda: {"json": {"wire": 1}},
        "/sync/photos/{hash}": lambda: {"data": b"x", "content_type": "application/octet-stream"},
        "/device/enrolment": lambda: {"json": {"code": new_code(place.app, "Nettbrett 2")}},
        "/devices/{device}/name": lambda: {"data": {"name": f"Nettbrett {uuid4().hex[:6]}"}},
        "/devices/codes": lambda: {"data": {"name": "Nettbrett 4", "unit": str(ident("Fjordsida"))}},
        "/device/vaults": lambda: {"json": {"public_key": ""}},
        "/device/vaults/reopen": lambda: {"json": {"return_wrap": ""}},
        "/device/session": lambda: {"json": {}},
        "/login": lambda: {"data": {"username": "nobody-here", "password": "x"}},
    }
    return bodies.get(url, dict)() if method in ("POST", "PUT") else {}


def said(answer: TestResponse) -> str:
    """The answer as the table writes it."""
    to_log_in = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
    return "login" if to_log_in else str(answer.status_code)


def look(place: Place, method: str, url: str, column: str, client: FlaskClient) -> str:
    """Ask once; what came of it, with what the log says of it."""
    address = url.format(**place.things, hash="a" * 64)
    before = place.views(), place.refusals()
    told = said(client.open(address, method=method, **sent(place, method, url)))
    if column in ACTORS and told in ("403", "404"):
        return told if place.refusals() == before[1] + 1 else told + "-"
    return told + ("+" if place.views() > before[0] else "")


def asked(place: Place) -> list[str]:
    """Every cell that is not as the table says."""
    clients = {column: place.client(column) for column in COLUMNS}
    wrong = []
    for method, url, *cells in ROWS:
        if method == "POST" and url in FRESH:
            place.things["draft"] = UUID(office.start(place.berit, "Inger Tangen"))
        for column, expected in zip(COLUMNS, cells, strict=True):
            found = look(place, method, url, column, clients[column])
            if found != expected:
                wrong.append(f"{method} {url} {column}: {found}, not {expected}")
    return wrong


def test_every_cell_of_the_access_table_is_what_it_says(filled: Filled) -> None:
    assert asked(Place(filled)) == []
    assert count(filled.app, Flag, Flag.id == filled.flag) == 1


def test_a_nurse_with_a_look_up_gets_what_another_units_nurse_gets_and_what_it_opens(filled: Filled) -> None:
    place = Place(filled)
    looking = place.client("nurse2")
    assert looking.post("/lookups", **sent(place, "POST", "/lookups")).status_code == 303
    wrong = []
    for method, url, *cells in ROWS:
        usual = dict(zip(COLUMNS, cells, strict=True))["nurse2"]
        if "{lookup}" in url or url in ("/logout", *FRESH):
            continue
        expected = LOOKING.get(f"{method} {url}", usual)
        if (found := look(place, method, url, "nurse2", looking)) != expected:
            wrong.append(f"{method} {url}: {found}, not {expected}")
    assert wrong == []


def addresses(app: Flask) -> set[tuple[str, str]]:
    """(method, rule) of everything the app answers."""
    return {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def in_table(app: Flask, rows: list[list[str]]) -> set[tuple[str, str]]:
    """The same of what the table has a line for."""
    names = ("person", "check", "newest", "draft", "flag", "photo", "envelope", "hash", "none", "lookup", "user", "device", "project",
             "network", "file", "picture", "code")  # fmt: skip
    anything = dict.fromkeys(names, str(UUID(int=7)))
    routes = app.url_map.bind("")
    return {(method, routes.match(url.partition("?")[0].format(**anything), method=method)[0]) for method, url, *_cells in rows}


def test_every_route_and_method_has_a_line_in_the_table(sqlite_app: Flask) -> None:
    assert addresses(sqlite_app) - in_table(sqlite_app, ROWS) == set()
    assert all(len(row) == 2 + len(COLUMNS) for row in ROWS)


def test_a_route_without_a_line_is_found(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/forgotten", "forgotten", lambda: "", methods=["POST"])
    assert addresses(sqlite_app) - in_table(sqlite_app, ROWS) == {("POST", "forgotten")}
