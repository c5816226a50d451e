"""Photos on their way: in the background, past a server that stops, to one out of an old backup, and when nobody wants them any more."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import select

from tests.browser.background import sends_when_closed
from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.browser.test_photos import GONE, SHOT, STATES, finds, parts_heard
from tests.browser.test_refill import go_back, yesterday
from tests.engines.driver import until
from tests.fixtures.servers import Live
from tests.people import SOLVEIG
from tests.web.sync.photos import switch
from tests.web.sync.reading import all_of
from tests.web.sync.test_quarantine import decide
from webapp.db import open_session
from webapp.models import CheckRecord, Device, Photo, Quarantine, User, utc_now
from webapp.sync import envelope
from webapp.sync.device_changes import revoke

IS = "async () => await (" + STATES + ")() === '{}'"
LEFT = """async () => (await (await import('/sw/store.js')).all('photos')).map(one => `${one.state}:${one.locked !== null}`).join()"""
BEING_SENT = """() => new Promise(held => {
  void navigator.locks.request("tryggrunde-photos", () => { held(); return new Promise(done => { window.through = done; }); });
})"""
NO_ROOM_UNTIL_A_COPY_IS_GONE = """() => {
  const { put, add, delete: remove } = IDBObjectStore.prototype;
  let full = true;
  IDBObjectStore.prototype.delete = function (...given) {
    if (this.name === "photos") full = false;
    return remove.apply(this, given);
  };
  for (const [name, before] of [["put", put], ["add", add]]) IDBObjectStore.prototype[name] = function (...given) {
    if (full && this.name !== "meta") { this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }
    return before.apply(this, given);
  };
}"""
STUMBLES = """async () => {
  const store = await import("/sw/store.js");
  const { uploadPhotos } = await import("/sw/photo_upload.js");
  const names = ["0", "1", "2", "3", "4", "5"];
  const row = { name: "p", vault: 1, taken: "", state: "waiting", locked: null, bytes: new Uint8Array(9), at: null, reason: "" };
  for (const name of names) await store.put("photos", name + "/p", { ...row, check: name, id: "i" + name, hash: "h" + name });
  const answer = async (url, { method }) => {
    const n = url.at(-1);
    if (method === "POST" && n < "4") return new Response("", { status: 500 });
    const said = { wire: 1, server_time: "2026-11-25T12:00:00.000+00:00", epoch: "e", offset: 0 };
    if (method === "POST") said.verdict = { id: "i" + n, hash: "h" + n, verdict: "accepted" };
    return new Response(JSON.stringify(said), { headers: { "Content-Type": "application/json" } });
  };
  for (let round = 0; round < 3; round++) await uploadPhotos({ token: null, shell: "x", fetch: answer });
  return (await Promise.all(names.map(name => store.get("photos", name + "/p")))).map(one => one.state);
}"""

pytestmark = pytest.mark.usefixtures("photos_on")


def test_photos_go_in_the_background_with_every_window_closed(berit_on_her_own: Tablet, live: Live) -> None:
    # given: the server has the check, and the line is lost before its photo
    berit_on_her_own.context.route(lambda url: "/sync/photos/" in url, lambda route: route.abort())
    finds(berit_on_her_own).take(SHOT).shows(1).form.ready().save()
    berit_on_her_own.until(GONE)
    assert all_of(live.app, Photo) == []
    # when the app is closed, and the browser finds the net again
    sends_when_closed(berit_on_her_own, berit_on_her_own.context.unroute_all)
    # then the photo is home
    until(lambda: all_of(live.app, Photo), "the photo")


def test_a_server_that_stops_in_the_middle_gets_the_rest_when_it_is_back(berit: Tablet, live: Live) -> None:
    posted: list[int] = []
    received = parts_heard(live.app)

    def stops(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(int(route.request.headers["x-offset"]))
            if len(posted) == 2:
                live.stop()
        route.continue_()

    berit.context.route(lambda url: "/sync/photos/" in url, stops)
    finds(berit).take(SHOT).shows(1).form.ready().save()
    until(lambda: berit.page.title() and len(posted) == 2, "half the photo")
    live.start()
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'received' }")
    assert received[:2] == [0, posted[1]]
    assert received == sorted(set(received))
    assert len(all_of(live.app, Photo)) == 1


def test_a_server_that_asks_for_time_gets_it_for_photos_too(berit: Tablet, live: Live) -> None:
    tries: list[float] = []

    def busy(route: Route) -> None:
        tries.append(time.monotonic())
        route.fulfill(status=429, headers={"Retry-After": "3"}, body="")

    berit.context.route(lambda url: "/sync/photos/" in url, busy)
    finds(berit).take(SHOT).shows(1).form.ready().save()
    until(lambda: berit.page.title() and tries, "the first try")
    for what in ("new Event('online')", "new FocusEvent('focus')", "new Event('pageshow')"):
        berit.run(f"async () => {{ dispatchEvent({what}); await (await import('/sw/sync.js')).flush(); }}")
    assert len(tries) == 1
    berit.context.unroute_all()
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'received' }")
    assert time.monotonic() - tries[0] >= 2.9
    assert len(all_of(live.app, Photo)) == 1


def test_photos_that_the_server_stumbles_over_stand_before_no_others(lab: Tablet) -> None:
    found = lab.run(STUMBLES)
    assert found == ["waiting", "waiting", "waiting", "waiting", "received", "received"]


def test_a_server_out_of_an_old_backup_gets_the_photos_again_with_their_checks(berit: Tablet, live: Live, tmp_path: Path) -> None:
    # given: yesterday's backup, then a check with a photo that the server has had
    restore = yesterday(live, tmp_path)
    check_id = finds(berit).take(SHOT).shows(1).form.ready().save().check_id
    berit.until(IS.format("received"))
    # when the server comes back as it was
    go_back(live, restore)
    assert all_of(live.app, Photo) == []
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    # then both are there again, once
    until(lambda: berit.page.title() and all_of(live.app, Photo), "the photo again")
    assert [str(row.id) for row in all_of(live.app, CheckRecord)] == [check_id]
    assert [str(row.check_id) for row in all_of(live.app, Photo)] == [check_id]


def test_photos_that_a_restored_server_lost_are_counted_before_they_are_on_their_way(berit: Tablet, live: Live, tmp_path: Path) -> None:
    # given: a photo that the server has had, and other photos that are being sent
    restore = yesterday(live, tmp_path)
    finds(berit).take(SHOT).shows(1).form.ready().save()
    berit.until(IS.format("received"))
    berit.run(BEING_SENT)
    # when the server comes back without it, and the check is home again
    go_back(live, restore)
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    berit.until(GONE)
    assert len(all_of(live.app, CheckRecord)) == 1
    # then nothing says that all has arrived, and it goes when the others are through
    assert berit.run("async () => (await (await import('/sw/photo_rows.js')).waiting()).photos") == 1
    berit.run("async () => { window.through(); await (await import('/sw/sync.js')).flush() }")
    until(lambda: berit.page.title() and all_of(live.app, Photo), "the photo again")


def test_a_photo_that_the_server_lost_after_its_copy_made_room_is_said_to_be_gone(berit: Tablet, live: Live, tmp_path: Path) -> None:
    # given: yesterday's backup, then a check with a photo that the server has had, and a disk on which its copy went to make room
    restore = yesterday(live, tmp_path)
    check_id = finds(berit).take(SHOT).shows(1).form.ready().save().check_id
    berit.until(IS.format("received"))
    berit.run(NO_ROOM_UNTIL_A_COPY_IS_GONE)
    finds(berit, "Astrid Lunde")
    berit.until(IS.format(""))
    # when the server comes back as it was
    go_back(live, restore)
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    # then the check is there again, and it is said that its photo is not, for as long as its record is kept
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'refused' }")
    assert [str(row.id) for row in all_of(live.app, CheckRecord)] == [check_id]
    sent = Round(berit.page).home().sent()
    expect(sent.group("Mottatt")).to_contain_text("Et bilde ble ikke tatt imot. Serveren har mistet det")


def test_a_photo_whose_copy_made_room_is_not_said_to_be_gone_while_the_server_has_it(berit: Tablet, live: Live, tmp_path: Path) -> None:
    # given: a photo that the backup has too, and whose copy went to make room
    finds(berit).take(SHOT).shows(1).form.ready().save()
    berit.until(IS.format("received"))
    restore = yesterday(live, tmp_path)
    berit.run(NO_ROOM_UNTIL_A_COPY_IS_GONE)
    result = finds(berit, "Astrid Lunde").form.ready().save()
    berit.until(IS.format(""))
    berit.until(GONE)
    # when the server comes back as it was then
    go_back(live, restore)
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    # then the server names it once more, and nothing is said to be gone
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'received' }")
    assert len(all_of(live.app, Photo)) == 1
    assert result.check_id in {str(row.id) for row in all_of(live.app, CheckRecord)}


def test_a_municipality_that_switches_photos_off_meanwhile_is_said_beside_the_check(berit: Tablet, live: Live) -> None:
    # given: a photo taken while they were on
    live.stop()
    finds(berit).take(SHOT).shows(1).form.ready().save()
    # when they are off before it is sent
    switch(live.app, 0)
    live.start()
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === 'refused' }")
    # then the check is received, and the sentence stands beside it
    sent = Round(berit.page).home().sent()
    expect(sent.group("Mottatt")).to_contain_text("Et bilde ble ikke tatt imot. Kommunen tar ikke imot bilder nå.")
    assert len(all_of(live.app, CheckRecord)) == 1
    assert all_of(live.app, Photo) == []


def test_a_lost_device_can_show_no_photo_and_its_sealed_one_comes_in_with_the_check(berit: Tablet, live: Live) -> None:
    # given: a check with a photo, unsent, and another photo of a begun check; then the device is reported lost
    live.stop()
    finds(berit).take(SHOT).shows(1).form.ready().save()
    finds(berit, "Astrid Lunde").take(SHOT).shows(1)
    with live.app.app_context(), open_session(live.app.extensions["engine"], write=True) as session:
        (device,) = session.scalars(select(Device))
        revoke(session, device, session.get_one(User, SOLVEIG.id), "mistet", utc_now())
        session.commit()
    # when it has contact again
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    expect(berit.page.get_by_role("main")).to_contain_text("Denne enheten er sperret.")
    # then nothing on it can be shown, and only what was sealed is left
    berit.until("async () => await (" + LEFT + ")() === 'waiting:false'")
    until(lambda: berit.page.title() and all_of(live.app, Quarantine, Quarantine.reasons != []), "the check")
    (kept,) = [one for one in all_of(live.app, Quarantine) if envelope.read_header(one.envelope).kind == envelope.CHECK]
    assert all_of(live.app, Photo) == []
    # and: the supervisor takes the check in, and the photo follows
    assert decide(live.app, kept.envelope_hash, "accept").decision == "accept"
    berit.until("async () => { dispatchEvent(new Event('online')); return await (" + STATES + ")() === '' }")  # answered, and gone
    assert [row.check_id for row in all_of(live.app, Photo)] == [kept.claimed_id]
