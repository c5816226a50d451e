"""The floor: what the same machine does with nothing of ours in the way. A bare Flask endpoint that puts JSON batches into
SQLite with the same durability, and a page that does a raw IndexedDB put with strict durability.

`python -m tests.bench.floor PORT FILE` serves it with gunicorn."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, request
from gunicorn.app.base import BaseApplication

from tests.fixtures.databases import free_port

RECORD = {
    "id": "", "patient_ref": "0196b4a2-7d1e-4c5f-9a00-000000000000", "unit": "0196b4a2-7d1e-4c5f-9a00-000000000001", "bundle": "kateter",
    "version": 1, "form": "kateter", "performed_at": "2026-03-20T09:15:00+01:00", "recorded_at": "2026-03-20T09:16:10+01:00",
    "author": "Berit Nygård", "context": "planned_visit", "outcome": "done", "note": "Tilsyn som avtalt. Ingen endring siden sist.",
    "answers": {f"field_name_{n:02d}": "answer" for n in range(22)},
    "flags": [{"code": "CAT_REVIEW", "severity": "medium", "rule": "CAT-4", "inputs": ["cat_review_on"]}],
}  # fmt: skip
STRICT_PUT = """async count => {
  const opened = indexedDB.open('floor', 1)
  const db = await new Promise((ok, no) => {
    opened.onupgradeneeded = () => opened.result.createObjectStore('s')
    opened.onsuccess = () => ok(opened.result)
    opened.onerror = () => no(opened.error)
  })
  const took = []
  for (let n = 0; n < count; n++) {
    const begun = performance.now()
    await new Promise((ok, no) => {
      const tx = db.transaction('s', 'readwrite', { durability: 'strict' })
      tx.objectStore('s').put({ n, text: 'x'.repeat(1100) }, crypto.randomUUID())
      tx.oncomplete = ok
      tx.onabort = () => no(tx.error)
    })
    took.push(performance.now() - begun)
  }
  return took
}"""
SEND = """async ([count, each, record]) => {
  const begun = performance.now()
  for (let at = 0; at < count; at += each) {
    const batch = Array.from({ length: each }, () => ({ ...record, id: crypto.randomUUID() }))
    const answer = await fetch('/records', { method: 'POST', body: JSON.stringify(batch), headers: { 'Content-Type': 'application/json' } })
    if ((await answer.json()).stored !== each) throw new Error('not stored')
  }
  return performance.now() - begun
}"""


def bare(file: Path) -> Flask:
    """Store what comes, answer after the commit."""
    app = Flask("floor")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(file, timeout=15, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    connect().execute("CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, data TEXT)")

    @app.get("/")
    def page() -> str:
        return "<!doctype html><title>floor</title>"

    @app.post("/records")
    def store() -> dict[str, int]:
        rows = [(one["id"], json.dumps(one)) for one in request.get_json()]
        connection = connect()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR IGNORE INTO record VALUES (?, ?)", rows)
        connection.execute("COMMIT")
        connection.close()
        return {"stored": len(rows)}

    return app


class Floor(BaseApplication):
    """Gunicorn around it, as plain as it goes."""

    def __init__(self, port: int, file: Path) -> None:
        self.port, self.file = port, file
        super().__init__()

    def load_config(self) -> None:
        plain = {"threads": 8, "worker_class": "gthread", "control_socket_disable": True, "loglevel": "warning"}
        for name, value in {"bind": f"127.0.0.1:{self.port}", **plain}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return bare(self.file)


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The floor's port."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.floor", str(port), str(folder / "floor.db")]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=dict(os.environ))
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    Floor(int(sys.argv[1]), Path(sys.argv[2])).run()
