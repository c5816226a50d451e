"""A record that the program itself stumbles over: kept apart, and in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.device import Tablet, Vault
from tests.people import ref
from tests.web.sync.reading import count
from webapp.models import CheckRecord, Receipt
from webapp.sync import storing
from webapp.sync.submission import Submission

ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"


def test_one_that_the_program_stumbles_over_stops_nobody_and_is_kept(
    app: Flask, tablet: Tablet, vault: Vault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    payloads = [tablet.check(vault, ASTRID, FORM, {"red": "yes"}) for _ in range(3)]
    store = storing.store

    def stumbles(session: Session, subs: list[Submission], *given: Any) -> list[storing.Outcome]:
        outcomes = store(session, subs, *given)
        if str(payloads[1]["id"]) in {str(one.id) for one in subs}:
            raise RuntimeError(ASTRID)
        return outcomes

    with monkeypatch.context() as patched:
        patched.setattr(storing, "store", stumbles)
        sealed = [tablet.seal(vault, one) for one in payloads]
        verdicts = tablet.verdicts(sealed)
        assert [one["verdict"] for one in verdicts] == ["accepted", "quarantined", "accepted"]
        assert verdicts[1]["reasons"] == ["not_stored"]
        assert (count(app, CheckRecord), count(app, Receipt)) == (2, 2)
    assert "RuntimeError" in caplog.text
    assert ASTRID not in caplog.text
    assert tablet.verdicts(sealed)[1]["verdict"] == "accepted"  # the program was mended
    assert count(app, CheckRecord) == 3
