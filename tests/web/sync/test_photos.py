"""Photos on their way in: after their check, in parts, once, and never more than a picture."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import pictures
from tests.conftest import sign_in
from tests.device import Tablet, Vault, uuid7
from tests.html import Page
from tests.people import AMINA, KARI, SOLVEIG, Actor, ref
from tests.web.sync import photos
from tests.web.sync.photos import ask, check, part, seal, send
from tests.web.sync.reading import all_of
from tests.web.sync.test_rescue import rescue_file
from tests.web.sync.test_rescue import send as bring
from webapp.models import CheckRecord, Photo, PhotoPart
from webapp.sync import crypto
from webapp.sync.photos import picture

SHOT = pictures.taken()


@pytest.fixture(autouse=True)
def _switched_on(app: Flask) -> None:
    photos.switch(app, 1)


def test_a_photo_in_parts_is_kept_without_what_the_camera_wrote_and_both_hashes_are_known(app: Flask, tablet: Tablet, vault: Vault) -> None:
    shot = pictures.camera(quality=60)  # a device would have stripped this one
    one = seal(tablet, vault, check(tablet, vault, shot), shot)

    verdict = send(tablet.http, one, 40_000)

    assert verdict["verdict"] == "accepted"
    (row,) = all_of(app, Photo)
    with app.app_context():
        bare = picture(row)
    assert bare is not None
    assert (row.original_hash, row.stored_hash) == (photos.name(shot), hashlib.sha256(bare).hexdigest())
    assert verdict["original_hash"] == row.original_hash
    assert verdict["stored_hash"] == row.stored_hash
    assert b"Exif" in shot
    assert b"Exif" not in bare
    with Image.open(io.BytesIO(bare)) as drawn:
        assert drawn.size == (row.width, row.height) == (1200, 900)
    assert row.content is not None
    assert bare[200:400] not in row.content  # sealed where it lies
    assert all_of(app, PhotoPart) == []


def test_an_upload_that_was_cut_goes_on_where_the_server_stands(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    assert part(tablet.http, one, 0, 100_000).get_json()["offset"] == 100_000
    assert part(tablet.http, one, 100_000, 150_000).get_json()["offset"] == 150_000
    again = tablet.another_http(app)
    assert ask(again, one)["offset"] == 150_000
    assert part(again, one, 0, 100_000).get_json()["offset"] == 150_000  # a part that is here already
    assert part(again, one, 200_000, 250_000).get_json()["offset"] == 150_000  # a part too far
    assert send(again, one)["verdict"] == "accepted"


def test_the_same_photo_sent_again_is_one_row_and_the_same_verdict(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check_id = check(tablet, vault, SHOT)
    one = seal(tablet, vault, check_id, SHOT)
    first = send(tablet.http, one)
    assert send(tablet.http, one) == {**first, "verdict": "duplicate"}
    assert part(tablet.http, one, 0, 100_000).get_json()["verdict"]["verdict"] == "duplicate"
    other_envelope = send(tablet.http, seal(tablet, vault, check_id, SHOT))
    assert (other_envelope["verdict"], other_envelope["stored_hash"]) == ("duplicate", first["stored_hash"])
    assert len(all_of(app, Photo)) == 1


def test_eight_parallel_posts_of_one_photo_make_one_row(app: Flask, tablet: Tablet, vault: Vault) -> None:
    shot = pictures.camera(800, 600, 60)
    one = seal(tablet, vault, check(tablet, vault, shot), shot)

    def post(_n: int) -> str:
        http = tablet.another_http(app)
        return next(said for _ in range(50) if (said := str(send(http, one)["verdict"])) != "later")  # busy: as a device, it comes again

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(post, range(8)))
    assert set(verdicts) <= {"accepted", "duplicate"}
    assert len(all_of(app, Photo)) == 1
    assert all_of(app, PhotoPart) == []


def test_bytes_that_are_not_what_their_name_says_are_asked_for_again(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    hurt = photos.Sealed(one.id, one.bytes[:-9] + b"x" * 9)
    half = len(one.bytes) // 2
    url = f"/sync/photos/{one.hash}"
    for start, end in ((0, half), (half, len(one.bytes))):
        headers = {"X-Wire": "1", "X-Offset": str(start), "X-Total": str(len(one.bytes))}
        answer = tablet.http.post(url, data=hurt.bytes[start:end], content_type="application/octet-stream", headers=headers)
    assert answer.get_json()["verdict"] == {"id": str(one.id), "hash": one.hash, "verdict": "later", "reason": "hash"}
    assert ask(tablet.http, one)["offset"] == 0
    assert send(tablet.http, one)["verdict"] == "accepted"


def test_another_device_neither_sees_nor_spoils_what_one_device_has_begun(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    part(tablet.http, one, 0, 100_000)
    other = Tablet.enrol(app, sign_in(app.test_client(), KARI), "Kari sitt nettbrett")
    assert ask(other.http, one)["offset"] == 0
    rubbish = photos.Sealed(one.id, one.bytes[:100_000] + bytes(100_000))
    assert part(other.http, one, 100_000, 150_000).get_json()["offset"] == 0
    assert part(other.http, rubbish, 100_000, 150_000).status_code == 200
    assert ask(tablet.http, one)["offset"] == 100_000
    assert send(tablet.http, one)["verdict"] == "accepted"


def test_without_a_device_or_a_session_nothing_is_read(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    stranger = app.test_client()
    assert part(stranger, one, 0, 1000).status_code == 401
    assert stranger.get(f"/sync/photos/{one.hash}").status_code == 401
    assert all_of(app, PhotoPart) == []


def test_a_photo_waits_for_its_check_and_what_was_sent_is_kept_meanwhile(app: Flask, tablet: Tablet, vault: Vault) -> None:
    made = tablet.check(vault, str(ref("Astrid Lunde")), photos.FORM, photos.answers(photos.finding([photos.name(SHOT)])),
                        params=photos.ON, sv=2)  # fmt: skip
    one = seal(tablet, vault, str(made["id"]), SHOT)
    assert send(tablet.http, one)["reason"] == "no_check"
    assert ask(tablet.http, one)["offset"] == len(one.bytes)
    tablet.verdicts([tablet.seal(vault, made)])
    assert part(tablet.http, one, len(one.bytes), len(one.bytes)).get_json()["verdict"]["verdict"] == "accepted"


def test_nobody_adds_a_photo_to_somebody_elses_check(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    amina = tablet.open_vault(login(AMINA))
    check_id = check(tablet, vault, SHOT)
    assert send(tablet.http, seal(tablet, amina, check_id, SHOT))["reason"] == "not_in_check"
    assert all_of(app, Photo) == []
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT))["verdict"] == "accepted"


def test_a_photo_the_check_does_not_name_is_refused_and_a_fifth_cannot_be_named(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check_id = check(tablet, vault, SHOT)
    assert send(tablet.http, seal(tablet, vault, check_id, pictures.taken(seed=2)))["reason"] == "not_in_check"
    five = tablet.check(vault, str(ref("Astrid Lunde")), photos.FORM, photos.answers(photos.finding([])), params=photos.ON, sv=2)
    listed = next(one for one in five["a"] if isinstance(one, list) and one and isinstance(one[0], list))
    card = listed[0]
    form = tablet.bundles.form(photos.FORM)
    place = [one.name for one in form.lists[0].items.fields].index("photos")  # type: ignore[union-attr]
    card += [None] * (place - len(card)) + [[str(n) * 64 for n in range(5)]]
    (verdict,) = tablet.verdicts([tablet.seal(vault, five)])
    assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", ["answers"])


@pytest.mark.parametrize(("make", "reason"), [
    (lambda: pictures.png(200, 200), "not_image"), (pictures.png_bomb, "not_image"), (lambda: b"<html>" * 99, "not_image"),
    (lambda: pictures.camera(200, 200) + b"PK\3\4" + b"x" * 99, "polyglot"),
    (lambda: pictures.claims(pictures.camera(200, 200), 10_000, 10_000), "too_many_pixels"),
    (lambda: pictures.claims(pictures.camera(200, 200), 65_000, 65_000), "too_many_pixels"),
    (lambda: pictures.camera(200, 200)[:-300], "broken"),
], ids=["png", "png bomb", "html", "polyglot", "100 MP", "bomb", "cut"])  # fmt: skip
def test_what_is_no_photo_is_refused_once_and_for_all_and_the_check_stays(
    app: Flask, tablet: Tablet, vault: Vault, make: Callable[[], bytes], reason: str
) -> None:
    shot = make()[:320_000]
    one = seal(tablet, vault, check(tablet, vault, shot), shot)
    verdict = send(tablet.http, one)
    assert (verdict["verdict"], verdict["reason"]) == ("refused", reason)
    assert send(tablet.http, one) == verdict
    (row,) = all_of(app, Photo)
    assert (row.reason, row.content, row.stored_hash) == (reason, None, None)
    assert len(all_of(app, CheckRecord)) == 1


def test_what_is_too_large_is_refused_before_it_is_read(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    verdict = part(tablet.http, one, 0, 1000, total=2_000_000).get_json()["verdict"]
    assert verdict == {"id": str(one.id), "hash": one.hash, "verdict": "refused", "reason": "too_large"}
    assert part(tablet.http, one, 0, 200_000).status_code == 413
    assert all_of(app, PhotoPart) == []


def test_a_device_cannot_fill_the_server_with_photos_it_never_finishes(app: Flask, tablet: Tablet) -> None:
    begun = [photos.Sealed(uuid7(), uuid7().bytes * 20) for _ in range(61)]
    answers = [part(tablet.http, one, 0, 100, total=9999).get_json() for one in begun]
    assert [one["offset"] for one in answers] == [100] * 60 + [0]
    assert answers[-1]["verdict"]["reason"] == "busy"


def test_switched_off_meanwhile_a_photo_is_refused_and_the_check_stays(app: Flask, tablet: Tablet, vault: Vault) -> None:
    one = seal(tablet, vault, check(tablet, vault, SHOT), SHOT)
    photos.switch(app, 0)
    assert send(tablet.http, one)["reason"] == "photos_off"
    assert all_of(app, Photo) == []
    assert len(all_of(app, CheckRecord)) == 1


def test_a_check_made_while_it_was_off_names_no_photo(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check_id = check(tablet, vault, SHOT, sv=1)
    (row,) = all_of(app, CheckRecord)
    assert "photos" not in row.answers["finding"][0]
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT))["reason"] == "not_in_check"


def test_a_signature_of_nobody_another_id_and_another_picture_are_refused(app: Flask, tablet: Tablet, vault: Vault) -> None:
    other = pictures.taken(seed=5)
    check_id = check(tablet, vault, SHOT, other)
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT, private=crypto.new_private()))["reason"] == "signature"
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT, h=photos.name(other)))["reason"] == "hash_differs"
    assert send(tablet.http, seal(tablet, vault, check_id, SHOT, id=str(uuid7())))["reason"] == "id_mismatch"


def test_photos_come_in_a_rescue_file_after_their_checks_and_a_second_time_changes_nothing(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    # given: a check that never left the device with its photo, one of another check that nobody has sent, and one that is none
    made = photos.made(tablet, vault, SHOT)
    good, early = seal(tablet, vault, str(made["id"]), SHOT), seal(tablet, vault, str(uuid7()), SHOT)
    forged = seal(tablet, vault, str(made["id"]), SHOT, private=crypto.new_private())
    file = rescue_file(tablet, vault, [good.bytes, early.bytes, forged.bytes, tablet.seal(vault, made)])
    # when
    words = Page(bring(login(SOLVEIG), file).text).words
    # then
    for said in (
        "1 registrering er lagt inn.", "1 bilde er lagt inn.", "1 bilde ble ikke godtatt.", "Signaturen stemmer ikke. (1)",
        "1 bilde ble ikke tatt inn nå. Det ligger fortsatt på enheten.", "Sjekken det hører til, er ikke lagt inn ennå.",
    ):  # fmt: skip
        assert said in words, said
    (kept,) = all_of(app, Photo)
    assert (str(kept.check_id), str(kept.device_id)) == (str(made["id"]), tablet.device_id)
    assert "1 bilde var her fra før." in bring(login(SOLVEIG), file).text
    assert ask(tablet.http, good)["verdict"]["verdict"] == "duplicate"
    assert len(all_of(app, Photo)) == 1
