"""A database that does not open is set aside when somebody says so twice; nothing in it is lost, and what waited there comes home."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import expect

from tests import pictures
from tests.browser.access import axe
from tests.browser.outbox import record_not_done, stored
from tests.browser.pages.health import Health
from tests.browser.pages.unopened import NAMES, OLD, ROWS, SHUT, Unopened, reopened, shut_out
from tests.browser.tablet import READY, Tablet
from tests.browser.test_photos import finds
from tests.engines.driver import until
from tests.fixtures.servers import Live
from tests.people import BERIT
from tests.web.sync.reading import all_of
from webapp.models import Device, Photo

NOTHING_WAITS = "async () => (await (await import('/sw/records.js')).holds()).waiting === 0"
BROUGHT = "async () => (await (await import('/sw/holds.js')).holds()).aside === 0"
ENTRIES = "async () => (await (await import('/sw/sealed.js')).entries()).map(({ hash, state }) => hash + state).sort()"
AGAIN = "async () => { const aside = await import('/sw/aside.js'); await aside.start(); await aside.start(); }"
PAPERS = "async () => (await (await import('/sw/upload.js')).allPapers()).map(({ body }) => body)"
ONCE = SHUT.replace("if (", "if (!sessionStorage.getItem('second') && ")
ALONE = "navigator.locks.query = async () => ({ held: [], pending: [] });"


def again(tablet: Tablet) -> None:
    """Taken into use once more: the server knows the browser, and she chooses a PIN."""
    tablet.log_in(BERIT)
    tablet.set_pin()
    tablet.sees_heading("Min runde")


def unsent(berit: Tablet, live: Live) -> tuple[str, Tablet]:
    """A check that could not be sent, and then the database does not open any more."""
    live.stop()
    check = record_not_done(berit)
    broken = shut_out(berit)
    live.start()
    return check, broken


def arrived(live: Live) -> Counter[tuple[str, object]]:
    return Counter((str(one.id), one.author_id) for one in stored(live.app))


def test_what_waited_in_a_database_that_was_set_aside_comes_home_once_when_it_opens_again(berit: Tablet, live: Live) -> None:
    # given
    live.stop()
    first = record_not_done(berit)
    before = berit.run(ROWS, OLD)
    broken = shut_out(berit)
    live.start()
    # when it is set aside, and the device taken into use again
    Unopened(broken).set_aside()
    main = broken.page.get_by_role("main")
    expect(main).to_contain_text("Et lager som ikke åpnet seg, ble lagt til side i dag")
    expect(main).to_contain_text("Det som lå der og ikke var sendt, er fortsatt der og ikke sendt.")
    expect(main).not_to_contain_text("Enhetens lager er tomt")
    expect(main).not_to_contain_text("Ingen lagrede sjekker går tapt")
    again(broken)
    second = record_not_done(broken)
    broken.until(NOTHING_WAITS)
    assert arrived(live) == {(second, BERIT.id): 1}
    # then nobody is told that all is sent
    expect(broken.page.get_by_text("Alt er sendt", exact=True)).to_have_count(0)
    Health(broken.page).open_from_sent().says("Lager lagt til side", "er fortsatt der og ikke sendt")
    # and when it opens at a later start
    later = reopened(broken)
    until(lambda: len(arrived(live)) == 2, "the check that was set aside")
    assert arrived(live) == {(first, BERIT.id): 1, (second, BERIT.id): 1}
    later.until(BROUGHT)
    later.unlock()
    Health(later.page).open_from_sent().says("Lager lagt til side", "ble hentet over i dag")
    assert axe(later.page) == []
    # then nothing has happened to it, and nothing comes twice
    assert later.run(ROWS, OLD) == before
    kept = later.run(ENTRIES)
    live.stop()
    last = reopened(later)
    last.run(AGAIN)
    assert last.run(ENTRIES) == kept
    assert len(last.run(PAPERS)) == len(set(last.run(PAPERS))) == 2


def test_the_first_tap_changes_nothing_and_says_what_the_second_means(berit: Tablet) -> None:
    there = berit.run(NAMES)
    broken = shut_out(berit)
    screen = Unopened(broken).start().ask()
    screen.says("blir ikke slettet eller endret").says("er ikke hos serveren").says("vis enheten til den som administrerer den")
    assert axe(broken.page) == []
    assert broken.run(NAMES) == there
    broken.page.get_by_role("button", name="Avbryt").click()
    screen.shown()
    assert broken.run(NAMES) == there == sorted(OLD)


@pytest.mark.parametrize(("lang", "title", "sure"), [
    ("nn", "Lageret på eininga opnar seg ikkje", "Dette skjer med det som ligg i lageret"),
    ("en", "The store on this device does not open", "This happens to what is in the store"),
])
def test_it_is_said_in_the_last_language(berit: Tablet, lang: str, title: str, sure: str) -> None:
    berit.run("lang => localStorage.setItem('tryggrunde-lang', lang)", lang)
    broken = shut_out(berit)
    broken.page.goto(broken.url + "/round")
    broken.sees_heading(title)
    broken.page.locator("#unopened summary").click()
    broken.page.locator("#unopened details button").click()
    broken.sees_heading(sure)
    broken.page.locator("#unopened div button").first.click()
    broken.sees_heading({"nn": "Låst", "en": "Locked"}[lang])


def test_one_that_failed_for_a_moment_is_used_as_before(berit: Tablet) -> None:
    broken = shut_out(berit, ONCE)
    Unopened(broken).start()
    broken.run("() => sessionStorage.setItem('second', '1')")
    Unopened(broken).try_again()
    broken.unlock()
    broken.sees_heading("Min runde")
    assert broken.run(NAMES) == sorted(OLD)


def test_one_that_opens_by_the_second_tap_is_not_set_aside(berit: Tablet) -> None:
    broken = shut_out(berit, ONCE)
    screen = Unopened(broken).start().ask()
    broken.run("() => sessionStorage.setItem('second', '1')")
    screen.confirm()
    broken.unlock()
    broken.sees_heading("Min runde")
    assert broken.run(NAMES) == sorted(OLD)


def test_it_is_not_set_aside_while_another_window_works_with_it(berit: Tablet) -> None:
    broken = Tablet(berit.context, berit.url)
    broken.page.add_init_script(SHUT)
    Unopened(broken).start().ask().confirm().says("Ingenting er endret. TryggRunde er åpen i et annet vindu på enheten.")
    assert berit.run(NAMES) == sorted(OLD)
    record_not_done(berit)
    berit.until(NOTHING_WAITS)


def test_two_windows_that_set_it_aside_make_one_new_one(berit: Tablet) -> None:
    broken = shut_out(berit)
    other = Tablet(broken.context, broken.url)
    other.page.add_init_script(SHUT)
    for one in (broken, other):
        Unopened(one).start().ask()
    for one in (broken, other):
        Unopened(one).confirm()
    for one in (broken, other):
        one.page.wait_for_selector(READY)
    assert {name for name in broken.run(NAMES) if "photos" not in name} == {"tryggrunde", "tryggrunde.2"}


def test_a_check_that_a_window_saved_into_the_old_one_meanwhile_comes_home_too(berit: Tablet, live: Live) -> None:
    # given a window that works on, unseen by the one in which the database does not open
    broken = Tablet(berit.context, berit.url)
    broken.page.add_init_script(SHUT + ALONE)
    Unopened(broken).start().ask().confirm()
    broken.page.wait_for_selector(READY)
    broken.page.close()
    # when a check is saved there, and another after what was there has been brought over
    live.stop()
    first = record_not_done(berit)
    live.start()
    later = Tablet(berit.context, berit.url)
    later.open()
    until(lambda: (first, BERIT.id) in arrived(live), "the first")
    later.page.close()
    live.stop()
    berit.go("Min runde")
    second = record_not_done(berit)
    berit.page.goto("about:blank")
    live.start()
    # then
    reopened(berit)
    until(lambda: len(arrived(live)) == 2, "the second")
    assert arrived(live) == {(first, BERIT.id): 1, (second, BERIT.id): 1}


@pytest.mark.usefixtures("photos_on")
def test_a_photo_comes_home_after_its_check(berit: Tablet, live: Live) -> None:
    live.stop()
    finds(berit).take(pictures.camera(1200, 900, 92)).shows(1).form.ready().save()
    broken = shut_out(berit)
    Unopened(broken).set_aside()
    live.start()
    reopened(broken)
    until(lambda: all_of(live.app, Photo), "the photo")
    assert len(arrived(live)) == 1


def test_where_only_the_photos_do_not_open_the_records_come_over_at_the_next_start(berit: Tablet, live: Live) -> None:
    live.stop()
    check = record_not_done(berit)
    broken = shut_out(berit, SHUT.replace("(-photos)?$", "-photos$"))
    live.start()
    Unopened(broken).set_aside()
    until(lambda: arrived(live), "the check")
    assert arrived(live) == {(check, BERIT.id): 1}
    expect(broken.page.get_by_role("main")).to_contain_text("er fortsatt der og ikke sendt")


def test_the_server_hears_that_something_is_set_aside_until_it_is_brought_over(berit: Tablet, live: Live) -> None:
    _, broken = unsent(berit, live)
    Unopened(broken).set_aside()
    until(lambda: all_of(live.app, Device)[0].reported["aside"] == 1, "that it is set aside")
    later = reopened(broken)
    later.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    later.until(BROUGHT)
    later.run("async () => (await import('/sw/sync.js')).flush({ fetch: true })")
    until(lambda: all_of(live.app, Device)[0].reported["aside"] == 0, "that it was brought over")


def test_the_new_one_is_set_aside_too_when_it_does_not_open(berit: Tablet, live: Live) -> None:
    check, broken = unsent(berit, live)
    Unopened(broken).set_aside()
    both = shut_out(broken, SHUT.replace("(-photos)?$", "(-photos)?([.]2)?$"))
    Unopened(both).set_aside()
    assert {"tryggrunde", "tryggrunde.2", "tryggrunde.3"} <= set(both.run(NAMES))
    reopened(both)
    until(lambda: arrived(live), "what waited in the first")
    assert arrived(live) == {(check, BERIT.id): 1}
