"""A new care bundle is one file: dropped beside the app it is a form, flags, a due list and a supervisor's view, on server and tablet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.browser.tablet import Tablet
from tests.fixtures.databases import Template
from tests.fixtures.servers import Live
from tests.people import BERIT, SOLVEIG, ref
from webapp import create_app, db
from webapp.models import CheckRecord, Trigger

MOUTH = """
[bundle]
id = "munn"
version = 1
released = false
title = {nb="Munnhelse", nn="Munnhelse", en="Oral health"}
short = {nb="Munn", nn="Munn", en="Mouth"}
intro = {nb="Se i munnen og noter det du ser.", nn="Sjå i munnen og noter det du ser.", en="Look in the mouth and note what you see."}
guidance_version = "prøve 1"

[[bundle.source]]
title = "Lokal rutine for munnstell"
publisher = "Prøvekommunen"

[parameters]
again_days = {default=30, min=7, max=90, label={nb="Dager mellom sjekker", nn="Dagar mellom sjekkar", en="Days between checks"}}

[labels]
yes = {nb="Ja", nn="Ja", en="Yes"}
no = {nb="Nei", nn="Nei", en="No"}
ok = {nb="På plass", nn="På plass", en="In place"}
gap = {nb="Mangler", nn="Manglar", en="Missing"}

[[form]]
id = "munn_sjekk"
title = {nb="Munnsjekk", nn="Munnsjekk", en="Mouth check"}
short = {nb="Munnsjekk", nn="Munnsjekk", en="Mouth check"}

[[form.field]]
name = "sore"
type = "choice"
options = ["yes", "no"]
label = {nb="Sår i munnen?", nn="Sår i munnen?", en="Sores in the mouth?"}

[[form.field]]
name = "sore_days"
type = "int"
min = 1
max = 99
asked = "sore = yes"
label = {nb="Hvor mange dager?", nn="Kor mange dagar?", en="How many days?"}

[[form.field]]
name = "care"
type = "group"
options = ["ok", "gap"]
all_ok = "ok"
label = {nb="Munnstell", nn="Munnstell", en="Mouth care"}
members = [
  {name="care_brush", label={nb="Tannbørste", nn="Tannbørste", en="Toothbrush"}},
  {name="care_paste", label={nb="Fluortannkrem", nn="Fluortannkrem", en="Fluoride toothpaste"}},
]

[[form.derived]]
name = "lasting"
when = "sore_days > 14"
label = {nb="Såret har vart i mer enn 14 dager", nn="Såret har vart i meir enn 14 dagar", en="The sore has lasted more than 14 days"}

[[form.flag]]
rule = "MUNN-1"
code = "MOUTH_SORE"
severity = "high"
when = "lasting"
text = {nb="Sår i mer enn to uker: til tannlege.", nn="Sår i meir enn to veker: til tannlege.", en="Sore for two weeks: to the dentist."}

[[form.flag]]
rule = "MUNN-2"
code = "MOUTH_GAP"
severity = "medium"
when = "any care (it = gap)"
list = [{group="care", equals="gap"}]
text = {nb="Skaff: {list}.", nn="Skaff: {list}.", en="Get: {list}."}

[[form.due]]
days = "param(again_days)"
reason = {nb="Ny munnsjekk", nn="Ny munnsjekk", en="New mouth check"}

[[form.due]]
trigger = ["discharge"]
days = 1
next_visit = true
reason = {nb="Hjemme fra sykehus: se i munnen", nn="Heime frå sjukehus: sjå i munnen", en="Home from hospital: look in the mouth"}

[form.summary]
fields = ["sore"]
"""
SORE = "Sår i mer enn to uker: til tannlege."
GAP = "Skaff: Fluortannkrem."
SENT = """async () => (await (await import("/sw/sealed.js")).entries()).every(({ kind, state }) => kind !== 1 || state === "received")"""


@pytest.fixture
def live(sqlite_db: Template, tmp_path: Path) -> Iterator[Live]:
    """The app started with one more folder of bundles; Astrid came home from hospital yesterday."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "munn.v1.toml").write_text(MOUTH, encoding="utf-8")
    url, drop = sqlite_db.copy(tmp_path)
    app = create_app({"TESTING": True, "DATABASE_URL": url, "DATA_DIR": tmp_path / "data", "BUNDLE_DIRS": [folder],
                      "RATELIMIT_ENABLED": False})
    came_home(app)
    server = Live(app)
    yield server
    server.stop()
    app.extensions["engine"].dispose()
    drop()


def came_home(app: Flask) -> None:
    yesterday = datetime.now(UTC).astimezone(ZoneInfo("Europe/Oslo")).date() - timedelta(days=1)
    with db.open_session(app.extensions["engine"], write=True) as session:
        session.add(Trigger(patient_id=ref("Astrid Lunde"), type="discharge", on=yesterday))
        session.commit()


