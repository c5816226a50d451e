"""Log out somewhere else."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask_login import current_user

from webapp import db
from webapp.accounts import log, sessions
from webapp.accounts.policy import ACCOUNT, requires
from webapp.models import utc_now

bp = Blueprint("sessions", __name__)


@bp.post("/account/sessions/<uuid:session_id>/end")
@requires(ACCOUNT)
def create_end(session_id: UUID) -> Response:
    """End one of one's own log-ins, in a browser or on a device; somebody else's is nobody's."""
    session, user = db.session(), current_user._get_current_object()
    if sessions.end_elsewhere(session, user, session_id, utc_now()):
        log.write(session, user, "session_ended", detail={"session": str(session_id)})
        session.commit()
    return redirect(url_for("accounts.account", _anchor="logged-in"))  # type: ignore[return-value]
