"""What an earlier version had written is still there, in this version's tables."""

from __future__ import annotations

from typing import Any

from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.people import SOLVEIG
from tests.web.filled import Filled
from tests.web.sync.reading import all_of, change
from webapp.migrate import alembic_config, upgrade
from webapp.models import QuarantineDecision

BEFORE = "0003"


def test_decisions_of_an_earlier_version_are_kept_with_who_when_and_why(filled: Filled, solveig: FlaskClient) -> None:
    app, said = filled.app, {"decision": "reject", "reason": "Skrevet to ganger"}
    assert solveig.post(f"/review/quarantine/{filled.envelope}/decision", data=said).status_code == 303
    (before,) = all_of(app, QuarantineDecision)
    command.downgrade(alembic_config(app.extensions["engine"]), BEFORE)
    assert old_rows(app) == [("reject", "Skrevet to ganger")]
    upgrade(app.extensions["engine"])
    (kept,) = all_of(app, QuarantineDecision)
    assert (kept.envelope_hash, kept.number, kept.at, kept.by) == (filled.envelope, 1, before.at, SOLVEIG.id)
    assert (kept.decision, kept.reason, kept.check_id, kept.against) == ("reject", "Skrevet to ganger", None, [])


def old_rows(app: Flask) -> list[Any]:
    found: list[Any] = []
    change(app, lambda session: found.extend(session.execute(text("SELECT decision, decision_reason FROM quarantine"))))
    return [tuple(row) for row in found]
