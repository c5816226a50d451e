"""The same envelope in eight posts at once, to the real server's own processes: one row, eight equal receipts."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import sign_in
from tests.device import Tablet
from tests.faults.town import Town
from tests.people import BERIT, ref
from webapp import create_app
from webapp.sync import envelope

AT_ONCE = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    name = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    made = Town(request.getfixturevalue(name), tmp_path / "town")
    yield made
    made.stop()


def post(town: Town, body: bytes, cookie: str, together: threading.Barrier) -> list[dict[str, Any]]:
    """On a connection of its own, at the same moment as the others."""
    headers = {"Content-Type": "application/octet-stream", "X-Wire": "1", "X-Shell": "test", "Cookie": f"tr_device={cookie}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{town.port}/sync/envelopes", body, headers)
    together.wait(20)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: list[dict[str, Any]] = json.load(answer)["verdicts"]
    return found


def test_eight_posts_of_one_envelope_at_once_are_one_row_and_eight_equal_receipts(town: Town) -> None:
    app = create_app({"TESTING": True, "DATABASE_URL": town.url, "DATA_DIR": town.folder / "data", "RATELIMIT_ENABLED": False})
    client = sign_in(app.test_client(), BERIT)
    tablet = Tablet.enrol(app, client)
    vault = tablet.open_vault(client)
    cookie = tablet.http.get_cookie("tr_device")
    assert cookie is not None
    for turn in range(3):
        payload = tablet.check(vault, str(ref("Astrid Lunde")), "fall_screen", {}, c_o="not_done", c_r="declined", c_nt=f"turn:{turn}")
        body = envelope.frame([tablet.seal(vault, payload)])
        together = threading.Barrier(AT_ONCE)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda _: post(town, body, cookie.value, together), range(AT_ONCE)))  # noqa: B023
        verdicts = [answer[0] for answer in answers]
        assert sorted(one["verdict"] for one in verdicts) == ["accepted"] + ["duplicate"] * (AT_ONCE - 1)
        assert len({json.dumps(one["receipt"], sort_keys=True) for one in verdicts}) == 1
        assert town.count_checks() == turn + 1
    app.extensions["engine"].dispose()
