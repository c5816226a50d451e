"""Starting, and everything that can be in the way: one sentence that says what to do, exit code 2, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from alembic.command import downgrade
from sqlalchemy import create_engine

from tests.fixtures.databases import Template, free_port
from tests.fixtures.servers import ROOT, Gunicorn
from webapp import create_app, db, migrate

COMMANDS = ["migrate", "seed", "serve"]


def webapp(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`webapp …` as make runs it, with this environment and nothing of the developer's."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")}
    command = [sys.executable, "-m", "webapp.cli", *args]
    return subprocess.run(command, cwd=ROOT, env=clean | env, capture_output=True, text=True, timeout=60, check=False)


def stopped(done: subprocess.CompletedProcess[str], *says: str) -> None:
    """Ended by itself with a sentence."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    sentence = done.stderr.strip()
    assert len(sentence.splitlines()) == 1, sentence
    assert sentence.endswith((".", "make run", "make migrate", "FILE")), sentence
    for word in says:
        assert word in sentence


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_server_that_is_missing(tmp_path: Path, command: str) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=3"
    stopped(webapp(command, DATA_DIR=str(tmp_path), DATABASE_URL=url, PORT=str(free_port())), "cannot be reached", "DATABASE_URL")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("url", ["mysql://x", "nonsense", "/var/lib/db", "postgresql://", "sqlite:////nowhere/at/all/x.db"])
def test_a_database_address_that_is_none(tmp_path: Path, command: str, url: str) -> None:
    stopped(webapp(command, DATA_DIR=str(tmp_path), DATABASE_URL=url, PORT=str(free_port())), "DATABASE_URL")


