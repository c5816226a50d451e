"""A server that came back from yesterday is filled again by the devices: everything once, and nobody does anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.device import Tablet, Vault, hours_ago
from tests.fixtures.databases import disk_image
from tests.people import AMINA, BERIT, Actor, ref
from tests.web.sync.places import Places, backup, put_back
from tests.web.sync.reading import all_of, change, count
from tests.web.sync.test_quarantine import lose
from webapp.models import AccessLog, CheckRecord, Device, Quarantine, QuarantineDecision, Receipt
from webapp.sync import crypto, feed, keys
from webapp.sync.opening import FORGOTTEN

Login = Callable[[Actor], FlaskClient]
ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"
WAYS = ["webapp restore", "a plain copy", "a copy of the disk in use"]


def kept_for(places: Places, way: str, folder: Path) -> Callable[[], None]:
    """Yesterday's copy, and how it is put back."""
    engine = places.app.extensions["engine"]
    if way == "webapp restore":
        path = backup(places.here, folder / "yesterday.backup").path

        def restore() -> None:
            engine.dispose()
            put_back(places.here, path, replace=True)

        return restore
    if way == "a plain copy":
        engine.dispose()  # the last connection closes, and SQLite puts everything into one file
    image = disk_image(places.here["DATABASE_URL"])

    def put() -> None:
        engine.dispose()
        image()

    return put


def sealed(tablet: Tablet, vault: Vault, count: int) -> list[bytes]:
    return [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}, at=hours_ago(n))) for n in range(count)]


def held(app: Flask) -> dict[str, tuple[str, str]]:
    return {str(one.id): (one.content_hash, one.author_name) for one in all_of(app, CheckRecord)}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_received_since_the_backup_comes_again_and_is_there_once(
    places: Places, tablet: Tablet, vault: Vault, tmp_path: Path, way: str
) -> None:
    app = places.app
    change(app, feed.ensure_head)
    old = sealed(tablet, vault, 2)
    tablet.verdicts(old)
    yesterday = kept_for(places, way, tmp_path)
    new = sealed(tablet, vault, 3)
    known = tablet.upload(new).get_json()
    tablet.last_receipt = known["verdicts"][-1]["receipt"]["seq_tag"]
    before = held(app)
    yesterday()
    assert len(held(app)) == 2
    told = tablet.upload([]).get_json()
    assert told["epoch"] != known["epoch"]
    verdicts = tablet.verdicts([*old, *new, *new])
    assert [one["verdict"] for one in verdicts] == ["duplicate"] * 2 + ["accepted"] * 3 + ["duplicate"] * 3
    assert held(app) == before
    assert count(app, Receipt) == 5
    assert tablet.upload([]).get_json()["epoch"] == told["epoch"]


@pytest.mark.parametrize("way", WAYS)
def test_a_device_taken_into_use_since_the_backup_is_known_by_its_papers(
    places: Places, login: Login, tmp_path: Path, way: str
) -> None:
    app = places.app
    change(app, feed.ensure_head)
    yesterday = kept_for(places, way, tmp_path)
    berit = login(BERIT)
    tablet = Tablet.enrol(app, berit)
    vault = tablet.open_vault(berit)
    new = sealed(tablet, vault, 3)
    known = tablet.upload(new).get_json()
    tablet.last_receipt = known["verdicts"][-1]["receipt"]["seq_tag"]
    before = held(app)
    yesterday()
    assert tablet.upload([]).status_code == 401
    told = tablet.upload([], papers=[vault]).get_json()
    assert told["epoch"] != known["epoch"]
    assert [one["verdict"] for one in tablet.verdicts(new)] == ["accepted"] * 3
    assert held(app) == before
    assert tablet.http.get("/sync/keys").get_json()["revoked"] is False
    assert count(app, AccessLog, AccessLog.action == "device_readmitted") == 1
    assert count(app, Quarantine) == 0


def test_papers_open_no_door_to_what_they_do_not_prove(
    app: Flask, tablet: Tablet, vault: Vault, login: Login
) -> None:
    amina = login(AMINA)
    theirs = Tablet.enrol(app, amina, "Nettbrett 2").open_vault(amina)
    known = {device.id: device.token_hash for device in all_of(app, Device)}
    stranger = app.test_client()
    stranger.set_cookie("tr_device", "x" * 43)
    forged = Vault(**{**vault.__dict__, "papers": vault.papers | {"body": crypto.b64(b'{"user":"x"}')}})
    elsewhere = keys.ring(app.config["DATA_DIR"]).sign("papers", {"kind": "papers", "installation": "another"})
    other = Vault(**{**vault.__dict__, "papers": elsewhere})
    for papers in ([], [forged], [other], [vault], [theirs]):
        assert tablet.upload([], papers=papers, http=stranger).status_code == 401
    assert {device.id: device.token_hash for device in all_of(app, Device)} == known


def test_a_device_a_colleague_brought_back_gets_its_own_cookie_again_and_a_lost_one_stays_lost(
    places: Places, login: Login, tmp_path: Path
) -> None:
    app = places.app
    amina, berit = login(AMINA), login(BERIT)
    first = Tablet.enrol(app, amina, "Nettbrett 1")
    first.open_vault(amina)
    path = backup(places.here, tmp_path / "x.backup").path
    tablet = Tablet.enrol(app, berit, "Nettbrett 2")
    vault = tablet.open_vault(berit)
    lost = Tablet.enrol(app, berit, "Nettbrett 3")
    theirs = lost.open_vault(berit)
    lose(app, lost)
    app.extensions["engine"].dispose()
    put_back(places.here, path, replace=True)
    first.upload([], papers=[vault])
    assert [one.name for one in all_of(app, Device, Device.token_hash.startswith(FORGOTTEN))] == ["(før gjenoppretting)"]
    assert tablet.upload([], papers=[vault]).status_code == 200
    assert tablet.upload([]).status_code == 200
    assert lost.verdicts(sealed(lost, theirs, 1), papers=[theirs])[0]["reasons"] == ["compromised"]
    assert lost.http.get("/sync/keys").get_json()["revoked"] is True


def test_an_envelope_of_somebody_the_backup_does_not_know_is_kept(places: Places, login: Login, tmp_path: Path) -> None:
    app = places.app
    berit = login(BERIT)
    tablet = Tablet.enrol(app, berit)
    path = backup(places.here, tmp_path / "x.backup").path
    vault = tablet.open_vault(berit)
    app.extensions["engine"].dispose()
    put_back(places.here, path, replace=True)
    (first,) = tablet.verdicts(envelopes := sealed(tablet, vault, 1))
    assert first["reasons"] == ["unknown_key"]
    assert tablet.verdicts(envelopes, papers=[vault])[0]["verdict"] == "accepted"
    assert [one.decision for one in all_of(app, QuarantineDecision)] == ["resolved"]
