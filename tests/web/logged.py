"""Rows of the access log as they would have been written at some time, and what its pages say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from tests.html import Page
from tests.people import Actor, ident, ref
from tests.web.sync.reading import change
from webapp.accounts import chain
from webapp.models import AccessLog

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime.now(OSLO).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def add(app: Flask, actor: Actor, action: str, name: str = "", *, at: datetime = NOON, reason: str = "", **more: Any) -> None:
    """A row, linked as all are."""
    detail = {"from": [str(ident(unit)) for unit in actor.units]} if name else {}
    detail |= more.pop("detail", {})
    row = {"at": at, "user_id": actor.id, "role": actor.role, "action": action, "reason": reason, "detail": detail, **more}

    def edit(session: Any) -> None:
        session.add(AccessLog(patient_id=ref(name) if name else None, **row))
        session.flush()
        chain.extend(session)

    change(app, edit)


def said(client: FlaskClient, path: str) -> str:
    """The words of a page."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def words(html: str) -> str:
    return " ".join(Page(html).words.split())


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """The rows of the log's page, one text each: not the filter, where every employee's name stands."""
    text = client.get("/journal" + query).text.partition('<ol class="list log">')[2].partition("</ol>")[0]
    return [words(one) for one in text.split("<li")[1:]]
