"""A rescue file by hand: a supervisor or administrator chooses it, and each record in it gets its verdict."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user

from webapp import db, reasons
from webapp.accounts.pages import frame
from webapp.accounts.policy import RESCUE, requires
from webapp.bedside.says import many
from webapp.language import reader
from webapp.security import limiter
from webapp.sync import people, rescue
from webapp.words import Translate

bp = Blueprint("rescue", __name__, url_prefix="/rescue")
FORM_BYTES = 64 * 1024  # what stands around a file in a form
STATES = {"quarantined": "quarantined", "refused": "quarantined", "later": "waiting"}


@bp.get("")
@requires(RESCUE)
def form() -> Response:
    """Where a rescue file is taken in."""
    return page()


@bp.post("")
@requires(RESCUE)
@limiter.limit("30 per minute")
def create_import() -> Response:
    """Take in the file; a second time changes nothing."""
    _lang, t = reader()
    sent = request.files.get("file")
    data = sent.read(rescue.MOST + 1) if sent else b""
    if not data:
        return page(422, problem=t("Velg en redningsfil. Ingenting er endret."))
    by = current_user.id
    db.session().commit()  # it holds SQLite's write lock, which each batch needs
    taken = rescue.take(data, by, people.utc_now())
    if isinstance(taken, rescue.Refused):
        return page(422, problem=t(taken.reason))
    return page(lines=said(taken, t), why=why(taken, t))


def page(status: int = 200, *, problem: str = "", lines: list[str] | None = None, why: list[str] | None = None) -> Response:
    lang, t = reader()
    context = frame(current_user, lang, t, t("Redningsfil"), "/rescue")
    context |= {"problem": problem, "lines": lines or [], "why": why or []}
    return make_response(render_template("review/rescue.html", **context), status)


def said(taken: rescue.Taken, t: Translate) -> list[str]:
    """How it went, in numbers: nothing of what the records say."""
    count = taken.counts
    lines = [
        many(t, count["accepted"], "1 registrering er lagt inn.", "%(n)s registreringer er lagt inn.") if count["accepted"] else "",
        many(t, count["duplicate"], "1 var her fra før.", "%(n)s var her fra før.") if count["duplicate"] else "",
        many(t, count["quarantined"], "1 er tatt vare på, men ikke godtatt. En leder bestemmer.",
             "%(n)s er tatt vare på, men ikke godtatt. En leder bestemmer.") if count["quarantined"] else "",
        many(t, count["later"], "1 ble ikke tatt inn nå. Den ligger fortsatt på enheten.",
             "%(n)s ble ikke tatt inn nå. De ligger fortsatt på enheten.") if count["later"] else "",
        *said_of_photos(taken.photos, t),
    ]  # fmt: skip
    return [one for one in lines if one] or [t("Filen har ingen registreringer.")]


def said_of_photos(count: dict[str, int], t: Translate) -> list[str]:
    return [
        many(t, count["accepted"], "1 bilde er lagt inn.", "%(n)s bilder er lagt inn.") if count["accepted"] else "",
        many(t, count["duplicate"], "1 bilde var her fra før.", "%(n)s bilder var her fra før.") if count["duplicate"] else "",
        many(t, count["refused"], "1 bilde ble ikke godtatt.", "%(n)s bilder ble ikke godtatt.") if count["refused"] else "",
        many(t, count["later"], "1 bilde ble ikke tatt inn nå. Det ligger fortsatt på enheten.",
             "%(n)s bilder ble ikke tatt inn nå. De ligger fortsatt på enheten.") if count["later"] else "",
    ]  # fmt: skip


def why(taken: rescue.Taken, t: Translate) -> list[str]:
    return [f"{reasons.sentence(STATES[word], code, t)} ({count})" for (word, code), count in sorted(taken.reasons.items())]
