"""`webapp summary send`: for a timer, as often as it likes."""

from __future__ import annotations

import sys

from webapp import create_app, db
from webapp.models.base import utc_now
from webapp.summary import sending


def run() -> int:
    """0 when all went, 1 when something did not (the next run tries again), 2 when e-mail is not set up."""
    app = create_app()
    settings = app.config["SMTP"]
    if settings is None:
        sys.stderr.write("SMTP_HOST is not set, so nothing is sent. docs/operations.md says what to set.\n")
        return 2
    with app.app_context():
        sent, failed = sending.run(db.engine(), settings, utc_now())
    sys.stdout.write(f"{sent} sent, {failed} not sent.\n")
    return 1 if failed else 0
