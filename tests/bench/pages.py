"""Every page of a supervisor, at 100,000 checks, from request to last byte."""

from __future__ import annotations

import http.client
import sqlite3
import time
from contextlib import closing
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from tests.bench import place
from tests.bench.table import Figure, middle
from webapp.demo import cast

TIMES = 9
LEADER = "solveig"


def measure(folder: Path, big: place.Place) -> list[Figure]:
    here = big.copy(folder / "pages")
    with here.served() as server:
        browser = Browser(server.port)
        browser.log_in(LEADER)
        found = []
        for name, path in paths(here):
            first, usual = browser.timed(path)
            found.append(Figure(f"supervisor's page: {name}", "ms", 150, usual))
            if first > 2 * usual + 50:
                found.append(Figure("— the first time in a process", "ms", None, first))
        return found


def paths(here: place.Place) -> list[tuple[str, str]]:
    """Every page; the person and the check are those with the most behind them."""
    with closing(sqlite3.connect(here.folder / "tryggrunde.db")) as database:
        unit = database.execute("SELECT unit_id FROM membership JOIN user_account u ON u.id = user_id WHERE u.username = ?", (LEADER,))
        (mine,) = unit.fetchone()
        most = "SELECT patient_id FROM check_record WHERE unit_id = ? GROUP BY patient_id ORDER BY count(*) DESC"
        (person,) = database.execute(most, (mine,)).fetchone()
        corrected = "SELECT id FROM check_record WHERE unit_id = ? AND supersedes IS NOT NULL ORDER BY received_at DESC"
        (check,) = database.execute(corrected, (mine,)).fetchone()
    return [
        ("needs me now", "/review"),
        ("the list again", "/review/flags"),
        ("timeline of a service user", f"/review/people/{UUID(person)}"),
        ("a check with its history", f"/review/checks/{UUID(check)}"),
        ("overdue and coverage", "/review/coverage"),
        ("records not accepted", "/review/quarantine"),
        ("devices", "/review/devices"),
    ]


class Browser:
    """One connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Encoding": "br"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies["csrf"]}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        found = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, found

    def log_in(self, username: str) -> None:
        self.ask("GET", "/login")
        status, _ = self.ask("POST", "/login", urlencode({"username": username, "password": cast.PASSWORD}))
        if status != 302:
            raise RuntimeError(f"{username} could not log in: {status}")

    def timed(self, path: str) -> tuple[float, float]:
        """Milliseconds: the first time, and the median after both processes are warm."""
        took = []
        for _ in range(TIMES + 2):
            begun = time.perf_counter()
            status, _body = self.ask("GET", path)
            took.append((time.perf_counter() - begun) * 1000)
            if status != 200:
                raise RuntimeError(f"{path}: {status}")
        return took[0], middle(took[2:])
