"""Intake: 8 tablets send batches of 100 over real connections to gunicorn on SQLite, all at once."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from tests.bench import place, shift
from tests.bench.shift import Sender
from tests.bench.table import Figure, middle
from webapp.sync import envelope

CLIENTS, ROUNDS, EACH, BATCH = 8, 5, 200, 100


def measure(folder: Path, big: place.Place) -> list[Figure]:
    """Checks a second, from the first byte sent to the last verdict."""
    here = big.copy(folder / "intake")
    app = here.app()
    tablets = shift.senders(app, CLIENTS, EACH * (ROUNDS + 1))
    app.extensions["engine"].dispose()
    with here.served() as server:
        rates = [one_round(server.port, tablets, n) for n in range(ROUNDS + 1)]
    return [Figure(f"intake, {CLIENTS} clients (open, verify, re-judge, insert)", "checks/s", 1000, middle(rates[1:]), most=False)]


def one_round(port: int, tablets: list[Sender], number: int) -> float:
    """The first round of a fresh server only warms it up."""
    mine = [one.sealed[number * EACH : (number + 1) * EACH] for one in tablets]
    with ThreadPoolExecutor(len(tablets)) as pool:
        begun = time.perf_counter()
        told = list(pool.map(lambda pair: send(port, pair[0].cookie, pair[1]), zip(tablets, mine, strict=True)))
        took = time.perf_counter() - begun
    words = sum(told, Counter())
    if set(words) != {"accepted"}:
        raise RuntimeError(f"not everything was accepted: {dict(words)}")
    return words["accepted"] / took


def send(port: int, cookie: str, sealed: list[bytes]) -> Counter[str]:
    """Batch after batch on one connection; the verdicts counted."""
    found: Counter[str] = Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"tr_device={cookie}", "Content-Type": "application/octet-stream", "X-Wire": "1", "X-Shell": "bench"}
    for at in range(0, len(sealed), BATCH):
        connection.request("POST", "/sync/envelopes", envelope.frame(sealed[at : at + BATCH]), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {body[:200]!r}")
        found.update(" ".join([one["verdict"], *one.get("reasons", ())]) for one in msgspec.json.decode(body)["verdicts"])
    connection.close()
    return found
