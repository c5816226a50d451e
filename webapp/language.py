"""Which language this reader wants: her own choice, else the municipality's."""

from __future__ import annotations

from flask import g, has_request_context
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp import db
from webapp.models import Municipality
from webapp.words import Translate, translator


def reader() -> tuple[str, Translate]:
    """(language code, translator) of whoever asks."""
    lang = language()
    return lang, translator(lang)


def language() -> str:
    """nb, nn or en."""
    if not has_request_context():
        return "nb"
    if "lang" not in g:
        g.lang = _language()
    return str(g.lang)


def _language() -> str:
    try:
        if current_user and current_user.is_authenticated:
            return str(current_user.language or municipal())
        return municipal()
    except SQLAlchemyError:  # an error page must not fail because the database did
        return "nb"


def municipal() -> str:
    """The municipality's language; bokmål before there is one."""
    return db.session().scalars(select(Municipality.language).limit(1)).first() or "nb"
