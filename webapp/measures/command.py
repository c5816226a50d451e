"""`webapp measures …`: make facts anew, for those something changed about or for everybody."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from webapp import create_app, db
from webapp.measures import store


def run(action: str) -> int:
    now = datetime.now(UTC)
    with create_app().app_context(), db.open_session(db.engine(), write=True) as session:
        if action == "rebuild":
            read = store.rebuild(session, now)
            seconds = (datetime.now(UTC) - now).total_seconds()
            said = f"{read} checks read in {seconds:.1f} s"
        else:
            said = f"{store.settle(session, store.stale(session, now.astimezone(store.OSLO).date()), now)} people brought up to date"
        session.commit()
    sys.stdout.write(said + "\n")
    return 0
