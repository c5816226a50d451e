"""Measures in a municipality after many years: SCALE="100000 1000000" checks (sizes, 100,000 unless said), SCALE_DB=sqlite|postgresql.

What is said of each size: how long it took to make and how much disk it takes, whether a random sample's facts are those the product
makes, a leader's pages from request to last byte, intake, the facts of one person anew, and how fast a rebuild reads."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from tests.bench import charted, intake, municipality, place, shift
from tests.bench.municipality import Made
from tests.bench.pages import Browser
from tests.bench.table import Figure
from tests.fixtures.databases import cluster, empty_database, free_port
from tests.fixtures.servers import Gunicorn
from webapp import create_app, db, migrate
from webapp.demo import seed
from webapp.measures import months, store
from webapp.models import CheckRecord, MeasureFact, Patient

A_YEAR = 19_200  # checks of a unit
YEARS, TIMES, SAMPLE, PEOPLE = 10, 20, 20, 100
PAGE, RATE = 150, 20_000


@dataclass
class Town:
    """A database of either kind, filled."""

    url: str
    folder: Path
    app: Flask
    made: Made


def measure(folder: Path, _small: place.Place) -> list[Figure]:
    kind, found = os.environ.get("SCALE_DB", "sqlite"), []
    for size in map(int, os.environ.get("SCALE", "100000").split()):
        with filled(folder / f"scale-{size}", kind, size) as town:
            found += [*told(town, kind), *measured(town)]
    return found


@contextmanager
def filled(folder: Path, kind: str, size: int) -> Iterator[Town]:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with database(folder, kind) as url:
        (folder / "data").mkdir()
        app = create_app({"DATABASE_URL": url, "DATA_DIR": folder / "data", "RATELIMIT_ENABLED": False, "ENROL_WITHOUT_CODE": True})
        try:
            with app.app_context():
                migrate.upgrade(db.engine())
                seed.fill_if_empty()
                years = min(YEARS, max(1, size // A_YEAR))
                with db.open_session(db.engine(), write=False) as session:
                    made = municipality.grow(session, url, max(1, round(size / A_YEAR / years)), years, datetime.now(UTC))
            yield Town(url, folder / "data", app, made)
        finally:
            app.extensions["engine"].dispose()  # a PostgreSQL that is asked to stop waits for its last connection


@contextmanager
def database(folder: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'tryggrunde.db'}"
        return
    with cluster(folder / "postgresql") as server:
        yield empty_database(f"{server}/postgres")[0]


def told(town: Town, kind: str) -> list[Figure]:
    made, name = town.made, f"{town.made.checks:,} checks of {town.made.people:,} service users, {kind}"
    with town.app.app_context(), db.open_session(db.engine(), write=False) as session:
        if lost := municipality.wrong(session, made, SAMPLE, datetime.now(UTC)):
            raise RuntimeError(f"the product makes other facts of {len(lost)} of {SAMPLE} people: {lost[0]}")
    took = sum(made.took.values())
    return [Figure(f"{name}: made in", "s", None, took), Figure("— facts", "rows", None, made.facts),
            Figure("— disk", "MB", None, made.disk / 1e6),
            Figure(f"— facts of a random sample that a rebuild makes otherwise, of {SAMPLE} people", "people", 0, 0)]  # fmt: skip


def measured(town: Town) -> list[Figure]:
    unit, found = town.made.units[0], []
    server = Gunicorn(town.url, town.folder, free_port())
    try:
        browser = Browser(server.port)
        browser.log_in("solveig")
        for name, path in paths(unit):
            found += both(name, "ms", PAGE, [one_page(browser, path) for _ in range(TIMES + 2)][2:])
        found += both("intake of one check, to its verdict", "ms", None, received(town, server.port))
        found += charted.figures(server.url, f"/measures/one?unit={unit}&m=F-R1", TIMES)
    finally:
        server.stop()
    with town.app.app_context():
        return [*found, *made_anew(unit)]


def paths(unit: UUID) -> list[tuple[str, str]]:
    closed = months.first_of(datetime.now(UTC).date().replace(month=1))
    one = f"unit={unit}&m="
    return [("a unit's small multiples", f"/measures?unit={unit}"), ("one measure", f"/measures/one?{one}F-R1"),
            ("one measure, all years", f"/measures/one?{one}T-P2&span=all"),
            ("behind a point of it, a share", f"/measures/one/point?{one}T-P2&period={closed}"),
            ("behind a point of it, events", f"/measures/one/point?{one}F-R1&period={closed}")]  # fmt: skip


def one_page(browser: Browser, path: str) -> float:
    begun = time.perf_counter()
    status, body = browser.ask("GET", path)
    took = (time.perf_counter() - begun) * 1000
    if status != 200:
        raise RuntimeError(f"{path}: {status} {body[:200]!r}")
    return took


def received(town: Town, port: int) -> list[float]:
    """One check a request, over a connection of its own."""
    (sender,) = shift.senders(town.app, 1, TIMES + 2)
    took = []
    for one in sender.sealed:
        begun = time.perf_counter()
        intake.send(port, sender.cookie, [one])
        took.append((time.perf_counter() - begun) * 1000)
    return took[2:]


def made_anew(unit: UUID) -> list[Figure]:
    """Nothing of it is kept."""
    now = datetime.now(UTC)
    with db.open_session(db.engine(), write=True) as session:
        refs = list(session.scalars(select(Patient.id).where(Patient.unit_id == unit).order_by(Patient.id).limit(PEOPLE)))
        read = session.scalar(select(func.count()).select_from(CheckRecord).where(CheckRecord.patient_id.in_(refs))) or 0
        kept = session.scalar(select(func.count()).select_from(MeasureFact).where(MeasureFact.patient_id.in_(refs))) or 0
        one = [timed(lambda ref=ref: store.settle(session, [ref], now)) * 1000 for ref in refs[: TIMES + 2]][2:]  # type: ignore[misc]
        whole, cpu = timed(lambda: store.settle(session, refs, now)), time.process_time()
        store.settle(session, refs, now)
        cpu = time.process_time() - cpu
        session.rollback()
    return [*both(f"facts of one person anew ({read // len(refs):,} checks, {kept // len(refs):,} facts), after intake", "ms", None, one),
            Figure(f"rebuild ({read:,} checks)", "checks/s", RATE, read / whole, most=False),
            Figure("— per second of its process's own time", "checks/s", None, read / cpu)]  # fmt: skip


def timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def both(name: str, unit: str, target: float | None, took: Sequence[float]) -> list[Figure]:
    """Median, judged, and p95."""
    return [Figure(name, unit, target, statistics.median(took)), Figure("— p95", unit, None, p95(took))]


def p95(took: Sequence[float]) -> float:
    return sorted(took)[int(0.95 * (len(took) - 1))]


