"""GET /healthz: is the database there and at the version this code wants."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify, make_response, redirect, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from webapp import db, migrate
from webapp.accounts.pages import first_page
from webapp.accounts.policy import public

bp = Blueprint("health", __name__)


def init(app: Flask) -> None:
    """Register."""
    app.register_blueprint(bp)


@bp.get("/healthz")
@public("says only whether the service works")
def healthz() -> Response:
    """200 when database and migrations are right, else 503 with a sentence."""
    try:
        problem = migrate.problem(db.engine())
    except SQLAlchemyError as wrong:
        problem = f"The database does not answer ({type(wrong).__name__})."
    return make_response(jsonify(status="ok" if not problem else "wrong", problem=problem), 503 if problem else 200)


@bp.get("/")
@public("only leads on")
def home() -> Response:
    """To the right first page."""
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.login"))  # type: ignore[return-value]
    return redirect(first_page(current_user))  # type: ignore[return-value]
