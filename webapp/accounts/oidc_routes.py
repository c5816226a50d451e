"""To the provider and back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from webapp import db
from webapp.accounts import log, oidc_attempt, signin
from webapp.accounts.oidc_people import CODE, account_of
from webapp.accounts.oidc_provider import Provider, provider
from webapp.accounts.oidc_settings import ANSWER
from webapp.accounts.oidc_token import Identity, LogInTrouble
from webapp.accounts.pages import page_for
from webapp.accounts.policy import public
from webapp.accounts.routes import safe_next
from webapp.models import utc_now
from webapp.security import limiter

bp = Blueprint("oidc", __name__)


def failed(_answer: Response) -> bool:
    """Only tries that did not log anybody in count towards a limit."""
    return bool(g.get("oidc_failed"))


def configured() -> Provider:
    """The provider; where there is none, neither is this page."""
    return provider() or abort(404)


@bp.get("/login/oidc")
@public("leads to the provider; shows and changes nothing here")
@limiter.limit("240 per minute")  # a whole shift shares an address
def to_provider() -> Response:
    """Begin: the browser goes to the provider."""
    asked, attempt = configured(), oidc_attempt.begin(safe_next(request.args.get("next")), utc_now())
    try:
        return redirect(asked.where_to(attempt))  # type: ignore[return-value]
    except LogInTrouble as trouble:
        return back(trouble, attempt.next)


@bp.get(ANSWER)
@public("the provider's answer; counts only in the browser that asked, once")
@limiter.limit("240 per minute")
@limiter.limit("30 per minute; 200 per hour", deduct_when=failed)
def from_provider() -> Response:
    """The provider sent the browser back: log her in, or say why not."""
    asked, target = configured(), "/"
    try:
        query = {name: values[0] for name, values in request.args.lists() if len(values) == 1 and len(values[0]) <= 2048}
        if len(query) != len(request.args):
            raise LogInTrouble("answer", "an answer with rubbish in it")
        attempt = oidc_attempt.claim(query.get("state", ""), utc_now())
        if attempt is None:
            raise LogInTrouble("used", "a state that this browser does not wait for")
        target = attempt.next
        let_in(asked.who_came(attempt, query))
    except LogInTrouble as trouble:
        return back(trouble, target)
    return redirect(page_for(current_user, target))  # type: ignore[return-value]


def let_in(who: Identity) -> None:
    """Begin a session for the account that is hers."""
    session = db.writing()
    signin.begin(session, account_of(session, who), utc_now(), by="oidc")
    session.commit()


def back(trouble: LogInTrouble, target: str) -> Response:
    """To the log-in page with a sentence, and a row in the log."""
    g.oidc_failed = True
    db.session().rollback()
    log.nobody("login_failed", {"by": "oidc", "why": trouble.why, "detail": trouble.detail, "subject": trouble.subject})
    if trouble.why in ("down", "answer"):
        current_app.logger.warning("oidc: %s: %s", trouble.why, trouble.detail)
    more: dict[str, Any] = {"code": trouble.subject[:CODE]} if trouble.why in ("unknown", "unclear") else {}
    return redirect(url_for("accounts.login", oidc=trouble.why, next=target, **more))  # type: ignore[return-value]
