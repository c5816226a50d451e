"""Saved means safe: what "Lagret" promises, from the tap to the server's verdict."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Route, expect
from sqlalchemy import update

from tests.browser.outbox import OUTBOX, record_not_done, stored
from tests.browser.pages.bedside import Round
from tests.browser.tablet import PIN, READY, Tablet
from tests.fixtures.servers import Live
from tests.people import BERIT
from webapp import db
from webapp.models import DeviceSession


def test_a_saved_check_arrives_once_with_its_author(berit: Tablet, live: Live) -> None:
    check_id = record_not_done(berit)
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    found = stored(live.app)
    assert [(str(one.id), one.author_name, one.outcome) for one in found] == [(check_id, "Berit Nygård", "not_done")]
    berit.page.goto(berit.url + "/round/sent")
    berit.page.wait_for_selector(READY)
    berit.unlock()
    expect(berit.page.get_by_role("status").filter(has_text="igjen på denne enheten")).to_contain_text("0")


def test_a_check_saved_with_the_server_gone_waits_and_arrives_when_it_is_back(berit: Tablet, live: Live) -> None:
    live.stop()
    check_id = record_not_done(berit)
    assert berit.run(OUTBOX)[0]["state"] == "waiting"
    expect(berit.page.locator("#sync-line")).to_have_text("1 venter")
    expect(berit.page.locator("#saved-state")).to_contain_text("Lagret på denne enheten")
    expect(berit.page.get_by_role("navigation")).to_contain_text("Sendt1")
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => (await ({OUTBOX})())[0].state === 'received'")
    expect(berit.page.locator("#sync-line")).to_have_text("Alt er sendt")
    expect(berit.page.locator("#saved-state")).to_contain_text("Mottatt")
    expect(berit.page.get_by_role("navigation")).not_to_contain_text("Sendt1")
    assert [str(one.id) for one in stored(live.app)] == [check_id]


def test_a_locked_device_still_sends_what_is_saved(berit: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit)
    berit.lock()
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => (await ({OUTBOX})())[0].state === 'received'")
    assert len(stored(live.app)) == 1


ANSWERS: dict[str, Callable[[Route], None]] = {
    "session expired": lambda route: route.fulfill(
        status=401, content_type="application/json", body='{"verdict":"unauthorised","message":"x"}'),
    "redirect to log-in": lambda route: route.fulfill(status=302, headers={"Location": "/login"}),
    "log-in page": lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Logg inn</h1>"),
    "captive portal as JSON": lambda route: route.fulfill(status=200, content_type="application/json", body='{"welcome":true}'),
    "refused by our own server": lambda route: route.fulfill(
        status=403, content_type="application/json", body='{"error":"403","message":"x"}'),
    "server error": lambda route: route.fulfill(status=500, content_type="application/json", body="{}"),
    "busy": lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, body=""),
    "cut": lambda route: route.abort("connectionreset"),
    "verdict for another": lambda route: route.fulfill(
        status=200, content_type="application/json",
        body='{"wire":1,"server_time":"2026-11-23T10:00:00+00:00","epoch":"e","verdicts":[{"id":"x","hash":"y","verdict":"accepted"}]}'),
    "no verdicts": lambda route: route.fulfill(
        status=200, content_type="application/json", body='{"wire":1,"server_time":"2026-11-23T10:00:00+00:00","epoch":"e"}'),
    "unknown wire": lambda route: route.fulfill(status=200, content_type="application/json", body='{"wire":2}'),
}


@pytest.mark.parametrize("answer", list(ANSWERS))
def test_nothing_but_a_verdict_takes_a_record_out_of_the_count(berit: Tablet, live: Live, answer: str) -> None:
    tries: list[int] = []

    def handle(route: Route) -> None:
        tries.append(1)
        ANSWERS[answer](route)

    berit.context.route("**/sync/envelopes", handle)
    record_not_done(berit)
    berit.run("async () => (await import('/sw/sync.js')).flush()")
    assert tries
    assert [one["state"] for one in berit.run(OUTBOX)] == ["waiting"]
    berit.context.unroute("**/sync/envelopes")
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => {{ await (await import('/sw/sync.js')).flush(); return (await ({OUTBOX})())[0].state === 'received'; }}")
    assert len(stored(live.app)) == 1


def test_a_refusal_in_our_own_servers_words_is_no_page_of_the_net(berit: Tablet) -> None:
    berit.context.route("**/sync/envelopes", ANSWERS["refused by our own server"])
    record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'server'")
    Round(berit.page).home().sent()
    expect(berit.page.get_by_role("main")).to_contain_text("Serveren svarer ikke som den skal")


def end_sessions(app: Flask) -> None:
    with app.app_context():
        db.session().execute(update(DeviceSession).values(expires_at=DeviceSession.created_at))
        db.session().commit()


def test_a_session_that_ends_in_the_middle_stops_no_upload_and_says_what_to_do(berit: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit)
    end_sessions(live.app)
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"async () => (await ({OUTBOX})())[0].state === 'received'")
    berit.page.get_by_role("link", name="Innlogget som").click()
    expect(berit.page.get_by_role("main")).to_contain_text("Innloggingen er utløpt. Sjekker sendes fortsatt")
    berit.page.get_by_role("link", name="Logg inn").click()
    berit.page.get_by_label("Brukernavn").wait_for()
    berit.log_in(BERIT)
    berit.page.get_by_label("PIN eller passordfrase").and_(berit.page.locator(":visible")).fill(PIN)
    berit.page.get_by_role("button", name="Lås opp").click()
    berit.sees_heading("Min runde")
    assert len(stored(live.app)) == 1


def test_the_device_page_says_that_the_session_has_ended_to_one_who_is_reading_it(berit: Tablet, live: Live) -> None:
    berit.page.get_by_role("link", name="Innlogget som").click()
    berit.sees_heading("Denne enheten")
    end_sessions(live.app)
    berit.run("async () => { await (await import('/sw/sync.js')).flush({ fetch: true }); }")
    expect(berit.page.get_by_role("status").filter(has_text="Innloggingen er utløpt")).to_be_visible()
    expect(berit.page.get_by_role("link", name="Logg inn")).to_be_visible()


def test_a_device_that_lost_every_cookie_keeps_its_records_until_somebody_logs_in(berit: Tablet, live: Live) -> None:
    berit.context.clear_cookies()
    end_sessions(live.app)
    check_id = record_not_done(berit)
    berit.until("async () => (await import('/sw/sync.js')).paused() === 'unauthorised'")
    assert [one["state"] for one in berit.run(OUTBOX)] == ["waiting"]
    berit.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name=re.compile("^Sendt")).click()
    expect(berit.page.get_by_role("main")).to_contain_text("Logg inn når du har nett, så sendes alt.")
    berit.lock()
    berit.page.get_by_role("link", name="Logg inn").click()
    berit.page.get_by_label("Brukernavn").wait_for()
    berit.log_in(BERIT)
    berit.page.get_by_label("PIN eller passordfrase").and_(berit.page.locator(":visible")).fill(PIN)
    berit.page.get_by_role("button", name="Lås opp").click()
    berit.until(f"async () => (await ({OUTBOX})()).every(one => one.state === 'received')")
    assert [str(one.id) for one in stored(live.app)] == [check_id]


def test_an_answer_lost_after_the_commit_makes_no_second_row(berit: Tablet, live: Live) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(1)
        route.fetch()
        route.abort("connectionreset")

    berit.context.route("**/sync/envelopes", lose)
    record_not_done(berit)
    berit.until("""async () => {
      dispatchEvent(new Event("online"));
      return (await (await import("/sw/sealed.js")).waiting()).length === 0;
    }""")
    assert lost
    assert len(stored(live.app)) == 1


def test_one_bad_record_does_not_stop_the_good_ones(berit: Tablet, live: Live) -> None:
    live.stop()
    record_not_done(berit)
    berit.run("""async () => {
      const store = await import("/sw/store.js");
      const vault = await import("/sw/vault.js");
      const [good] = await store.all("outbox");
      const bytes = good.bytes.slice();
      bytes[bytes.length - 1] ^= 1;
      bytes.set(crypto.getRandomValues(new Uint8Array(16)), 26);
      const hex = [...bytes.slice(26, 42)].map(byte => byte.toString(16).padStart(2, "0")).join("");
      const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
      const hash = await vault.sha256(bytes);
      await store.put("outbox", hash, { ...good, id, hash, bytes });
    }""")
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    assert sorted(one["state"] for one in berit.run(OUTBOX)) == ["quarantined", "received"]
    assert len(stored(live.app)) == 1


def test_a_full_disk_says_that_nothing_was_saved(berit: Tablet) -> None:
    berit.page.get_by_role("link", name=re.compile("Astrid Lunde")).first.click()
    berit.page.get_by_text("Andre sjekker").click()
    berit.page.get_by_role("button", name=re.compile("^Start")).last.click()
    berit.page.get_by_role("radio", name="Ikke gjort", exact=True).check()
    berit.page.get_by_role("radio", name="Ønsker ikke").check()
    expect(berit.page.get_by_label("Ønsker ikke")).to_be_checked()
    berit.run("""() => {
      const before = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = function (...given) {
        if (this.name === "outbox") { this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }
        return before.apply(this, given);
      };
    }""")
    berit.page.get_by_role("button", name=re.compile("^Lagre")).click()
    expect(berit.page.get_by_role("alert").filter(has_text="Ikke lagret")).to_be_visible()
    assert berit.run(OUTBOX) == []
    assert berit.run("async () => (await (await import('/sw/records.js')).holds()).drafts") == 1


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [(413, "too_large", "Serveren sier at den er for stor."), (500, "unanswered", "Serveren svarer ikke på akkurat denne.")],
)
def test_a_record_that_the_server_cannot_take_waits_and_delays_nobody(
    berit: Tablet, live: Live, status: int, reason: str, said: str
) -> None:
    live.stop()
    record_not_done(berit)
    berit.page.get_by_role("link", name="Min runde").first.click()
    record_not_done(berit, "Odd Brekke")
    first = berit.run("async () => (await (await import('/sw/sealed.js')).entries())[0].hash")
    marked = bytes.fromhex(berit.run("""async hash => {
      const { bytes } = await (await import("/sw/store.js")).get("outbox", hash);
      return [...bytes.slice(-24)].map(byte => byte.toString(16).padStart(2, "0")).join("");
    }""", first))

    def handle(route: Route) -> None:
        if marked in (route.request.post_data_buffer or b""):
            route.fulfill(status=status, content_type="application/json", body="{}")
        else:
            route.continue_()

    berit.context.route("**/sync/envelopes", handle)
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until(f"""async () => {{
      const waiting = await (await import('/sw/sealed.js')).waiting();
      return waiting.length === 1 && waiting[0].reasons.includes('{reason}');
    }}""")
    left = berit.run("async () => (await (await import('/sw/sealed.js')).waiting()).map(one => [one.hash, ...one.reasons])")
    assert left == [[first, reason]]
    assert len(stored(live.app)) == 1
    berit.page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name=re.compile("^Sendt")).click()
    expect(berit.page.get_by_role("region", name="Ikke sendt ennå")).to_contain_text(said)
