"""What tests ask of a tablet's outbox, and the shortest check there is."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.tablet import Tablet
from webapp import db
from webapp.models import CheckRecord

OUTBOX = """async () => (await (await import("/sw/sealed.js")).entries()).filter(({ kind }) => kind === 1)
  .map(({ id, state, reasons, bytes }) => ({ id, state, reasons, size: bytes.length }))"""


def stored(app: Flask) -> list[CheckRecord]:
    with app.app_context():
        return list(db.session().scalars(select(CheckRecord).order_by(CheckRecord.id)))


def record_not_done(tablet: Tablet, name: str = "Astrid Lunde") -> str:
    """The shortest finished check: not done, she did not want it."""
    tablet.page.get_by_role("link", name=re.compile(name)).first.click()
    tablet.page.get_by_text("Andre sjekker").click()
    tablet.page.get_by_role("button", name=re.compile("^Start")).last.click()
    tablet.page.get_by_role("radio", name="Ikke gjort", exact=True).check()
    tablet.page.get_by_role("radio", name="Ønsker ikke").check()
    expect(tablet.page.get_by_role("button", name=re.compile("^Lagre"))).to_be_enabled()
    tablet.page.get_by_role("button", name=re.compile("^Lagre")).click()
    expect(tablet.page.locator("body")).to_contain_text(re.compile("Lagret på denne enheten|Mottatt"))
    return tablet.page.url.rsplit("/", 1)[1]