@pytest.mark.parametrize("port", ["0", "65536", "abc", "-1", "8000.5", " ", "٨٠٠٠"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    stopped(webapp("serve", DATA_DIR=str(tmp_path), PORT=port), "PORT", "1 to 65535")


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert webapp("migrate", DATA_DIR=str(tmp_path)).returncode == 0
        stopped(webapp("serve", DATA_DIR=str(tmp_path), PORT=port), f"Port {port} on 127.0.0.1", "make run")


def test_an_address_this_machine_does_not_have(tmp_path: Path) -> None:
    assert webapp("migrate", DATA_DIR=str(tmp_path)).returncode == 0
    stopped(webapp("serve", DATA_DIR=str(tmp_path), HOST="203.0.113.7", PORT=str(free_port())), "203.0.113.7")
    stopped(webapp("serve", DATA_DIR=str(tmp_path), HOST="no such host", PORT=str(free_port())), "HOST")


@pytest.mark.parametrize("reached", [{"HOST": "0.0.0.0"}, {"TRYGGRUNDE_HTTPS": "1"}], ids=str)  # noqa: S104
def test_an_installation_that_others_can_reach_does_not_start_with_passwords_by_itself(tmp_path: Path, reached: dict[str, str]) -> None:
    assert webapp("migrate", DATA_DIR=str(tmp_path), **reached).returncode == 0
    stopped(webapp("serve", DATA_DIR=str(tmp_path), PORT=str(free_port()), **reached), "TRYGGRUNDE_LOCAL_PASSWORDS=yes", "OIDC_ISSUER")


def test_a_choice_about_local_passwords_that_is_none(tmp_path: Path) -> None:
    stopped(webapp("serve", DATA_DIR=str(tmp_path), TRYGGRUNDE_LOCAL_PASSWORDS="1"), "TRYGGRUNDE_LOCAL_PASSWORDS", "yes or no")


def test_an_installation_that_others_can_reach_starts_with_local_passwords_where_somebody_said_so(
    sqlite_db: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, drop = sqlite_db.copy(tmp_path)
    monkeypatch.setenv("TRYGGRUNDE_HTTPS", "1")
    monkeypatch.setenv("TRYGGRUNDE_LOCAL_PASSWORDS", "yes")
    server = Gunicorn(url, tmp_path / "data", free_port())
    try:
        with urllib.request.urlopen(f"{server.url}/login", timeout=10) as answer:
            assert b'name="password"' in answer.read()
    finally:
        server.stop()
        drop()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_that_cannot_be_made(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    stopped(webapp(command, DATA_DIR=str(tmp_path / "file" / "data")), "DATA_DIR", "cannot be made")
    stopped(webapp(command, DATA_DIR=str(tmp_path / "file")), "DATA_DIR")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_one_may_not_write_in(tmp_path: Path, command: str) -> None:
    locked = tmp_path / "locked"
    (locked / "secret.key").mkdir(parents=True)  # root may write anywhere: a folder where the key should be stops everybody
    stopped(webapp(command, DATA_DIR=str(locked)), str(locked), "secret.key")


def test_a_session_key_that_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"short")
    stopped(webapp("serve", DATA_DIR=str(tmp_path)), "secret.key", "shorter")


@pytest.fixture(scope="module")
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    done = webapp("migrate", DATA_DIR=str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def migrated(migrated_once: Path, tmp_path: Path) -> Path:
    """A folder as `webapp migrate` leaves it."""
    return Path(shutil.copytree(migrated_once, tmp_path, dirs_exist_ok=True))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format":1}', b"\x00\xff" * 50], ids=["empty", "cut", "list", "lacking", "noise"])
@pytest.mark.parametrize("command", [("seed",), ("serve",), ("keys", "show"), ("keys", "rotate")], ids=" ".join)
def test_a_damaged_key_file(migrated: Path, command: tuple[str, ...], content: bytes) -> None:
    (migrated / "keys.json").write_bytes(content)
    stopped(webapp(*command, DATA_DIR=str(migrated), PORT=str(free_port())), "keys.json", "backup")
    assert (migrated / "keys.json").read_bytes() == content


def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "tryggrunde.db").write_bytes(b"this is no database" * 400)
    for command in COMMANDS:
        stopped(webapp(command, DATA_DIR=str(tmp_path), PORT=str(free_port())), "tryggrunde.db")


def at_version(folder: Path, revision: str | None) -> None:
    with sqlite3.connect(folder / "tryggrunde.db") as database:
        database.execute("DELETE FROM alembic_version")
        if revision:
            database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(migrated: Path) -> None:
    at_version(migrated, "9999")
    for command in COMMANDS:
        stopped(webapp(command, DATA_DIR=str(migrated), PORT=str(free_port())), "newer version", "nothing was changed")


def test_a_database_that_is_not_migrated_is_not_served(tmp_path: Path) -> None:
    for command in ("seed", "serve"):
        stopped(webapp(command, DATA_DIR=str(tmp_path), PORT=str(free_port())), "make migrate")


def test_an_old_database_is_brought_up_and_keeps_its_rows(migrated: Path) -> None:
    with sqlite3.connect(migrated / "tryggrunde.db") as database:
        database.execute("INSERT INTO unit (id, name) VALUES ('0123456789abcdef0123456789abcdef', 'Vår')")
    database.close()
    engine = create_engine(f"sqlite:///{migrated / 'tryggrunde.db'}")
    downgrade(migrate.alembic_config(engine), "0001")
    engine.dispose()
    stopped(webapp("serve", DATA_DIR=str(migrated), PORT=str(free_port())), "make migrate")
    assert webapp("migrate", DATA_DIR=str(migrated)).returncode == 0
    with sqlite3.connect(migrated / "tryggrunde.db") as database:
        assert [name for (name,) in database.execute("SELECT name FROM unit")] == ["Vår"]
    database.close()


def test_words_that_are_no_command_are_explained(tmp_path: Path) -> None:
    done = webapp("dance", DATA_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
    assert "Traceback" not in done.stderr
    done = webapp("keys", "merge", DATA_DIR=str(tmp_path))
    stopped(done, "merge")


def health(app_or_url: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"{app_or_url}/healthz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@pytest.fixture
def served(migrated: Path) -> Iterator[Gunicorn]:
    server = Gunicorn("", migrated, free_port())
    yield server
    server.stop()


def test_health_says_in_a_sentence_what_is_wrong(served: Gunicorn, migrated: Path) -> None:
    assert health(served.url) == (200, {"status": "ok", "problem": ""})
    for revision, says in (("0001", "make migrate"), (None, "make migrate"), ("9999", "newer version")):
        at_version(migrated, revision)
        code, told = health(served.url)
        assert (code, told["status"], says in told["problem"]) == (503, "wrong", True)


def test_a_head_says_nothing_that_goes_without_saying_and_a_connection_is_kept(served: Gunicorn) -> None:
    line = HTTPConnection("127.0.0.1", served.port, timeout=10)
    seen = set()
    for said in ({}, {}, {"Connection": "close"}):
        line.request("GET", "/healthz", headers=said)
        seen.add(line.sock.getsockname())
        answer = line.getresponse()
        assert (answer.status, answer.read() != b"", answer.getheader("Server")) == (200, True, None)
        assert answer.getheader("Connection") == said.get("Connection")
    assert len(seen) == 1, "one line for all three"
    line.close()


def test_health_of_a_database_that_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=3"
    app = create_app({"DATABASE_URL": url, "DATA_DIR": tmp_path})
    answer = app.test_client().get("/healthz")
    told = answer.get_json()
    assert (answer.status_code, told["status"]) == (503, "wrong")
    assert "does not answer" in told["problem"]
    assert "nobody" not in answer.text
    client = app.test_client()
    assert client.get("/login").status_code == 200
    token = client.get_cookie("csrf")
    assert token is not None
    page = client.post("/login", data={"username": "berit", "password": "x", "csrf_token": token.value})
    app.extensions["engine"].dispose()
    assert (page.status_code, "Databasen svarer ikke akkurat nå. Ingenting er endret." in page.text) == (503, True)


def test_migrating_twice_and_at_the_same_time_gives_one_schema(tmp_path: Path) -> None:
    env = {**os.environ, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "webapp.cli", "migrate"]
    both = [subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=60)[1] for one in both]
    assert not any("Traceback" in one for one in said)
    assert 0 in {one.returncode for one in both}
    engine = db.make_engine(f"sqlite:///{tmp_path / 'tryggrunde.db'}")
    assert migrate.problem(engine) == ""
    engine.dispose()


def test_the_models_and_the_migrations_say_the_same(app: object, sqlite_db: Template) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from flask import Flask

    from webapp.models import Base

    assert isinstance(app, Flask)
    with app.extensions["engine"].connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert [one for one in differences if one[0] not in ("remove_index", "add_index")] == []


def test_the_second_start_keeps_everything_and_seeds_nothing(tmp_path: Path) -> None:
    first = webapp("migrate", DATA_DIR=str(tmp_path)), webapp("seed", DATA_DIR=str(tmp_path))
    assert [one.returncode for one in first] == [0, 0]
    assert "berit" in first[1].stdout

    def counted() -> list[int]:
        with sqlite3.connect(tmp_path / "tryggrunde.db") as database:
            found = [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("check_record", "flag", "user_account")]  # noqa: S608
        database.close()
        return found

    before = counted()
    assert before[0] > 1000
    second = webapp("migrate", DATA_DIR=str(tmp_path)), webapp("seed", DATA_DIR=str(tmp_path))
    assert [one.returncode for one in second] == [0, 0]
    assert counted() == before
    key = (tmp_path / "secret.key").read_bytes()
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    webapp("keys", "show", DATA_DIR=str(tmp_path))
    assert (tmp_path / "secret.key").read_bytes() == key
