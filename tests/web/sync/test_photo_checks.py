"""A photo follows its check: while that is unknown, in quarantine, taken in by a supervisor, left out, or of a lost device."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests import pictures
from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.people import BERIT, ref
from tests.web.sync import photos
from tests.web.sync.photos import ask, check, part, seal, send
from tests.web.sync.reading import all_of, change
from tests.web.sync.test_quarantine import decide, lose
from webapp import create_app
from webapp.models import CheckRecord, Photo, PhotoPart, UserKey

SHOT = pictures.camera(800, 600, 60, place=False)


@pytest.fixture(autouse=True)
def _switched_on(app: Flask) -> None:
    photos.switch(app, 1)


def made(tablet: Tablet, vault: Vault, **more: Any) -> dict[str, Any]:
    answers = photos.answers(photos.finding([photos.name(SHOT)]))
    return tablet.check(vault, str(ref("Astrid Lunde")), photos.FORM, answers, params=photos.ON, sv=2, **more)


def quarantined(tablet: Tablet, vault: Vault, **more: Any) -> tuple[str, str]:
    """(the check's id, its envelope's hash)."""
    payload = made(tablet, vault, **more)
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert verdict["verdict"] == "quarantined", verdict
    return str(payload["id"]), verdict["hash"]


def test_a_photo_of_a_check_in_quarantine_waits_and_comes_in_with_it(app: Flask, tablet: Tablet, vault: Vault) -> None:
    lose(app, tablet)
    check_id, envelope_hash = quarantined(tablet, vault)
    one = seal(tablet, vault, check_id, SHOT)
    assert send(tablet.http, one) == {"id": str(one.id), "hash": one.hash, "verdict": "later", "reason": "no_check"}
    assert all_of(app, Photo) == []
    assert ask(tablet.http, one)["offset"] == len(one.bytes)  # nothing is sent twice
    assert decide(app, envelope_hash, "accept").decision == "accept"
    assert part(tablet.http, one, len(one.bytes), len(one.bytes)).get_json()["verdict"]["verdict"] == "accepted"
    assert [str(row.check_id) for row in all_of(app, Photo)] == [check_id]


def test_a_photo_of_a_check_that_is_left_out_is_left_out_with_it(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check_id, envelope_hash = quarantined(tablet, vault, p=str(uuid4()))
    one = seal(tablet, vault, check_id, SHOT)
    assert send(tablet.http, one)["reason"] == "no_check"
    decide(app, envelope_hash, "reject")
    verdict = part(tablet.http, one, len(one.bytes), len(one.bytes)).get_json()["verdict"]
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "rejected")
    assert all_of(app, PhotoPart) == all_of(app, Photo) == []


def test_rubbish_under_her_checks_number_takes_none_of_her_photos_with_it(app: Flask, tablet: Tablet, vault: Vault) -> None:
    payload = made(tablet, vault)
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload | {"p": str(uuid4())})])
    decide(app, verdict["hash"], "reject")
    one = seal(tablet, vault, str(payload["id"]), SHOT)
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert verdict["verdict"] == "accepted", verdict
    assert send(tablet.http, one)["verdict"] == "accepted"


def test_a_photo_of_a_check_nobody_has_heard_of_waits(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, str(uuid4()), SHOT)
    assert send(tablet.http, one)["reason"] == "no_check"
    for _ in range(2):
        assert part(tablet.http, one, len(one.bytes), len(one.bytes)).get_json()["verdict"]["reason"] == "no_check"
    assert all_of(app, Photo) == []


def test_a_key_that_is_reported_lost_takes_no_picture_from_a_check_that_counts(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check_id = check(tablet, vault, SHOT)
    change(app, lambda session: setattr(session.get_one(UserKey, UUID(vault.key_id)), "status", "compromised"))
    other = pictures.camera(400, 300, seed=9, place=False)
    assert send(tablet.http, seal(tablet, vault, check_id, other))["reason"] == "not_in_check"  # who has the key can add nothing
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT))["verdict"] == "accepted"


def test_what_had_come_before_the_server_stopped_is_there_when_it_starts_again(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    half = len(one.bytes) // 2
    part(tablet.http, one, 0, half)
    app.extensions["engine"].dispose()
    again = create_app({name: app.config[name] for name in ("TESTING", "DATABASE_URL", "DATA_DIR", "RATELIMIT_ENABLED", "BUNDLE_DIRS")})
    http = tablet.another_http(again)
    assert ask(http, one)["offset"] == half
    assert send(http, one)["verdict"] == "accepted"
    again.extensions["engine"].dispose()


@pytest.mark.parametrize(("offset", "total"), [("-1", "9"), ("x", "9"), ("", ""), ("0", "1" * 12), ("²", "9"), ("5", "4")])
def test_a_part_that_does_not_say_where_it_belongs_changes_nothing(
    app: Flask, tablet: Tablet, vault: Vault, offset: str, total: str
) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    headers = {"X-Wire": "1", "X-Offset": offset, "X-Total": total}
    answer = tablet.http.post(f"/sync/photos/{one.hash}", data=one.bytes[:100], content_type="application/octet-stream", headers=headers)
    assert answer.status_code == 400
    assert all_of(app, PhotoPart) == []


def test_a_nurse_who_logs_in_on_the_same_device_carries_home_her_colleagues_photo(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    part(tablet.http, one, 0, 1000)
    assert send(tablet.another_http(app), one)["verdict"] == "accepted"
    (row,), (record,) = all_of(app, Photo), all_of(app, CheckRecord)
    assert (row.check_id, record.author_id) == (record.id, BERIT.id)
    assert sign_in(app.test_client(), BERIT).get(f"/review/photos/{row.id}").status_code in (403, 404)