def fill_in(nurse: Tablet) -> None:
    """Astrid, the check that is due, a sore that has lasted and one thing missing."""
    nurse.page.get_by_role("link", name=re.compile("Astrid Lunde")).first.click()
    due = nurse.page.get_by_role("listitem").filter(has_text="Munnsjekk").filter(has_text="Hjemme fra sykehus: se i munnen")
    due.get_by_role("button", name=re.compile("^Start")).click()
    nurse.sees_heading("Munnsjekk")
    nurse.page.get_by_role("group", name="Sår i munnen?").get_by_role("radio", name="Ja").check()
    nurse.page.get_by_role("textbox", name="Hvor mange dager?").fill("15")
    nurse.page.get_by_role("button", name="Alt på plass").click()
    nurse.page.get_by_role("group", name="Fluortannkrem").get_by_role("radio", name="Mangler").check()
    live_flags = nurse.page.get_by_role("region", name="Svarene gir varsel")
    expect(live_flags).to_contain_text(SORE)
    expect(live_flags).to_contain_text(GAP)
    nurse.page.get_by_role("checkbox", name="Informert leder").check()
    nurse.page.get_by_role("button", name="Lagre", exact=True).click()


def sees_result(nurse: Tablet, saved: str) -> None:
    expect(nurse.page.get_by_role("status").filter(has_text=saved)).to_be_visible()
    expect(nurse.page.locator("main")).to_contain_text(SORE)
    expect(nurse.page.locator("main")).to_contain_text(GAP)


def solveig_sees_it(browser: Browser, live: Live) -> None:
    context = browser.new_context(locale="nb-NO", timezone_id="Europe/Oslo")
    leader = Tablet(context, live.url)
    leader.log_in(SOLVEIG, then="/review")
    leader.sees_heading("Trenger deg nå")
    flag = leader.page.locator("li.flag").filter(has_text=SORE)
    expect(flag).to_contain_text("Astrid Lunde")
    expect(flag).to_contain_text("Hvor mange dager? 15")
    flag.get_by_role("link", name=re.compile("^Se sjekken")).click()
    expect(leader.page.locator("main")).to_contain_text("Munnsjekk")
    leader.go("Dekning")
    leader.sees_heading("Forfalt og dekning")
    expect(leader.page.get_by_role("row", name=re.compile("Munnsjekk"))).to_be_visible()
    context.close()


def explained(nurse: Tablet) -> None:
    """Om sjekken, for the bundle that was not there yesterday."""
    nurse.page.get_by_role("article", name="Munnhelse").get_by_role("link", name=re.compile("Om sjekken")).click()
    nurse.sees_heading("Munnhelse")
    for title in ("Spørsmål: Munnsjekk", "Flagg: Munnsjekk", "Når sjekken skal gjøres: Munnsjekk"):
        nurse.page.get_by_text(title, exact=True).click()
    main = nurse.page.locator("main")
    expect(main).to_contain_text("Spørres når: «Sår i munnen?» er Ja.")
    expect(main).to_contain_text("Når: såret har vart i mer enn 14 dager.")
    expect(main).to_contain_text("30 dager etter siste sjekk.")
    expect(main).to_contain_text("Lokal rutine for munnstell")


def test_one_new_file_works_on_a_tablet_without_a_network(new_tablet: Callable[[], Tablet], browser: Browser, live: Live) -> None:
    nurse = new_tablet()
    nurse.enrol(BERIT)
    nurse.sees_heading("Min runde")
    expect(nurse.page.get_by_role("listitem").filter(has_text="Astrid Lunde").first).to_contain_text("Munnsjekk")
    nurse.has_everything()
    live.stop()

    fill_in(nurse)

    sees_result(nurse, "Lagret på denne enheten")
    nurse.go("Til brukeren")
    explained(nurse)
    live.start()
    nurse.run("() => { dispatchEvent(new Event('online')); }")
    nurse.until(SENT)
    solveig_sees_it(browser, live)


def test_one_new_file_works_on_an_office_pc(new_tablet: Callable[[], Tablet], browser: Browser, live: Live) -> None:
    nurse = new_tablet()
    nurse.log_in(BERIT, then="/round")
    nurse.sees_heading("Min runde")

    fill_in(nurse)

    sees_result(nurse, "Mottatt")
    nurse.go("Til brukeren")
    explained(nurse)
    with live.app.app_context():
        stored = [(one.bundle_id, one.form, [flag["code"] for flag in one.flags]) for one in db.session().scalars(select(CheckRecord))]
    assert stored == [("munn", "munn_sjekk", ["MOUTH_SORE", "MOUTH_GAP"])]
    solveig_sees_it(browser, live)
