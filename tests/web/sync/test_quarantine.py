"""What is not accepted is kept as it came, with a reason, until a person decides; nothing under a false name counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests import packing
from tests.device import Tablet, Vault, uuid7
from tests.people import BERIT, KARI, SOLVEIG, Actor, ident, ref
from tests.web.sync.reading import all_of, ask, change, count, everything
from webapp.db import open_session
from webapp.models import CheckRecord, Device, DeviceSession, Quarantine, QuarantineDecision, User, UserKey
from webapp.sync import crypto, envelope, keys, repair
from webapp.sync.device_changes import revoke
from webapp.sync.people import utc_now
from webapp.sync.repair import Refused, Wish

ASTRID = str(ref("Astrid Lunde"))
NILS = str(ref("Nils Vold"))
FORM = "hud_sjekk"


def broken(payload: dict[str, Any], **news: Any) -> dict[str, Any]:
    return {**payload, **news}


CASES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "another person than any": (lambda p: broken(p, p=str(uuid4())), "unknown_person"),
    "a unit that is not there": (lambda p: broken(p, u=str(uuid4())), "unknown_unit"),
    "a key nobody has": (lambda p: broken(p, key=str(uuid4())), "unknown_key"),
    "another id inside than outside": (lambda p: broken(p, id=str(uuid4())), "id_mismatch"),
    "another installation": (lambda p: broken(p, inst=str(uuid4())), "installation"),
    "an unknown key in the payload": (lambda p: broken(p, name="Astrid"), "payload"),
    "a number where text belongs": (lambda p: broken(p, f=7), "payload"),
    "a bundle that is not there": (lambda p: broken(p, bv=99), "bundle_unknown"),
    "a form that is not there": (lambda p: broken(p, f="nei"), "bundle_unknown"),
    "a bundle of other bytes": (lambda p: broken(p, bh="0" * 64), "bundle_differs"),
    "answers that fit no field": (lambda p: broken(p, a=[9, 9, 9, 9, 9, 9]), "answers"),
    "an option that is not there": (lambda p: broken(p, a=[7]), "answers"),
    "an answer out of range": (lambda p: broken(p, a=[0, 11]), "answers_invalid"),
    "a required answer missing": (lambda p: broken(p, a=[]), "answers_missing"),
    "a context the form does not have": (lambda p: broken(p, c=p["c"] | {"x": "moon"}), "common"),
    "not done without a reason": (lambda p: broken(p, a=[], c=p["c"] | {"o": "not_done"}), "common"),
    "an action that is not there": (lambda p: broken(p, c=p["c"] | {"ac": ["prayed"]}), "common"),
    "a NUL in the note": (lambda p: broken(p, c=p["c"] | {"nt": "a\0b"}), "payload"),
    "history nested too deep": (lambda p: broken(p, prior=p["prior"] | {"facts": {"a": nested(40)}}), "payload"),
}


ONLY_V1 = {
    "another id inside than outside", "another installation", "an unknown key in the payload", "a number where text belongs",
    "a bundle that is not there", "a form that is not there", "a bundle of other bytes",
}  # fmt: skip


def nested(levels: int) -> Any:
    return [] if levels == 0 else [nested(levels - 1)]


VERSIONS = [*((case, 1) for case in CASES), *((case, 2) for case in CASES if case not in ONLY_V1)]


@pytest.mark.parametrize(("case", "version"), VERSIONS)
def test_a_payload_that_is_wrong_is_kept_with_its_reason(app: Flask, tablet: Tablet, vault: Vault, case: str, version: int) -> None:
    edit, reason = CASES[case]
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    sealed = tablet.seal(vault, edit(payload), id=UUID(payload["id"]), version=version)
    (verdict,) = tablet.verdicts([sealed])
    assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", [reason])
    (kept,) = all_of(app, Quarantine)
    assert (kept.envelope, kept.envelope_hash, kept.reasons) == (sealed, verdict["hash"], [reason])
    assert count(app, CheckRecord) == 0


def test_a_check_signed_by_somebody_else_is_not_hers(app: Flask, tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    forged = tablet.seal(vault, payload, private=crypto.new_private())
    assert tablet.verdicts([forged])[0]["reasons"] == ["signature"]
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"
    assert [check.id for check in all_of(app, CheckRecord)] == [UUID(payload["id"])]


def test_the_same_id_with_another_payload_is_a_conflict_and_the_first_stays(app: Flask, tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    second = tablet.check(vault, ASTRID, FORM, {"red": "yes"}, id=first["id"])
    tablet.verdicts([tablet.seal(vault, first)])
    for _ in range(2):
        assert tablet.verdicts([tablet.seal(vault, second)])[0]["reasons"] == ["id_conflict"]
    together = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    other = tablet.check(vault, ASTRID, FORM, {"red": "yes"}, id=together["id"])
    verdicts = tablet.verdicts([tablet.seal(vault, together), tablet.seal(vault, other)])
    assert [one["verdict"] for one in verdicts] == ["accepted", "quarantined"]
    assert {check.answers["red"] for check in all_of(app, CheckRecord)} == {"no"}


def test_rubbish_under_her_id_does_not_make_her_real_check_a_duplicate(tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    rubbish = bytearray(tablet.seal(vault, payload))
    rubbish[200] ^= 255
    assert tablet.verdicts([bytes(rubbish)])[0]["reasons"] == ["unreadable"]
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"


def test_a_nurse_of_another_unit_cannot_record_about_people_here(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    kari = tablet.open_vault(login(KARI))
    payload = tablet.check(kari, ASTRID, FORM, {"red": "no"})
    for unit in (kari.unit, vault.unit):
        (verdict,) = tablet.verdicts([tablet.seal(kari, payload | {"id": str(uuid7()), "u": unit})])
        assert verdict["reasons"] == ["no_access"]
    assert {(kept.user_id, kept.unit_id) for kept in all_of(app, Quarantine)} == {(KARI.id, ident("Fjordsida"))}
    replayed = tablet.seal(kari, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    assert tablet.verdicts([replayed])[0]["reasons"] == ["signature"]


def test_a_pair_the_server_does_not_hold_stays_on_the_device(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}), kid=b"notours!")
    (verdict,) = tablet.verdicts([sealed])
    assert (verdict["verdict"], verdict["reason"]) == ("later", "unknown_kid")
    assert count(app, Quarantine) == 0


def test_what_a_later_release_sealed_stays_on_the_device_until_the_server_has_caught_up(
    app: Flask, tablet: Tablet, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}), version=version) for version in (2, 1)]
    with monkeypatch.context() as earlier:
        earlier.delitem(envelope.SIGNED, 2)
        newer, known = tablet.verdicts(sealed)
    assert (newer["verdict"], newer["reason"], known["verdict"]) == ("later", "newer_app", "accepted")
    assert count(app, Quarantine) == 0
    assert [one["verdict"] for one in tablet.verdicts(sealed)] == ["accepted", "duplicate"]


def test_a_zip_bomb_and_an_unknown_version_are_kept_apart(tablet: Tablet, vault: Vault) -> None:
    bombs = [tablet.seal(vault, bytes(50_000_000), version=version) for version in (1, 2)]
    older = bytes([0]) + tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))[1:]
    packed_view = tablet.seal(vault, b"{}", version=2, kind=envelope.VIEW)
    verdicts = tablet.verdicts([*bombs, older, packed_view])
    assert [one["reasons"] for one in verdicts] == [["payload_too_large"], ["payload_too_large"], ["version_unknown"], ["kind_unknown"]]


def test_a_packed_check_is_bound_to_its_header_and_its_signature_to_the_version(tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    carried = tablet.carried(payload, 2)
    ident = UUID(payload["id"])
    wrong = [
        envelope.Header(2, 1, tablet.kid, tablet.installation, uuid7()), envelope.Header(2, 1, tablet.kid, uuid7(), ident),
    ]  # fmt: skip
    signed = envelope.Header(2, 1, tablet.kid, tablet.installation, ident).signed
    signatures = [crypto.sign(vault.private, envelope.SIGNED[2] + signed + carried)] * 2
    right = envelope.Header(2, 1, tablet.kid, tablet.installation, ident)
    signatures.append(crypto.sign(vault.private, envelope.SIGNED[1] + signed + carried))
    moved = [envelope.seal_signed(head, carried, sign, tablet.seal_to) for head, sign in zip([*wrong, right], signatures, strict=True)]
    assert [one["reasons"] for one in tablet.verdicts(moved)] == [["signature"]] * 3
    assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"


def test_a_packed_check_of_an_unknown_bundle_is_kept_under_its_author_and_the_persons_unit(
    app: Flask, tablet: Tablet, vault: Vault
) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    form = tablet.bundles.form(FORM)
    body = packing.check(payload | {"bh": "0" * 64}, tablet.bundles.bundle_of(form), form)
    (verdict,) = tablet.verdicts([tablet.seal(vault, body, id=UUID(payload["id"]), version=2)])
    assert verdict["reasons"] == ["bundle_unknown"]
    (kept,) = all_of(app, Quarantine)
    assert (kept.user_id, kept.unit_id) == (BERIT.id, UUID(vault.unit))


def lose(app: Flask, tablet: Tablet) -> None:
    with app.app_context(), open_session(app.extensions["engine"], write=True) as session:
        device, solveig = session.get(Device, UUID(tablet.device_id)), session.get(User, SOLVEIG.id)
        assert device is not None
        assert solveig is not None
        revoke(session, device, solveig, "mistet", utc_now())
        session.commit()


def test_a_lost_device_may_still_append_but_a_supervisor_decides(app: Flask, tablet: Tablet, vault: Vault) -> None:
    before = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    tablet.verdicts([before])
    lose(app, tablet)
    after = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}))
    verdicts = tablet.verdicts([before, after])
    assert verdicts[0]["verdict"] == "duplicate"
    assert verdicts[1]["reasons"] == ["compromised"]
    assert tablet.snapshot(vault).status_code == 401
    decided = decide(app, verdicts[1]["hash"], "accept")
    assert decided.check_id == all_of(app, CheckRecord)[1].id
    assert count(app, CheckRecord) == 2
    assert tablet.verdicts([after])[0]["verdict"] == "duplicate"


def decide(app: Flask, envelope_hash: str, decision: str, reason: str = "ringte Berit", **more: Any) -> Any:
    with app.app_context(), open_session(app.extensions["engine"], write=True) as session:
        solveig = session.get(User, SOLVEIG.id)
        assert solveig is not None
        result = repair.decide(session, envelope_hash, Wish(decision, reason, **more), solveig)
        session.commit()
        return result


def test_a_rejected_record_stays_rejected_and_is_never_deleted(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}, p=str(uuid4())))
    (verdict,) = tablet.verdicts([sealed])
    assert isinstance(decide(app, verdict["hash"], "accept"), Refused)
    assert decide(app, verdict["hash"], "reject").decision == "reject"
    assert isinstance(decide(app, verdict["hash"], "accept"), Refused)
    assert tablet.verdicts([sealed])[0]["reasons"] == ["rejected"]
    (kept,) = all_of(app, Quarantine)
    (taken,) = all_of(app, QuarantineDecision)
    assert (kept.envelope, taken.decision, taken.by, taken.reason) == (sealed, "reject", SOLVEIG.id, "ringte Berit")
    assert [(one["hash"], one["decision"]) for one in tablet.pull(vault)["decided"]] == [(verdict["hash"], "reject")]


def forget_enrolment(app: Flask, vault: Vault, *, device: bool) -> None:
    def edit(session: Any) -> None:
        session.execute(delete(DeviceSession))
        session.execute(delete(UserKey).where(UserKey.id == UUID(vault.key_id)))
        if device:
            session.execute(delete(Device))

    change(app, edit)


def test_papers_teach_a_server_restored_from_before_the_enrolment(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    forget_enrolment(app, vault, device=False)
    assert tablet.verdicts([sealed])[0]["reasons"] == ["unknown_key"]
    forged = Vault(**{**vault.__dict__, "papers": vault.papers | {"body": crypto.b64(b'{"user":"x"}')}})
    assert tablet.verdicts([sealed], papers=[forged])[0]["reasons"] == ["unknown_key"]
    assert tablet.verdicts([sealed], papers=[vault])[0]["verdict"] == "accepted"
    assert [one.decision for one in all_of(app, QuarantineDecision)] == ["resolved"]


def test_papers_of_a_forgotten_device_count_when_a_colleague_sends_them(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    forget_enrolment(app, vault, device=True)
    assert tablet.upload([sealed]).status_code == 401
    other = Tablet.enrol(app, login(SOLVEIG), "Nettbrett 2")
    assert other.verdicts([sealed], papers=[vault])[0]["verdict"] == "accepted"
    assert ask(app, lambda s: s.get(Device, UUID(tablet.device_id))) is not None


def test_a_revocation_in_the_key_file_outlives_a_restored_database(app: Flask, tablet: Tablet, vault: Vault) -> None:
    keys.ring(app.config["DATA_DIR"]).revoke_key(UUID(vault.key_id))
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    assert tablet.verdicts([sealed])[0]["reasons"] == ["compromised"]


def test_without_device_or_session_nothing_is_read(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))
    before = everything(app)
    stranger = app.test_client()
    answer = tablet.upload([sealed], http=stranger)
    assert (answer.status_code, answer.get_json()["verdict"]) == (401, "unauthorised")
    assert tablet.upload([sealed], http=stranger, token="x" * 43).status_code == 401
    assert everything(app) == before
    assert tablet.verdicts([sealed], http=stranger, token=vault.token)[0]["verdict"] == "accepted"
