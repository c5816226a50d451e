"""What becomes of an envelope: once, judged again, followed up, and never in the way of the others."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from tests.device import Tablet, Vault, hours_ago, now_oslo, uuid7
from tests.people import BERIT, ref
from tests.web.sync.reading import all_of, ask, change, count
from webapp.models import AccessLog, CheckRecord, Flag, FlagClosing, FlagRaise, Receipt, SeriesGap, Trigger, User, UserKey
from webapp.sync import ahead, envelope

ASTRID = str(ref("Astrid Lunde"))
ODD = str(ref("Odd Brekke"))
FORM = "hud_sjekk"


def test_a_check_arrives_signed_by_its_author_with_both_times(app: Flask, tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no", "remark": "Rolig i dag 😀"}, at=hours_ago(2), c_nt="Følges opp")
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert verdict["verdict"] == "accepted"
    (check,) = all_of(app, CheckRecord)
    assert (check.id, check.author_id, check.author_name) == (UUID(payload["id"]), BERIT.id, BERIT.name)
    assert (check.answers, check.note) == ({"red": "no", "remark": "Rolig i dag 😀"}, "Følges opp")
    assert check.performed_at < check.recorded_at <= check.received_at
    assert (check.key_id, check.device_id, check.series) == (UUID(vault.key_id), UUID(tablet.device_id), 1)
    assert ask(app, lambda s: s.get(UserKey, UUID(vault.key_id))).last_series == 1


def test_the_same_envelope_sent_eight_times_at_once_is_one_row_and_one_receipt(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}))
    clients = [tablet.another_http(app) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda http: tablet.upload([sealed], http=http).get_json(), clients))
    verdicts = [answer["verdicts"][0] for answer in answers]
    assert sorted(one["verdict"] for one in verdicts) == ["accepted"] + ["duplicate"] * 7
    assert len({str(one["receipt"]) for one in verdicts}) == 1
    assert [count(app, model) for model in (CheckRecord, Receipt, Flag, FlagRaise, Trigger)] == [1, 1, 1, 1, 1]


def test_eight_devices_with_batches_about_the_same_people_all_get_through(app: Flask, tablet: Tablet, vault: Vault) -> None:
    people = [ASTRID, ODD, str(ref("Inger Tangen"))]
    batches = [
        [tablet.seal(vault, tablet.check(vault, people[(n + k) % 3], FORM, {"red": "yes"})) for k in range(6)] for n in range(8)
    ]
    clients = [tablet.another_http(app) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: tablet.upload(pair[0], http=pair[1]).get_json(), zip(batches, clients, strict=True)))
    assert {one["verdict"] for answer in answers for one in answer["verdicts"]} == {"accepted"}
    assert count(app, CheckRecord) == 48
    assert (ask(app, lambda s: s.get(UserKey, UUID(vault.key_id))).last_series, count(app, SeriesGap)) == (48, 0)
    assert count(app, Flag, Flag.code == "HUD_RED", Flag.closed_at.is_(None)) == 3
    seqs = [one.seq for one in all_of(app, Receipt)]
    assert len(seqs) == 48


def test_an_answer_lost_after_the_commit_is_given_again_word_for_word(tablet: Tablet, vault: Vault) -> None:
    sealed = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"})) for _ in range(3)]
    lost, again = tablet.verdicts(sealed), tablet.verdicts(sealed)
    assert [one["verdict"] for one in again] == ["duplicate"] * 3
    assert [one["receipt"] for one in lost] == [one["receipt"] for one in again]


def test_the_same_check_sealed_again_for_another_pair_is_the_same_check(app: Flask, tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"})
    one, two = tablet.seal(vault, payload), tablet.seal(vault, payload)
    assert one != two
    verdicts = tablet.verdicts([one, two])
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted", "duplicate"]
    assert verdicts[0]["receipt"] == verdicts[1]["receipt"]
    assert count(app, CheckRecord) == 1


def test_one_bad_record_among_good_ones_stops_nobody(app: Flask, tablet: Tablet, vault: Vault) -> None:
    good = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"})) for _ in range(4)]
    bad = bytearray(tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"})))
    bad[-1] ^= 1
    verdicts = tablet.verdicts([*good[:2], bytes(bad), *good[2:]])
    assert [one["verdict"] for one in verdicts] == ["accepted", "accepted", "quarantined", "accepted", "accepted"]
    assert count(app, CheckRecord) == 4


def test_a_red_finding_opens_one_flag_that_a_second_check_adds_to(app: Flask, tablet: Tablet, vault: Vault) -> None:
    for _ in range(2):
        tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}))])
    (red,) = all_of(app, Flag, Flag.code == "HUD_RED")
    assert red.closed_at is None
    assert count(app, FlagRaise, FlagRaise.flag_id == red.id) == 2


def test_a_flag_that_a_newer_check_does_not_raise_stays_open_and_says_so(app: Flask, tablet: Tablet, vault: Vault) -> None:
    for answer in ("yes", "no"):
        tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": answer}))])
    (red,) = all_of(app, Flag)
    assert red.closed_at is None
    assert red.not_found_last


def test_what_the_server_knows_more_adds_flags_and_is_no_mismatch(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}, at=hours_ago(3)))])
    blind = tablet.check(vault, ASTRID, FORM, {"red": "yes"})  # made without that history
    assert blind["fl"] == [["HUD_RED", ""]]
    (verdict,) = tablet.verdicts([tablet.seal(vault, blind)])
    assert ["HUD_STILL_RED", ""] in verdict["flags"]
    assert count(app, AccessLog, AccessLog.action == "rejudge_mismatch") == 0


def test_flags_that_differ_on_the_same_history_are_logged_as_an_error(app: Flask, tablet: Tablet, vault: Vault) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "yes"}, fl=[])
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert verdict["verdict"] == "accepted"
    (row,) = all_of(app, AccessLog, AccessLog.action == "rejudge_mismatch")
    assert row.detail == {"check": payload["id"], "device": [], "server": [["HUD_RED", ""]]}


def test_checks_of_one_batch_are_history_to_each_other(tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, ASTRID, FORM, {"red": "yes"}, at=hours_ago(1))
    second = tablet.check(vault, ASTRID, FORM, {"red": "yes"})
    verdicts = tablet.verdicts([tablet.seal(vault, first), tablet.seal(vault, second)])
    assert ["HUD_STILL_RED", ""] in verdicts[1]["flags"]


@pytest.mark.parametrize("together", [True, False])
def test_a_correction_closes_what_it_no_longer_raises_and_both_stay(app: Flask, tablet: Tablet, vault: Vault, together: bool) -> None:
    first = tablet.check(vault, ASTRID, FORM, {"red": "yes"})
    second = tablet.check(vault, ASTRID, FORM, {"red": "no"}, sup=[first["id"], "feil svar"], at=first["at"])
    sealed = [tablet.seal(vault, first), tablet.seal(vault, second)]
    for batch in [sealed] if together else [[one] for one in sealed]:
        assert {one["verdict"] for one in tablet.verdicts(batch)} == {"accepted"}
    (flag,) = all_of(app, Flag)
    assert flag.closed_at is not None
    assert all_of(app, FlagClosing)[0].outcome == "corrected"
    assert count(app, CheckRecord) == 2
    assert count(app, Trigger) == 0


def test_a_correction_that_comes_before_its_original_still_holds(app: Flask, tablet: Tablet, vault: Vault) -> None:
    first = tablet.check(vault, ASTRID, FORM, {"red": "yes"})
    second = tablet.check(vault, ASTRID, FORM, {"red": "no"}, sup=[first["id"], "feil svar"])
    for payload in (second, first):
        assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"
    assert count(app, Flag) == 0
    person = next(one for one in tablet.pull(vault)["people"] if one["ref"] == ASTRID)
    assert {check["id"]: check["superseded_by"] for check in person["checks"]} == {first["id"]: second["id"], second["id"]: None}


def test_a_tap_on_fixed_now_leaves_nothing_to_follow_up(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no", "care": "no"}))])
    tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no", "care": "no"}, c_ac=["fixed_now"]))])
    (flag,) = all_of(app, Flag)
    closing = all_of(app, FlagClosing)[0]
    assert (flag.closed_at is not None, closing.outcome, closing.by) == (True, "fixed_now", BERIT.id)


@pytest.mark.parametrize(("hours", "code"), [
    (73, "LATE_ENTRY"), (72.1, "LATE_ENTRY"), (71.9, None), (0, None), (-4.5 / 60, None), (-6 / 60, "CLOCK_AHEAD"), (-1, "CLOCK_AHEAD"),
])  # fmt: skip
def test_a_wild_clock_is_marked_and_never_refused(app: Flask, tablet: Tablet, vault: Vault, hours: float, code: str | None) -> None:
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"}, at=hours_ago(hours))
    (verdict,) = tablet.verdicts([tablet.seal(vault, payload)])
    assert verdict["verdict"] == "accepted"
    assert verdict["flags"] == ([[code, ""]] if code else [])
    assert count(app, Flag) == 0


@pytest.mark.parametrize("version", [1, 2])
def test_times_are_kept_as_sent_with_their_offset_and_the_clocks_evidence(
    app: Flask, tablet: Tablet, vault: Vault, version: int
) -> None:
    clock = {"s": "2026-11-23T08:00:00.000+00:00", "d": "2026-11-23T10:00:00.000+01:00", "n": "2026-11-23T11:00:00.000+01:00"}
    payload = tablet.check(vault, ASTRID, FORM, {"red": "no"}, at="2026-11-20T23:30:00+05:00", clk=clock)
    tablet.verdicts([tablet.seal(vault, payload, version=version)])
    (check,) = all_of(app, CheckRecord)
    assert (check.performed_at.isoformat(), check.performed_offset_min) == ("2026-11-20T18:30:00+00:00", 300)
    kept = {name: datetime.fromisoformat(told) for name, told in check.clock.items()}
    told = clock | {"estimate": "2026-11-23T09:00:00+00:00", "after": "2026-11-23T08:00:00+00:00"}
    assert kept == {name: datetime.fromisoformat(text) for name, text in told.items()}
    assert version == 2 or check.clock == told


def test_work_done_under_a_retired_key_or_before_an_account_closed_is_taken_in(app: Flask, tablet: Tablet, vault: Vault) -> None:
    sealed = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))

    def close(session) -> None:  # type: ignore[no-untyped-def]
        session.get(User, BERIT.id).disabled_at = now_oslo()
        session.get(UserKey, UUID(vault.key_id)).status = "retired"

    change(app, close)
    assert tablet.verdicts([sealed])[0]["verdict"] == "accepted"


def test_offline_views_become_rows_of_the_access_log_once(app: Flask, tablet: Tablet, vault: Vault) -> None:
    vault.series += 1
    view = {
        "id": str(uuid7()), "kind": "view", "inst": str(tablet.installation), "key": vault.key_id, "n": vault.series,
        "u": vault.unit, "rec": hours_ago(0), "clk": {"s": None, "d": None, "n": hours_ago(0)}, "app": "test",
        "v": [[ASTRID, hours_ago(1), "person"], [ODD, hours_ago(0.5), "check"], [None, hours_ago(0.4), "search"]],
    }  # fmt: skip
    sealed = tablet.seal(vault, view)
    assert [tablet.verdicts([sealed])[0]["verdict"] for _ in range(2)] == ["accepted", "duplicate"]
    rows = all_of(app, AccessLog, AccessLog.detail["offline"].as_boolean())
    told = [(row.action, row.patient_id, row.unit_id) for row in sorted(rows, key=lambda row: row.at)]
    unit = UUID(vault.unit)
    assert told == [("person", UUID(ASTRID), unit), ("check", UUID(ODD), unit), ("search", None, unit)]


@pytest.mark.parametrize("statement", ["UPDATE check_record SET note = 'x'", "DELETE FROM check_record"])
def test_the_database_itself_refuses_to_change_or_delete_a_check(app: Flask, tablet: Tablet, vault: Vault, statement: str) -> None:
    tablet.verdicts([tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}))])
    with pytest.raises(DBAPIError):
        change(app, lambda session: session.execute(text(statement)))
    assert count(app, CheckRecord, CheckRecord.note == "") == 1


def test_verdicts_of_a_large_batch_come_compressed_to_whoever_takes_it(tablet: Tablet, vault: Vault) -> None:
    sealed = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"})) for _ in range(8)]
    plain = tablet.upload(sealed)
    packed = tablet.http.post(
        "/sync/envelopes", data=envelope.frame(sealed), content_type="application/octet-stream", headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    told = msgspec.json.decode(gzip.decompress(packed.data))["verdicts"]
    assert [one["receipt"] for one in told] == [one["receipt"] for one in plain.get_json()["verdicts"]]


@pytest.mark.parametrize("together", [True, False])
def test_a_record_that_names_somebody_elses_check_undoes_nothing_of_hers(app: Flask, tablet: Tablet, vault: Vault, together: bool) -> None:
    ill = tablet.check(vault, ASTRID, FORM, {"red": "yes"})
    wrong = tablet.check(vault, ODD, FORM, {"red": "no"}, sup=[ill["id"], "feil person"])
    sealed = [tablet.seal(vault, ill), tablet.seal(vault, wrong)]
    said = [one for batch in ([sealed] if together else [[one] for one in sealed]) for one in tablet.verdicts(batch)]
    assert [one.get("reasons", one["verdict"]) for one in said] == ["accepted", ["corrects_other"]]
    (flag,) = all_of(app, Flag)
    assert (flag.closed_at, flag.patient_id) == (None, UUID(ASTRID))
    assert [one.patient_id for one in all_of(app, Trigger)] == [UUID(ASTRID)]


def test_a_record_that_named_somebody_elses_check_before_that_one_came_undoes_nothing_of_hers(
    app: Flask, tablet: Tablet, vault: Vault
) -> None:
    ill = tablet.check(vault, ASTRID, FORM, {"red": "yes"})
    wrong = tablet.check(vault, ODD, FORM, {"red": "no"}, sup=[ill["id"], "feil person"])
    for payload in (wrong, ill):
        assert tablet.verdicts([tablet.seal(vault, payload)])[0]["verdict"] == "accepted"
    (flag,) = all_of(app, Flag)
    assert (flag.closed_at, flag.patient_id) == (None, UUID(ASTRID))


def test_what_changed_between_reading_and_the_lock_is_read_again(
    app: Flask, tablet: Tablet, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process stores a check of the same person after her past was read and before this batch has the lock."""
    other = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}, at=hours_ago(5)))
    mine = tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "yes"}, at=hours_ago(1)))
    read = ahead.prepare
    cut_in = [other]

    def prepare(*args: Any) -> ahead.Ahead:
        found = read(*args)
        while cut_in:
            assert tablet.verdicts([cut_in.pop()], http=tablet.another_http(app))[0]["verdict"] == "accepted"
            change(app, lambda session: session.execute(update(Flag).values(closed_at=now_oslo())))  # else the index would tell
        return found

    monkeypatch.setattr(ahead, "prepare", prepare)
    (verdict,) = tablet.verdicts([mine])
    assert sorted(code for code, _ in verdict["flags"]) == ["HUD_RED", "HUD_STILL_RED"]
    assert count(app, Flag, Flag.code == "HUD_RED") == 2


def test_what_a_device_recorded_is_in_the_access_log_once_with_who_when_and_where(app: Flask, tablet: Tablet, vault: Vault) -> None:
    check = tablet.check(vault, ASTRID, FORM, {"red": "no"}, at=hours_ago(2))
    envelope = tablet.seal(vault, check)
    tablet.verdicts([envelope])
    tablet.verdicts([envelope])  # its answer was lost
    (row,) = all_of(app, AccessLog, AccessLog.action == "check_recorded")
    assert (row.user_id, row.role, str(row.patient_id), str(row.device_id)) == (BERIT.id, "nurse", ASTRID, tablet.device_id)
    assert (row.at, row.detail["offline"]) == (datetime.fromisoformat(check["rec"]), True)
    assert (row.detail["check"], row.detail["from"]) == (check["id"], [vault.unit])
