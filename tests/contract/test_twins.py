"""Journey 3: the same check on an office PC that is not enrolled gives the same HTML, the same draft and the same stored record."""

from __future__ import annotations

import pytest

from tests.contract.diligence import fill_in
from tests.contract.twins import Shown, Twins
from tests.people import ref
from webapp.bundles import registry

ASTRID = f"/round/people/{ref('Astrid Lunde')}"
FORMS = [form.id for form in registry().forms]


def started(twins: Twins, person: str, form: str) -> tuple[str, Shown]:
    shown = twins.send("POST", person + "/checks", [("check", form)])
    return shown.headers["HX-Push-Url"], shown


def test_pages_before_anything_is_done(twins: Twins) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    for path in ("/round", "/round/people", ASTRID, "/round/event", "/round/sent", "/round/about/kateter", "/round/about/nope",
                 "/round/nowhere", "/round/people/" + nobody, "/round/checks/" + nobody):
        twins.send("GET", path)
    for path in ("/round/people", "/round/event"):
        assert twins.send("POST", path, [("q", "åse")]).status == 200


def test_a_check_refused_then_filled_in_and_saved(twins: Twins) -> None:
    url, _ = started(twins, ASTRID, "kateter")
    refused = twins.send("POST", url)
    assert refused.status == 422
    twins.send("POST", url + "/answers", [("tried", "1"), ("f", "cat_present"), ("a.cat_present", "no")], full=False)
    assert twins.send("POST", url, [("tried", "1")]).status == 200


def test_a_draft_that_is_gone_or_was_never_there(twins: Twins) -> None:
    url, _ = started(twins, ASTRID, FORMS[0])
    twins.send("POST", url + "/discard")
    for path in (url, url + "/answers", url + "/discard", url + "/correction"):
        twins.send("POST", path, [("f", "common.note"), ("common.note", "x")], full=False)
    twins.send("GET", url)
    twins.send("POST", ASTRID + "/checks", [("check", "nothing")])
    twins.send("POST", "/round/people/00000000-0000-7000-8000-000000000000/checks", [("check", FORMS[0])])


NEEDS_A_FALL = [form.id for form in registry().forms if form.per_subject]
PRESSURE = {"oh_lie_sys": "140", "oh_lie_dia": "80", "oh_1_sys": "110", "oh_1_dia": "70", "oh_3_sys": "118", "oh_3_dia": "72"}


def done(twins: Twins, person: str, form: str, seed: int) -> str:
    """A whole check, with the pages around it."""
    url, shown = started(twins, person, form)
    fill_in(twins, url, shown, seed, PRESSURE)
    for path in (url, person, "/round", "/round/sent"):
        twins.send("GET", path)
    return url


@pytest.mark.parametrize("form", FORMS)
def test_every_form_answered_saved_and_corrected(twins: Twins, form: str) -> None:
    if form in NEEDS_A_FALL:
        done(twins, ASTRID, "fall_event", 1)
    urls = [done(twins, ASTRID, form, seed) for seed in range(1 if form in NEEDS_A_FALL else 3)]
    twins.send("POST", urls[-1] + "/answers", [], full=False)  # what another tab may hold is told at an office PC only
    shown = twins.send("POST", urls[-1] + "/correction")
    again = shown.headers["HX-Push-Url"]
    twins.send("GET", "/round")
    twins.send("POST", again)
    twins.send("POST", again + "/answers", [("f", "reason"), ("reason", " Feil\r\nside ")], full=False)
    fill_in(twins, again, shown, 7, PRESSURE)
    for path in (urls[-1], again, ASTRID, "/round", "/round/sent"):
        twins.send("GET", path)
    twins.send("POST", urls[-1] + "/correction")
    twins.deliver()
    twins.same_store()
    twins.same_world()
    for path in (ASTRID, "/round", *urls, again):
        twins.send("GET", path)
