"""Two who decide about the same refused record, and a device that sends it meanwhile."""

from __future__ import annotations

from flask import Flask

from tests.conftest import sign_in
from tests.device import Tablet
from tests.people import BERIT, SOLVEIG
from tests.web.sync.reading import all_of
from tests.web.sync.test_quarantine import ASTRID, FORM, decide, lose
from webapp.db import open_session
from webapp.models import Quarantine, QuarantineDecision, User
from webapp.sync import repair
from webapp.sync.repair import Refused, Wish


def test_two_supervisors_who_decide_at_once_decide_once(postgres_app: Flask) -> None:
    app = postgres_app
    berit = sign_in(app.test_client(), BERIT)
    tablet = Tablet.enrol(app, berit)
    vault = tablet.open_vault(berit)
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}))
    lose(app, tablet)
    (verdict,) = tablet.verdicts([sealed])
    with app.app_context(), open_session(app.extensions["engine"], write=True) as late:
        assert late.get_one(Quarantine, verdict["hash"]).reasons == ["compromised"]  # access is asked about this row first
        assert decide(app, verdict["hash"], "accept").decision == "accept"
        solveig = late.get_one(User, SOLVEIG.id)
        assert isinstance(repair.decide(late, verdict["hash"], Wish("reject", "kjenner ikke til det"), solveig), Refused)
        late.commit()
    assert [one.decision for one in all_of(app, QuarantineDecision)] == ["accept"]
