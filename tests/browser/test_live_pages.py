"""What a colleague did shows on an open page when the news arrive: nothing is loaded again, nothing that was opened closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.fixtures.databases import OSLO
from tests.fixtures.servers import Live
from tests.people import AMINA, ident, ref
from webapp.db import open_session
from webapp.models import Episode, Patient
from webapp.sync import feed

FETCH = "async () => (await import('/sw/sync.js')).flush({ fetch: true })"
HOME = "async () => (await (await import('/sw/sealed.js')).waiting()).length === 0"


def a_colleague_finds_a_fall(new_tablet: Callable[[], Tablet]) -> None:
    other = new_tablet()
    other.enrol(AMINA)
    other.sees_heading("Min runde")
    Round(other.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    other.until(HOME)


def test_a_colleagues_check_shows_on_the_open_page_of_the_person(berit: Tablet, new_tablet: Callable[[], Tablet]) -> None:
    # given
    Round(berit.page).visit("Astrid Lunde")
    berit.page.get_by_text("Andre sjekker").click()
    other_checks = berit.page.locator("details[open]")
    expect(other_checks).to_have_count(1)
    last = berit.page.get_by_role("region", name="Siste resultater")
    expect(last.get_by_role("article", name="Fall")).not_to_contain_text("Amina Warsame")
    berit.run("() => { window.here = true; }")
    # when
    a_colleague_finds_a_fall(new_tablet)
    berit.run(FETCH)
    # then
    expect(last.get_by_role("article", name="Fall")).to_contain_text("Amina Warsame · ikke gjort")
    expect(other_checks).to_have_count(1)
    assert berit.run("() => window.here") is True


def test_a_colleagues_check_shows_on_the_open_round(berit: Tablet, new_tablet: Callable[[], Tablet]) -> None:
    done = berit.page.get_by_text("sjekker gjort").first
    before = done.inner_text()
    a_colleague_finds_a_fall(new_tablet)
    berit.run(FETCH)
    expect(done).not_to_have_text(before)


HELD = """async name => {
  const [store, vault] = await Promise.all([import('/sw/store.js'), import('/sw/vault.js')]);
  const opened = [];
  for (const from of ['blobs', 'rows', 'drafts']) {
    for (const [key, locked] of await store.under(from, '')) opened.push(await vault.decrypt(locked, key).catch(() => null));
  }
  return [opened.length > 2, JSON.stringify(opened).includes(name)];
}"""


def moves(session: Session) -> None:
    session.execute(update(Patient).where(Patient.id == ref("Odd Brekke")).values(unit_id=ident("Sentrum")))


def ends(session: Session) -> None:
    service = (Episode.patient_id == ref("Odd Brekke")) & (Episode.kind == "service")
    session.execute(update(Episode).where(service).values(end=datetime.now(OSLO).date() - timedelta(days=3)))


@pytest.mark.parametrize("leaves", [moves, ends])
def test_somebody_who_leaves_the_unit_is_gone_from_the_screen_and_from_the_device(
    berit: Tablet, live: Live, leaves: Callable[[Session], None]
) -> None:
    # given
    visits = berit.page.locator("main ol.cards")
    expect(visits).to_contain_text("Odd Brekke")
    assert berit.run(HELD, "Odd Brekke") == [True, True]
    # when
    with live.app.app_context(), open_session(live.app.extensions["engine"], write=True) as session:
        leaves(session)
        for unit in ("Fjordsida", "Sentrum"):
            feed.touch(session, ref("Odd Brekke"), ident(unit), "left")
        session.commit()
    berit.run(FETCH)
    # then
    expect(visits).not_to_contain_text("Odd Brekke")
    assert berit.run(HELD, "Odd Brekke") == [True, False]
    berit.open(f"/round/people/{ref('Odd Brekke')}")
    berit.unlock()
    berit.sees_heading("Finnes ikke her")
