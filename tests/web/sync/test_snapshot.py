"""What a person may hold on a device, what changed since, and what happens when the server goes back in time."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from tests.device import Tablet, Vault, hours_ago
from tests.people import BERIT, KARI, PER, Actor, ident, ref
from tests.web.sync.reading import all_of, ask, change, count
from webapp.db import open_session
from webapp.models import AccessLog, Device, Episode, FeedHead, FeedRow, Membership, Patient, User, Visit
from webapp.sync import feed, world
from webapp.sync.people import OSLO

ASTRID, ODD, INGER, NILS = (str(ref(name)) for name in ("Astrid Lunde", "Odd Brekke", "Inger Tangen", "Nils Vold"))
FORM = "hud_sjekk"


def send(tablet: Tablet, vault: Vault, person: str = ASTRID, red: str = "no") -> dict[str, Any]:
    (verdict,) = tablet.verdicts([tablet.seal(vault, tablet.check(vault, person, FORM, {"red": red}))])
    assert verdict["verdict"] == "accepted"
    return verdict


def test_a_first_snapshot_holds_the_route_in_full_and_nothing_of_another_unit(app: Flask, tablet: Tablet, vault: Vault) -> None:
    change(app, lambda s: s.execute(update(Patient).values(national_id="13097248022").where(Patient.id == ref("Astrid Lunde"))))
    change(app, lambda s: s.execute(delete(Visit).where(Visit.patient_id == ref("Inger Tangen"))))
    told = tablet.pull(vault)
    assert (told["full"], told["route"]) == (True, [ASTRID, ODD])
    assert [person["ref"] for person in told["people"]] == [ASTRID, ODD]
    inger = {"ref": INGER, "unit": str(ident("Fjordsida")), "name": "Inger Tangen", "born": "1949-07-14", "address": "Fjordveien 1"}
    assert told["others"] == [inger]
    raw = msgspec.json.encode(told)
    assert b"13097248022" not in raw
    assert NILS.encode() not in raw
    assert b"Nils Vold" not in raw


def test_kari_sees_nothing_of_berits_unit(app: Flask, login: Callable[[Actor], FlaskClient]) -> None:
    client = login(KARI)
    tablet = Tablet.enrol(app, client)
    raw = msgspec.json.encode(tablet.pull(tablet.open_vault(client)))
    assert NILS.encode() in raw
    for hidden in (ASTRID, ODD, INGER, "Astrid", "Fjordsida"):
        assert hidden.encode() not in raw


def test_the_second_snapshot_costs_what_changed(tablet: Tablet, vault: Vault) -> None:
    tablet.pull(vault)
    assert tablet.pull(vault)["people"] == []
    send(tablet, vault, ODD, "yes")
    told = tablet.pull(vault)
    assert [person["ref"] for person in told["people"]] == [ODD]
    assert [flag["code"] for flag in told["people"][0]["flags"]] == ["HUD_RED"]
    assert not told["full"]
    assert tablet.pull(vault)["people"] == []


def test_somebody_who_leaves_the_route_is_named_and_comes_back_in_full(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.pull(vault)

    def reroute(session: Any, who: Any) -> None:
        session.execute(update(Visit).where(Visit.patient_id == ref("Odd Brekke")).values(user_id=who))
        feed.touch(session, ref("Odd Brekke"), ident("Fjordsida"), "visit")

    change(app, lambda session: reroute(session, ident("amina")))
    told = tablet.pull(vault)
    assert (told["route"], told["gone"]) == ([ASTRID, INGER], [ODD])
    change(app, lambda session: reroute(session, None))
    assert [person["ref"] for person in tablet.pull(vault)["people"]] == [ODD]


def test_the_next_shift_comes_onto_the_route_by_the_clock_alone(app: Flask) -> None:
    def at(hour: int, day: int = 0) -> list[str]:
        now = datetime.now(OSLO).replace(hour=hour, minute=30) + timedelta(days=day)
        with app.app_context(), open_session(app.extensions["engine"], write=False) as session:
            berit = session.get(User, BERIT.id)
            assert berit is not None
            return [str(one) for one in world.route(session, berit, now)]

    today = datetime.now(OSLO).date()
    rows = [
        Visit(patient_id=ref("Astrid Lunde"), unit_id=ident("Fjordsida"), on=today + timedelta(days=1), at="08:00", shift="day"),
        Visit(patient_id=ref("Odd Brekke"), unit_id=ident("Fjordsida"), on=today, at="23:30", shift="night"),
        Visit(patient_id=ref("Inger Tangen"), unit_id=ident("Fjordsida"), on=today + timedelta(days=1), at="19:00", shift="evening"),
    ]
    change(app, lambda s: s.execute(delete(Visit)))
    change(app, lambda s: s.add_all(rows))
    assert at(10) == [ODD]
    assert at(16) == [ODD, ASTRID]
    assert at(3, day=1) == [ODD, ASTRID, INGER]


def test_a_person_moved_to_another_unit_disappears_from_the_device(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.pull(vault)

    def move(session: Any) -> None:
        session.execute(update(Patient).where(Patient.id == ref("Odd Brekke")).values(unit_id=ident("Sentrum")))
        for unit in ("Fjordsida", "Sentrum"):
            feed.touch(session, ref("Odd Brekke"), ident(unit), "moved")

    change(app, move)
    told = tablet.pull(vault)
    assert (told["gone"], told["people"]) == ([ODD], [])
    assert ODD not in msgspec.json.encode([told["route"], told["others"]]).decode()


@pytest.mark.parametrize(("days", "here"), [(-1, True), (2, True), (3, False), (400, False)])
def test_somebody_whose_service_has_ended_stays_for_late_records_and_then_leaves(
    app: Flask, tablet: Tablet, vault: Vault, days: int, here: bool
) -> None:
    tablet.pull(vault)
    end = datetime.now(OSLO).date() - timedelta(days=days)

    def end_service(session: Any) -> None:
        session.execute(update(Episode).where(Episode.patient_id == ref("Odd Brekke")).values(end=end))
        feed.touch(session, ref("Odd Brekke"), ident("Fjordsida"), "ended")

    change(app, end_service)
    told = tablet.pull(vault)
    assert (ODD in told["route"], ODD not in told["gone"]) == (here, here)
    whole = tablet.pull(vault, cursor=None)
    assert (ODD in msgspec.json.encode(whole).decode()) is here


def test_a_nurse_who_changes_unit_gets_her_new_world_whole(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.pull(vault)
    change(app, lambda s: s.execute(update(Membership).where(Membership.user_id == BERIT.id).values(unit_id=ident("Sentrum"))))
    told = tablet.pull(vault)
    assert (told["full"], told["route"]) == (True, [NILS])


def test_a_cursor_that_is_invented_or_anothers_gives_everything(tablet: Tablet, vault: Vault) -> None:
    true = tablet.pull(vault)["cursor"].split(".")
    for n, other in ((1, "999"), (2, "A" * 16), (4, "0" * 12), (0, "another")):
        invented = ".".join([*true[:n], other, *true[n + 1 :]])
        assert tablet.pull(vault, cursor=invented)["full"]
    assert tablet.pull(vault, cursor=true[0])["full"]
    assert tablet.pull(vault, cursor=".".join(true))["epoch"] == true[0]


def test_the_snapshot_is_logged_with_who_and_where(app: Flask, tablet: Tablet, vault: Vault) -> None:
    tablet.pull(vault, holds={"waiting": 3, "drafts": 1, "more": {"a": [1]}})
    (row,) = all_of(app, AccessLog, AccessLog.action == "snapshot")
    assert (row.user_id, str(row.device_id), row.detail) == (BERIT.id, tablet.device_id, {"full": True, "people": 3})
    reported = ask(app, lambda s: s.scalar(select(Device.reported)))
    assert (reported["waiting"], reported["drafts"]) == (3, 1)


def test_a_closed_account_or_an_administrator_gets_no_snapshot(
    app: Flask, tablet: Tablet, vault: Vault, login: Callable[[Actor], FlaskClient]
) -> None:
    change(app, lambda s: s.execute(update(User).where(User.id == BERIT.id).values(disabled_at=datetime.now(UTC))))
    assert tablet.snapshot(vault).status_code == 401
    assert login(PER).post("/device/enrolment", json={"name": "x"}).status_code == 403


def test_numbers_commit_in_order_while_long_transactions_overlap(app: Flask) -> None:
    """Four writers, each slow after its first touch: whoever reads the feed at any moment misses nothing later."""
    seen: list[int] = []
    missed: list[int] = []
    stop = threading.Event()
    engine = app.extensions["engine"]
    change(app, feed.ensure_head)

    def write(n: int) -> None:
        with app.app_context():
            for k in range(8):
                with open_session(engine, write=True) as session:
                    session.add(AccessLog(action=f"w{n}", detail={"k": k}))
                    feed.touch(session, ref("Odd Brekke"), ident("Fjordsida"), "check")
                    session.flush()
                    stop.wait(0.003 * ((n + k) % 4))
                    session.commit()

    def read() -> None:
        last = 0
        while not stop.is_set():
            with open_session(engine, write=False) as session:
                rows = session.execute(select(FeedRow.seq).order_by(FeedRow.seq)).scalars().all()
            missed.extend(seq for seq in rows if seq <= last and seq not in seen)
            seen.extend(seq for seq in rows if seq not in seen)
            last = max(rows, default=0)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert missed == []
    assert ask(app, lambda s: s.scalar(select(FeedHead.seq))) == 33
    assert count(app, FeedRow) == 33


def lost(app: Flask, ahead: int) -> str:
    """A seq.tag that this server gave out before a backup was put back: its row is not there, or is another."""
    with app.app_context():
        seq = ask(app, lambda s: s.scalar(select(FeedHead.seq))) + ahead
        return f"{seq}.{feed.new_tag(seq)}"


@pytest.mark.parametrize("ahead", [0, 40])
def test_a_cursor_of_a_lost_time_starts_a_new_epoch_and_a_whole_snapshot(app: Flask, tablet: Tablet, vault: Vault, ahead: int) -> None:
    old = tablet.pull(vault)["cursor"].split(".")
    told = tablet.pull(vault, cursor=".".join([old[0], lost(app, ahead), *old[3:]]))
    assert told["full"]
    assert told["epoch"] != old[0]
    again = tablet.pull(vault)
    assert (again["epoch"], again["full"]) == (told["epoch"], False)


def test_a_shown_receipt_the_server_lost_starts_one_epoch_however_many_devices_show_theirs(
    app: Flask, tablet: Tablet, vault: Vault
) -> None:
    old = tablet.pull(vault)["epoch"]
    shown = [lost(app, ahead) for ahead in (30, 20, 0)]
    epochs = []
    for tablet.last_receipt in shown:
        epochs.append(tablet.upload([]).get_json()["epoch"])
    assert len({*epochs}) == 1
    assert epochs[0] != old
    for tablet.last_receipt in ("9999.AAAAAAAAAAAAAAAA", "1", "x.y", "9" * 70):
        assert tablet.upload([]).get_json()["epoch"] == epochs[0]
    receipt = send(tablet, vault)["receipt"]["seq_tag"]
    assert int(receipt.split(".")[0]) > int(shown[0].split(".")[0])


def test_a_real_backup_put_back_is_noticed_and_refilled_from_the_devices(
    sqlite_app: Flask, login_sqlite: FlaskClient, tmp_path: Path
) -> None:
    app = sqlite_app
    tablet = Tablet.enrol(app, login_sqlite)
    vault = tablet.open_vault(login_sqlite)
    file = Path(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
    change(app, feed.ensure_head)
    with app.extensions["engine"].connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, tmp_path / "backup.db")
    sealed = [tablet.seal(vault, tablet.check(vault, ASTRID, FORM, {"red": "no"}, at=hours_ago(n))) for n in range(3)]
    first = tablet.upload(sealed).get_json()
    tablet.last_receipt = first["verdicts"][0]["receipt"]["seq_tag"]
    app.extensions["engine"].dispose()
    for leftover in ("-wal", "-shm"):
        Path(str(file) + leftover).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", file)
    again = tablet.upload([]).get_json()
    assert again["epoch"] != first["epoch"]
    assert [one["verdict"] for one in tablet.verdicts(sealed)] == ["accepted"] * 3
