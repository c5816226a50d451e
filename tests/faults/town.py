"""A municipality on a real database with a real gunicorn that can be killed, held up, filled and put back to an older copy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from tests.browser.test_new_bundle import MOUTH
from tests.faults import older
from tests.faults.shots import Kept
from tests.fixtures.databases import Template, free_port
from tests.fixtures.servers import ROOT

COLUMNS = "id, content_hash, author_id, patient_id, form, outcome, note, reason, supersedes, payload"


@dataclass(frozen=True)
class Row:
    """A check as the database has it, read without the product."""

    id: str
    content_hash: str
    author: str
    person: str
    form: str
    outcome: str
    note: str
    reason: str | None
    supersedes: str | None
    payload: bytes
WAITING = "SELECT claimed_id FROM quarantine WHERE envelope_hash NOT IN (SELECT envelope_hash FROM quarantine_decision)"


class Town:
    """Database, data folder and server. Nothing here imports the product."""

    def __init__(self, template: Template, folder: Path, *, secure: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.kind, self.folder, self.port = template.kind, folder, free_port()
        self.url, self.drop = template.copy(folder)
        self.orders = folder / "orders"
        self.orders.mkdir()
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.other, self.secure = False, secure
        self.release = ROOT
        self.start()

    # ---- the server

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ, "DATABASE_URL": self.url, "DATA_DIR": str(self.folder / "data"), "PORT": str(self.port), "HOST": "127.0.0.1",
            "FAULTS_DIR": str(self.orders), "TRYGGRUNDE_HTTPS": str(int(self.secure)), "TRYGGRUNDE_RATELIMIT": "0",
            "TRYGGRUNDE_LOCAL_PASSWORDS": "yes", "TRYGGRUNDE_SECOND_FACTOR": "no",
            "ENROL_WITHOUT_CODE": "1",
            "BUNDLE_DIRS": str(self.more) if self.other else "",
        }  # fmt: skip

    @property
    def more(self) -> Path:
        """One more care bundle, which makes another version of the app."""
        folder = self.folder / "more"
        folder.mkdir(exist_ok=True)
        (folder / "munn.v1.toml").write_text(MOUTH, "utf-8")
        return folder

    def start(self, *, other: bool | None = None) -> None:
        self.other = self.other if other is None else other
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.serving"],
                cwd=self.release, env=self.env, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 40
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the server did not start: " + self.log.read_text(errors="replace")[-2000:])
            threading.Event().wait(0.05)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def roll(self, *, back: bool) -> None:
        """The release before is served, or this one again."""
        self.kill()
        self.release = older.release(self.folder / "older") if back else ROOT
        self.start()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.web}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut would: master and workers at once."""
        if self.process:
            with suppress(ProcessLookupError):  # it may have died by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def restart(self) -> None:
        """As an update does it: what is under way is finished."""
        if self.process:
            self.process.terminate()
            self.let_go()
            self.process.wait(40)
        self.start()

    def stop(self) -> None:
        self.kill()
        self.drop()

    def shell(self) -> str:
        """The version of the app that is served."""
        with urllib.request.urlopen(f"{self.web}/shell.json", timeout=20) as answer:
            return str(json.load(answer)["version"])

    # ---- trouble

    def rotate(self) -> None:
        """A new sealing key, in a backup at once, as the manual says."""
        for action in ("rotate", "backed-up"):
            subprocess.run([sys.executable, "-m", "webapp.cli", "keys", action], cwd=ROOT, env=self.env, check=True, capture_output=True)

    def order(self, what: str) -> None:
        """The next intake dies there; `full`: no room until it is cleared."""
        (self.orders / what).touch()

    def held(self) -> bool:
        """An intake stands still with its rows inserted."""
        return (self.orders / "held").exists()

    def let_go(self) -> None:
        for name in ("hold", "held"):
            (self.orders / name).unlink(missing_ok=True)

    def clear_orders(self) -> None:
        for one in self.orders.iterdir():
            one.unlink(missing_ok=True)

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Somebody else has the write lock."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.file, isolation_level=None, timeout=20)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
        else:
            with psycopg.connect(self.dsn) as other:
                other.execute("LOCK TABLE patient, receipt IN ACCESS EXCLUSIVE MODE")
                yield
                other.rollback()

    def back_up(self) -> None:
        """Yesterday's copy, made while the server runs."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self.folder / "yesterday.db")) as target:
                source.backup(target)
            return
        self._admin(f'DROP DATABASE IF EXISTS "{self.name}_old" WITH (FORCE)')
        self._copy(self.name, self.name + "_old")

    def restore(self) -> None:
        """The server died, and yesterday's copy is put in place."""
        self.kill()
        if self.kind == "sqlite":
            for left in (self.file, Path(f"{self.file}-wal"), Path(f"{self.file}-shm")):
                left.unlink(missing_ok=True)
            shutil.copyfile(self.folder / "yesterday.db", self.file)
        else:
            self._admin(f'DROP DATABASE "{self.name}" WITH (FORCE)')
            self._copy(self.name + "_old", self.name)
        self.start()

    def photos_on(self) -> None:
        """The municipality's switch: a new version of its settings."""
        at, data = datetime.now(UTC).isoformat(sep=" "), json.dumps({"params": {"trykksar": {"photos": 1}}})
        data = f"CAST('{data}' AS JSON)" if self.kind == "postgresql" else f"'{data}'"
        self.change(f"INSERT INTO setting (version, data, at) SELECT max(version) + 1, {data}, '{at}' FROM setting")  # noqa: S608

    # ---- plain reads and writes

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def dsn(self) -> str:
        return self.url.replace("postgresql+psycopg://", "postgresql://")

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self.dsn.rsplit("/", 1)[0] + "/postgres", autocommit=True) as admin:
            admin.execute(statement)

    def _copy(self, source: str, target: str) -> None:
        """A database is copied when nobody is in it; pools open new connections by themselves."""
        for _ in range(20):
            try:
                self._admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")  # noqa: S608
                self._admin(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
                return
            except psycopg.errors.ObjectInUse:
                continue
        raise RuntimeError(f"{source} could not be copied")

    def select(self, statement: str) -> list[tuple[Any, ...]]:
        if self.kind == "sqlite":
            with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=20)) as database:
                return database.execute(statement).fetchall()
        with psycopg.connect(self.dsn) as database:
            return database.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.file, timeout=20)) as database:
                database.execute(statement)
                database.commit()
        else:
            with psycopg.connect(self.dsn) as database:
                database.execute(statement)

    def count_checks(self) -> int:
        return int(self.select("SELECT count(*) FROM check_record")[0][0])

    def count_gaps(self) -> int:
        """Records that a supervisor is told are missing, though a later one came."""
        return int(self.select('SELECT coalesce(sum("last" - "first" + 1), 0) FROM series_gap')[0][0])

    def checks(self, name: str) -> list[Row]:
        """Every check of a schedule, by the notes it wrote."""
        rows = self.select(f"SELECT {COLUMNS} FROM check_record WHERE note LIKE '{name}:%'")  # noqa: S608
        return [Row(plain(a), b, plain(c), plain(d), e, f, g, h, plain(i), bytes(j or b"")) for a, b, c, d, e, f, g, h, i, j in rows]

    def count_photos(self) -> int:
        return int(self.select("SELECT count(*) FROM photo")[0][0])

    def photos(self, checks: Iterable[str]) -> list[Kept]:
        """Every photo of these checks."""
        wanted = set(checks)
        rows = self.select("SELECT id, check_id, original_hash, stored_hash, reason FROM photo")
        found = [Kept(plain(a), plain(b), c, d or "", e) for a, b, c, d, e in rows]
        return [one for one in found if one.check in wanted]

    def receipts(self, idents: Iterable[str]) -> dict[str, str]:
        """id -> content hash, of these."""
        wanted = set(idents)
        found = ((plain(ident), said) for ident, said in self.select("SELECT check_id, content_hash FROM receipt"))
        return {ident: said for ident, said in found if ident in wanted}

    def quarantined(self) -> set[str]:
        """Ids of what waits for a supervisor."""
        return {plain(ident) for (ident,) in self.select(WAITING)}


def plain(ident: Any) -> str:
    """An id in its usual text form, whatever the database keeps."""
    return "" if ident is None else str(UUID(str(ident)))
