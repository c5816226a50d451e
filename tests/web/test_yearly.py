"""The yearly review as a unit's leader writes it: every version stays, and nothing that cannot be kept changes anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.html import Page
from tests.people import ident
from tests.web import office
from tests.web.filled import Filled, contents
from tests.web.sync.reading import all_of, change, count
from tests.web.test_improvement import made, part
from webapp.improvement.routes import today
from webapp.models import AccessLog, Flag, WorkVersion

HERE = str(ident("Fjordsida"))
YEAR = str(today().year)
URL, POST = f"/measures/year?unit={HERE}&year={YEAR}", "/measures/year/texts"
PLAN = {"unit": HERE, "year": YEAR, "part": "plan", "seen": "0", "text": "Vi valgte to mål.\r\nDet var nok."}
MISSING = "Mangler: ingen har skrevet noe her ennå."


def read(client: FlaskClient, url: str = URL) -> str:
    answer = client.get(url)
    assert (answer.status_code, Page(answer.text).problems) == (200, [])
    return answer.text


def test_a_part_that_nobody_wrote_about_says_that_it_is_missing(solveig: FlaskClient) -> None:
    text = read(solveig)
    assert text.count(MISSING) == 4
    assert "Mangler: året er ikke gjennomgått ennå." in text
    assert f"Årlig gjennomgang {YEAR}" in text


def test_a_new_version_overwrites_nothing_and_says_who_and_when(solveig: FlaskClient, app: Flask) -> None:
    assert solveig.post(POST, data=PLAN).status_code == 303
    after = solveig.post(POST, data=PLAN | {"seen": "1", "text": "Vi valgte ett mål."}, follow_redirects=True).text
    assert "Teksten er lagret." in after
    rows = sorted(all_of(app, WorkVersion, WorkVersion.kind == "yearly"), key=lambda one: one.number)
    assert [(one.number, one.data["text"]) for one in rows] == [(1, "Vi valgte to mål.\nDet var nok."), (2, "Vi valgte ett mål.")]
    text = read(solveig)
    assert text.count(MISSING) == 3
    newest, earlier = text.split("1 tidligere utgave")
    assert "Vi valgte ett mål." in newest
    assert "Vi valgte to mål." not in newest
    assert "Vi valgte to mål." in earlier
    assert earlier.count("Solveig Dahl, i dag") == newest.count("Solveig Dahl, i dag") == 1
    assert count(app, AccessLog, AccessLog.action == "work_changed") == 2


def test_nobody_writes_over_what_she_has_not_read(solveig: FlaskClient, app: Flask) -> None:
    assert solveig.post(POST, data=PLAN).status_code == 303
    late = solveig.post(POST, data=PLAN | {"text": "Noe annet"})
    assert late.status_code == 422
    assert "Noen andre har endret dette" in late.text
    assert ">\nNoe annet</textarea>" in late.text, "what she wrote is still in the form"
    assert count(app, WorkVersion) == 1


WRONG = {
    "nothing": {"text": " \r\n "}, "too long": {"text": "a" * 3001}, "nul": {"text": "a\x00b"}, "no part": {"part": "all"},
    "a year to come": {"year": str(today().year + 1)}, "no year": {"year": "x"}, "a number": {"text": "Om 018107 40082"},
    "a name": {"text": "Det gjaldt Astrid Lunde, som falt."},
    "signed by nobody": {"part": "signed", "text": "", "day": today().isoformat()}, "signed no day": {"part": "signed", "day": "x"},
    "signed tomorrow": {"part": "signed", "day": (today() + timedelta(days=1)).isoformat()},
    "signed before": {"part": "signed", "day": f"{today().year - 1}-12-31"},
    "signed by many": {"part": "signed", "day": today().isoformat(), "text": "a" * 161},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_kept_is_told_in_a_sentence_and_changes_nothing(solveig: FlaskClient, app: Flask, wrong: str) -> None:
    before = contents(app, AccessLog)
    answer = solveig.post(POST, data=PLAN | WRONG[wrong])
    assert (answer.status_code, Page(answer.text).problems) == (422, [])
    assert re.search(r'role="alert".*Ingenting er lagret\.', answer.text)
    assert contents(app, AccessLog) == before


def test_the_longest_text_is_kept_and_markup_is_text(solveig: FlaskClient) -> None:
    long = "<b>æ</b>" + "ø" * 2992
    assert solveig.post(POST, data=PLAN | {"text": long}).status_code == 303
    assert "&lt;b&gt;æ&lt;/b&gt;øø" in read(solveig)


def test_that_the_year_was_reviewed_is_signed_with_a_day_and_who(solveig: FlaskClient) -> None:
    said = {"part": "signed", "text": "Solveig Dahl og ledergruppa", "day": today().isoformat()}
    assert solveig.post(POST, data=PLAN | said).status_code == 303
    assert f"Gjennomgått {today():%d.%m.%Y} av Solveig Dahl og ledergruppa." in read(solveig)


def test_another_units_leader_reads_and_writes_her_own(solveig: FlaskClient, hans: FlaskClient, app: Flask) -> None:
    solveig.post(POST, data=PLAN)
    assert hans.get(URL).status_code == 404
    assert hans.post(POST, data=PLAN).status_code == 404
    assert "Vi valgte to mål." not in read(hans, "/measures/year")
    assert count(app, WorkVersion) == 1


def test_work_of_the_year_stands_under_its_part_and_work_of_other_years_does_not(solveig: FlaskClient) -> None:
    now, old = today().isoformat(), f"{today().year - 2}-03-01"
    project = made(solveig, "/improvement/new", {"title": "Tryggere hud", "state": "active", "start": old})
    part(solveig, project, "aim", text="Flere får hudsjekk", target="95")
    part(solveig, project, "cycle", title="Gammel runde", start=old, end=old, study="Godt", act="adopt")
    part(solveig, project, "cycle", title="Ny runde", start=old, end=now, do="Prøvd hos to", study="Godt", act="adapt", act_text="Flere")
    visit = made(solveig, "/leadership/visits/new", {"unit": HERE, "planned": now, "held": now, "risks": "Mørkt i gangen"})
    part(solveig, visit, "action", text="Nye pærer", due=(today() - timedelta(days=1)).isoformat())
    plan, do, study, act = re.split(r'<section class="stack year-part"', read(solveig))[1:]
    assert "Flere får hudsjekk" in plan
    assert "Mangler: måling, utgangspunkt, frist, hvem det gjelder, ansvarlig." in plan
    for word in ("Ny runde", "Prøvd hos to", "Mørkt i gangen", "Avtalt: Nye pærer"):
        assert word in do, word
    assert "1 av 1 planlagte visitter er gjennomført." in study
    assert "Innført: 0. Tilpasset: 1. Forkastet: 0. Ikke bestemt: 0." in act
    assert "Avtalte tiltak som ikke er gjort: 1, over fristen: 1." in act
    assert "Gammel runde" not in do + act


def test_a_project_that_ended_before_the_year_has_no_aims_in_it(solveig: FlaskClient, app: Flask) -> None:
    made(solveig, "/improvement/new", {"title": "Ferdig", "state": "ended", "start": f"{today().year - 2}-03-01"})
    project = all_of(app, WorkVersion)[0].item
    part(solveig, project, "aim", text="Et mål som var")
    assert "Et mål som var" in read(solveig), "it was said to have ended this year"
    change(app, lambda session: session.add(WorkVersion(
        item=ident("old"), number=1, kind="project", unit_id=ident("Fjordsida"), data={"title": "Gammel", "state": "ended", "start": ""},
        by=all_of(app, WorkVersion)[0].by, at=all_of(app, WorkVersion)[0].at - timedelta(days=366))))  # fmt: skip
    part(solveig, ident("old"), "aim", text="Et eldre mål")
    assert "Et eldre mål" not in read(solveig)


def test_urgent_and_high_flags_are_counted_and_one_that_was_a_mistake_is_not(berit: FlaskClient, solveig: FlaskClient, app: Flask) -> None:
    def row(text: str, word: str) -> list[str]:
        (found,) = re.findall(rf'<th scope="row">{word}</th>(.*?)</tr>', text)
        return re.findall(r">([^<>]+)</td>", found)

    office.record(berit, "Astrid Lunde", "urgent")
    mistaken = office.record(berit, "Odd Brekke", "high")
    assert [row(read(solveig), word)[:2] for word in ("Nå", "Høy")] == [["1", "0"], ["1", "0"]]
    office.correct(berit, mistaken, "calm", "Feil svar")
    flag = all_of(app, Flag, Flag.closed_at.is_(None))[0].id
    assert solveig.post(f"/review/flags/{flag}/closing", data={"outcome": "done"}).status_code == 200
    assert [row(read(solveig), word) for word in ("Nå", "Høy")] == [["1", "1", "–", "1", "0 dager"], ["0", "0", "–", "0", "–"]]
    assert solveig.post(f"/review/flags/{flag}/reopening").status_code == 200
    assert row(read(solveig), "Nå")[:2] == ["1", "0"], "opened again it is the same one"


def test_a_day_nobody_decided_is_grey_and_not_green(berit: FlaskClient, solveig: FlaskClient) -> None:
    office.record(berit, "Astrid Lunde", "calm")
    solveig.post("/leadership/cross", data={"unit": HERE, "day": today().isoformat(), "colour": "green", "seen": "0"})
    days = dict(re.findall(r'data-colour="(\w+)"><b class="num">(\d+)<', read(solveig)))
    assert days == {"green": "1", "yellow": "0", "red": "0", "grey": str(today().day - 1)}, "counted from the first check's month"


def test_a_record_that_was_held_back_and_the_visit_to_the_page_are_told(filled: Filled, solveig: FlaskClient) -> None:
    before = count(filled.app, AccessLog, AccessLog.action == "coverage")
    assert "Registreringer som ble holdt tilbake: 1, ikke avgjort: 1." in read(solveig)
    assert count(filled.app, AccessLog, AccessLog.action == "coverage") == before + 1
    assert all_of(filled.app, AccessLog, AccessLog.action == "coverage")[-1].detail == {"report": YEAR}
    left_out = {"decision": "reject", "reason": "Skrevet to ganger"}
    assert solveig.post(f"/review/quarantine/{filled.envelope}/decision", data=left_out).status_code == 303
    assert "Registreringer som ble holdt tilbake: 1, ikke avgjort: 0." in read(solveig)
