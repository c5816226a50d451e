"""A number that is missing in a device's records is told to the supervisor; one that comes late is not missing any more."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.device import Tablet, Vault, now_oslo, uuid7
from tests.html import Page
from tests.people import ref
from tests.web.office import FORM
from tests.web.sync.reading import all_of, ask, change
from webapp.models import CheckRecord, Quarantine, SeriesGap, UserKey
from webapp.sync.people import utc_now

ASTRID = str(ref("Astrid Lunde"))


def sealed(tablet: Tablet, vault: Vault, how_many: int) -> list[bytes]:
    return [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"level": "calm"})) for _ in range(how_many)]


def view(tablet: Tablet, vault: Vault) -> bytes:
    """A sealed piece of the log of what was looked at; it has its number too."""
    vault.series += 1
    said = now_oslo().isoformat(timespec="seconds")
    return tablet.seal(vault, {
        "id": str(uuid7()), "kind": "view", "inst": str(tablet.installation), "key": vault.key_id, "n": vault.series, "u": vault.unit,
        "rec": said, "clk": {"s": None, "d": None, "n": said}, "app": "test", "v": [[ASTRID, said, "person"]],
    })  # fmt: skip


def hours_pass(app: Flask, hours: float) -> None:
    change(app, lambda session: session.execute(update(SeriesGap).values(since=utc_now() - timedelta(hours=hours))))


def gaps(app: Flask) -> list[tuple[int, int]]:
    return sorted((one.first, one.last) for one in all_of(app, SeriesGap))


def highest(app: Flask, vault: Vault) -> int:
    return int(ask(app, lambda session: session.get(UserKey, UUID(vault.key_id))).last_series)


def words(client: FlaskClient, url: str) -> str:
    return Page(client.get(url).text).words


def test_a_supervisor_sees_what_is_missing_until_it_comes(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, hans: FlaskClient
) -> None:
    first, second, third, fourth = sealed(tablet, vault, 4)
    tablet.verdicts([first, fourth])
    assert (gaps(app), highest(app, vault)) == ([(2, 3)], 4)
    assert "mangler siden" not in words(solveig, "/review/devices")  # the one before may still be on its way
    hours_pass(app, 1)
    said = "2 registreringer fra Berit Nygård mangler siden"
    for url in ("/review/devices", f"/devices/{tablet.device_id}"):
        page = words(solveig, url)
        assert (said in page, "fra nummer 2 i rekka" in page, "Noe mangler" in page) == (True, True, True), url
    assert said not in words(solveig, "/review") + words(hans, "/review/devices")
    hours_pass(app, 25)
    assert f"Nettbrett 3: {said}" in words(solveig, "/review")
    tablet.verdicts([third])
    assert "1 registrering fra Berit Nygård mangler siden" in words(solveig, "/review")
    tablet.verdicts([second])
    assert gaps(app) == []
    assert "mangler" not in words(solveig, "/review") + words(solveig, "/review/devices")


def test_views_resent_and_refused_records_are_not_missing(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one, two = sealed(tablet, vault, 2)
    seen = view(tablet, vault)
    nobody = tablet.seal(vault, tablet.check(vault, str(uuid7()), FORM, {"level": "calm"}))
    (last,) = sealed(tablet, vault, 1)
    assert [it["verdict"] for it in tablet.verdicts([one, two, seen, nobody, last])] == ["accepted"] * 3 + ["quarantined", "accepted"]
    tablet.verdicts([last, nobody, one])
    assert (gaps(app), highest(app, vault)) == ([], 5)
    assert (len(all_of(app, CheckRecord)), len(all_of(app, Quarantine))) == (3, 1)


def test_a_wild_number_stops_no_record(app: Flask, tablet: Tablet, vault: Vault) -> None:
    wild = tablet.seal(vault, tablet.check(vault, str(uuid7()), FORM, {"level": "calm"}, n=2**52))
    zero = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"level": "calm"}, n=0))
    assert [one["verdict"] for one in tablet.verdicts([wild, zero])] == ["quarantined", "accepted"]
    assert (gaps(app), highest(app, vault)) == ([], 0)


@pytest.mark.parametrize(("waiting", "said"), [(2, "De kan ligge igjen på enheten."), (0, "Spør om det finnes en redningsfil")])
def test_what_to_do_depends_on_what_the_device_says_it_holds(
    app: Flask, tablet: Tablet, vault: Vault, solveig: FlaskClient, waiting: int, said: str
) -> None:
    tablet.verdicts(sealed(tablet, vault, 3)[2:])
    hours_pass(app, 1)
    assert tablet.http.post("/sync/keys", json={"wire": 1, "shell": "test", "holds": {"waiting": waiting}}).status_code == 200
    assert said in words(solveig, "/review/devices")
