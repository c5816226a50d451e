"""The only place where exceptions become pages. Every message says what happened to what the reader did."""

from __future__ import annotations

import traceback
from urllib.parse import quote

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from werkzeug.exceptions import HTTPException

from webapp.accounts.policy import RECORD, may
from webapp.htmx import htmx
from webapp.language import reader

SENTENCES = {
    400: "Forespørselen kunne ikke leses. Ingenting er endret.",
    403: "Du har ikke tilgang til dette. Ingenting er endret.",
    404: "Siden finnes ikke, eller du har ikke tilgang.",
    405: "Dette kan ikke gjøres her. Ingenting er endret.",
    413: "Det du sendte er for stort. Ingenting er endret.",
    415: "Formatet kan ikke leses her. Ingenting er endret.",
    429: "For mange forsøk. Vent litt og prøv igjen.",
    500: "Noe gikk galt hos oss. Det du lagret før, er trygt. Prøv igjen.",
    503: "Databasen svarer ikke akkurat nå. Ingenting er endret. Prøv igjen om litt.",
}

TITLES = {403: "Ingen tilgang", 404: "Finnes ikke her", 429: "Vent litt", 500: "Noe gikk galt", 503: "Prøv igjen om litt"}


def init(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(DatabaseError, database_error)
    if not app.testing:
        app.register_error_handler(Exception, any_error)


def http_error(error: HTTPException) -> Response:
    """A known refusal."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code == 404 and request.path.startswith("/round") and may(current_user, RECORD):
        from webapp.bedside.routes import not_here

        return not_here()
    return say(error.code or 500)


def csrf_error(_error: CSRFError) -> Response:
    """The page is older than the log-in."""
    return say(400, "Siden var utløpt. Ingenting er endret. Last den på nytt og prøv igjen.")


def database_error(error: DatabaseError) -> Response:
    """Locked, full, damaged or out of reach; what the database refuses to hold is a bug of ours."""
    from flask import current_app

    if isinstance(error, IntegrityError | DataError | ProgrammingError):
        if current_app.testing:
            raise error
        return any_error(error)
    current_app.logger.error("database: %s", type(error.orig).__name__)
    return say(503)


def any_error(error: Exception) -> Response:
    """A bug: logged with its place, without its data: an exception's message may quote what somebody wrote."""
    from flask import current_app

    current_app.logger.error("unexpected %s in %s\n%s", type(error).__name__, request.endpoint, places(error))
    return say(500)


def places(error: BaseException | None) -> str:
    """The lines of code an error came through, and those of its causes."""
    lines: list[str] = []
    while error is not None:
        lines += [type(error).__name__, *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "\n".join(line.rstrip() for line in lines)


def say(code: int, sentence: str = "") -> Response:
    """The sentence as a page, as JSON where a program asked, or beside the form that could not be saved."""
    if code >= 500 and "_login_user" not in g:
        g._login_user = AnonymousUserMixin()  # the page must not ask a database that fails who this is
    lang, t = reader()
    text = t(sentence or SENTENCES.get(code, SENTENCES[400 if code < 500 else 500]))
    if request.path.startswith(("/sync/", "/device/")) or request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(error=str(code), message=text), code)
    page = render_template("errors/error.html", lang=lang, title=t(TITLES.get(code, "Stopp")), home_url="/", text=text, code=str(code))
    answer = make_response(page, code)
    if htmx and request.method != "GET":
        answer.headers.update(beside(t("Ikke lagret.") + " " + text))
    elif request.headers.get("HX-Request-Type") == "partial":
        answer.headers.update(beside(text))  # a list that could not be asked for again stays on the screen
    return answer


def beside(text: str) -> dict[str, str]:
    """For htmx: leave the form with what was typed in it, and say this above it (static/js/app.js)."""
    return {"HX-Reswap": "none", "HX-Push-Url": "false", "HX-Replace-Url": "false", "X-Trouble-Text": quote(text)}
