"""What a hostile browser or proxy sends beside the forms: another host's name, line breaks, paths that climb, others' tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import make_app, sign_in
from tests.device import Tablet, Vault
from tests.fixtures.databases import Template
from tests.people import AMINA, BERIT, JORUNN, KARI, PER, SOLVEIG, Actor
from tests.web.conftest import Login
from tests.web.filled import Filled, contents
from tests.web.test_guards import rules
from webapp.config import ConfigProblem, from_environment
from webapp.models import AccessLog

EVIL = "evil.example"
READERS = (None, BERIT, SOLVEIG, JORUNN, PER)
BREAKS = ("\r\nX-Injected: 1", "\nX-Injected: 1", "\r\n\r\n<b>", "%0d%0aX-Injected:%201", "\u560d\u560aX-Injected: 1", "\x00X-Injected")
NAMES = ("next", "done", "device", "unit", "page", "flag", "since", "before", "q", "from", "to", "kind", "user", "person", "m",
         "passkey", "lost", "problem", "state", "code", "error", "iss")  # fmt: skip
FIELDS = ("name", "reason", "why", "outcome", "decision", "language", "check", "f")


def asked(filled: Filled, actor: Actor | None) -> Iterator[tuple[FlaskClient, str]]:
    """Every address a GET reaches, and whoever asks."""
    client = sign_in(filled.app.test_client(), actor) if actor else filled.app.test_client()
    for rule in rules(filled.app, "GET"):
        for url in filled.urls(rule):
            yield client, url


def injected(answer: TestResponse) -> list[str]:
    """Headers that hold what was slipped in, as a header or as a line of one."""
    return [f"{name}: {value}" for name, value in answer.headers if "injected" in name.casefold() or "\n" in value or "\r" in value]


def test_how_many_proxies_there_are_comes_from_the_environment(tmp_path: Path) -> None:
    def proxies(said: str) -> object:
        return from_environment({"DATA_DIR": str(tmp_path), "TRYGGRUNDE_PROXIES": said})["PROXIES"]

    assert [proxies(said) for said in ("", "0", "1", "3")] == [0, 0, 1, 3]
    for wrong in ("yes", "-1", "6", "1.5"):
        with pytest.raises(ConfigProblem, match="TRYGGRUNDE_PROXIES"):
            proxies(wrong)


@pytest.mark.parametrize("actor", READERS, ids=lambda one: one.username if one else "nobody")
def test_no_answer_leads_to_the_host_that_was_asked_for_or_shows_it(filled_sqlite: Filled, actor: Actor | None) -> None:
    forged = {"X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "Forwarded": f"host={EVIL}", "X-Original-URL": f"//{EVIL}/"}
    for client, url in asked(filled_sqlite, actor):
        for headers in (forged, {**forged, "Host": EVIL}):
            answer = client.get(url, headers=headers)
            assert answer.status_code < 500, url
            assert not answer.headers.get("Location", "/").startswith(("http", "//")), url
            assert EVIL not in answer.text, url


def test_where_the_installation_says_its_names_no_other_is_answered(sqlite_db: Template, tmp_path: Path) -> None:
    for app in make_app(sqlite_db, tmp_path, TRUSTED_HOSTS=["runde.kommune.example"]):
        client = app.test_client()
        assert client.get("/login", base_url="http://runde.kommune.example").status_code == 200
        for host in (EVIL, "runde.kommune.example.evil.example", "evilrunde.kommune.example", "a b", ""):
            for url in ("/login", "/", "/sync/keys", "/static/css/app.css", "/nothing"):
                answer = client.get(url, headers={"Host": host})
                assert (answer.status_code, "Ingenting er endret." in answer.text) == (400, True), (host, url)
                assert "Content-Security-Policy" in answer.headers


def test_the_names_come_from_the_environment(tmp_path: Path) -> None:
    def hosts(said: str) -> object:
        return from_environment({"DATA_DIR": str(tmp_path), "TRYGGRUNDE_HOSTS": said})["TRUSTED_HOSTS"]

    assert hosts("") is None
    assert hosts("a.example, b.example") == ["a.example", "b.example"]
    for wrong in ("https://a.example", "a.example/", "*", "a.example,,b"):
        with pytest.raises(ConfigProblem, match="TRYGGRUNDE_HOSTS"):
            hosts(wrong)


@pytest.mark.parametrize("actor", READERS, ids=lambda one: one.username if one else "nobody")
def test_a_line_break_in_any_value_becomes_no_header(filled_sqlite: Filled, actor: Actor | None) -> None:
    for client, url in asked(filled_sqlite, actor):
        for text in BREAKS:
            joined = "&".join(f"{name}={quote(text, safe='%')}" for name in NAMES)
            answer = client.get(f"{url}?{joined}")
            assert answer.status_code < 500, (url, text)
            assert injected(answer) == [], (url, text)


def test_a_line_break_in_a_form_or_in_what_htmx_says_becomes_no_header(filled_sqlite: Filled) -> None:
    for actor in (BERIT, SOLVEIG, PER):
        client = sign_in(filled_sqlite.app.test_client(), actor)
        for rule in rules(filled_sqlite.app, "POST"):
            if rule.endpoint in ("accounts.logout", "sync.create_envelopes"):
                continue
            for url in filled_sqlite.urls(rule):
                for text in BREAKS:
                    said = dict.fromkeys((*NAMES, *FIELDS), text)
                    headers = {"HX-Request": "true", "HX-Current-URL": quote(text, safe="%:/ "), "User-Agent": quote(text)}
                    answer = client.post(url, data=said, headers=headers)
                    assert answer.status_code < 500, (url, text)
                    assert injected(answer) == [], (url, text)


ROOTS = ("/static/", "/sw/", "/device/modules/", "/review/photos/", "/sync/photos/", "/journal/", "/round/about/", "/devices/", "/")
SECRETS = ("secret.key", "keys.json", "data/keys.json", "webapp/config.py", "pyproject.toml", "etc/passwd", "templates/base.html")


UPWARDS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "....//", "..;/", "%c0%ae%c0%ae/", "..%252f", "css/../../", "./", "//", "%00/")


def climbing(root: str, secret: str) -> Iterator[str]:
    """Ways up out of a folder."""
    for up in UPWARDS:
        yield root + up * 4 + secret
        yield root + up + secret
    yield root + "/" + secret
    yield root + "file:///" + secret


def test_no_path_climbs_out_of_its_folder(filled_sqlite: Filled) -> None:
    (Path(filled_sqlite.app.config["DATA_DIR"]) / "secret.key").write_bytes(b"do not show this key to anybody!")
    (code, page, project) = (Path(__file__).parents[2] / one for one in ("webapp/config.py", "templates/base.html", "pyproject.toml"))
    marks = [b"do not show this key", b"root:x:0", b'"sealing"', *(one.read_bytes()[:60] for one in (code, page, project))]
    seen = set()
    for client in (filled_sqlite.tablet.http, *(sign_in(filled_sqlite.app.test_client(), one) for one in (SOLVEIG, JORUNN))):
        for url in (url for root in ROOTS for secret in SECRETS for url in climbing(root, secret)):
            answer = client.get(url)
            assert answer.status_code in (302, 308, 400, 401, 403, 404), url
            assert [mark for mark in marks if mark in answer.data] == [], url
            seen.add(answer.status_code)
    assert 404 in seen


def test_a_file_that_is_handed_out_is_named_by_us_and_not_by_what_somebody_wrote(filled_sqlite: Filled) -> None:
    for actor in (SOLVEIG, JORUNN, PER):
        client = sign_in(filled_sqlite.app.test_client(), actor)
        for rule in rules(filled_sqlite.app, "GET"):
            for url in filled_sqlite.urls(rule):
                said = client.get(f"{url}?name=..%2fx&filename=..%2fx").headers.get("Content-Disposition", "")
                assert not {"/", "\\", ".."} & {part for part in ("/", "\\", "..") if part in said}, url


def cookie(tablet: Tablet) -> str:
    held = tablet.http.get_cookie("tr_device")
    assert held is not None
    return held.value


class Two:
    """Berit and Amina on one tablet, Kari on another."""

    def __init__(self, app: Flask, login: Login) -> None:
        self.berit, self.amina, self.kari = login(BERIT), login(AMINA), login(KARI)
        self.one = Tablet.enrol(app, self.berit, "Nettbrett 1")
        self.other = Tablet.enrol(app, self.kari, "Nettbrett 2")
        self.hers: Vault = self.one.open_vault(self.berit)
        self.mates: Vault = self.one.open_vault(self.amina)
        self.karis: Vault = self.other.open_vault(self.kari)
        self.cookies = {"one": cookie(self.one), "other": cookie(self.other)}


WRONG_TOKENS: dict[str, Callable[[Two], str]] = {
    "the device's cookie as a session": lambda two: two.cookies["one"],
    "the key's id": lambda two: two.hers.key_id,
    "the papers": lambda two: two.hers.papers["body"],
    "the return wrap": lambda two: two.hers.return_wrap,
    "half of it": lambda two: two.hers.token[:-1],
    "twice": lambda two: two.hers.token + two.hers.token,
    "with a space": lambda two: two.hers.token[:20] + " " + two.hers.token[20:],
    "in capitals": lambda two: two.hers.token.swapcase(),
    "nothing": lambda two: "",
    "very long": lambda two: two.hers.token + "x" * 5000,
}


@pytest.mark.parametrize("token", WRONG_TOKENS)
def test_a_token_that_is_anything_but_hers_reads_nothing(app: Flask, login: Login, token: str) -> None:
    two = Two(app, login)
    before = contents(app)
    for http in (two.one.http, two.other.http, app.test_client()):
        answer = http.post("/sync/snapshot", json={"wire": 1}, headers={"Authorization": f"Bearer {WRONG_TOKENS[token](two)}"})
        assert (answer.status_code, "people" in answer.text) == (401, False)
    for scheme in ("Basic", "bearer:", "Token", ""):
        answer = two.one.http.post("/sync/snapshot", json={"wire": 1}, headers={"Authorization": f"{scheme} {two.hers.token}"})
        assert answer.status_code == 401
    assert contents(app) == before


def test_each_token_and_cookie_gives_its_owners_own_and_nothing_of_the_others(app: Flask, login: Login) -> None:
    two = Two(app, login)
    for tablet, vault, who in ((two.one, two.hers, BERIT), (two.one, two.mates, AMINA), (two.other, two.karis, KARI)):
        told = tablet.pull(vault)
        names = {person["name"] for person in told["people"]}
        assert told["me"]["id"] == str(who.id)
        assert names == ({"Nils Vold"} if who is KARI else {"Astrid Lunde", "Odd Brekke", "Inger Tangen"})
    # what was taken along to another device counts there for nothing
    bearer = {"Authorization": f"Bearer {two.hers.token}"}
    assert two.other.http.post("/sync/snapshot", json={"wire": 1}, headers=bearer).status_code == 401
    assert two.other.http.delete("/device/session", headers=bearer).status_code == 401
    # nobody's wrap is opened on another device or for another person
    wrong = ((two.amina, "one", two.hers), (two.berit, "other", two.hers), (two.kari, "one", two.hers), (two.berit, "one", two.mates))
    for client, cookie, wrap in wrong:
        client.set_cookie("tr_device", two.cookies[cookie])
        assert client.post("/device/vaults/reopen", json={"return_wrap": wrap.return_wrap}).status_code == 403
    # and papers of one device do not make another of it
    mixed = two.kari.post("/device/return", json={"device": two.other.device_id, "papers": [two.hers.papers]})
    assert mixed.status_code == 403
    assert AccessLog.__tablename__ in contents(app)
