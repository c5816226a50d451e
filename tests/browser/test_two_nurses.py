"""Two nurses on one tablet: each with her own PIN, her own checks and her own name; nothing of the other's can be read."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect
from sqlalchemy import select

from tests.browser.pages.bedside import Round
from tests.browser.tablet import READY, Tablet
from tests.fixtures.servers import Live
from tests.people import AMINA, BERIT, KARI, SOLVEIG, Actor
from webapp import db
from webapp.models import CheckRecord

PINS = {"berit": "739154", "amina": "482915", "kari": "615283"}


def join(tablet: Tablet, actor: Actor) -> None:
    """A colleague's first log-in on a device in use."""
    tablet.page.get_by_role("link", name="Logg inn").click()
    tablet.page.get_by_label("Brukernavn").wait_for()
    tablet.log_in(actor)
    tablet.set_pin(PINS[actor.username])
    tablet.sees_heading("Min runde")


def authors(live: Live) -> list[str]:
    with live.app.app_context():
        return sorted(one.author_name for one in db.session().scalars(select(CheckRecord)))


def test_two_nurses_share_a_tablet_and_each_check_arrives_under_her_own_name(berit: Tablet, live: Live) -> None:
    berit.lock()
    join(berit, AMINA)
    berit.lock()
    live.stop()
    for actor, person in ((BERIT, "Astrid Lunde"), (AMINA, "Odd Brekke")):
        berit.unlock(PINS[actor.username], actor.name)
        berit.sees_heading("Min runde")
        Round(berit.page).visit(person).start("Fallsjekk").not_done("Ønsker ikke")
        sent = Round(berit.page).sent()
        expect(sent.group("Ikke sendt ennå")).to_have_text(re.compile(person))
        berit.lock()
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")
    assert authors(live) == ["Amina Warsame", "Berit Nygård"]


def with_amina_on_it_too(berit: Tablet, live: Live) -> None:
    """And without a server, open for Berit."""
    berit.lock()
    join(berit, AMINA)
    berit.lock()
    live.stop()
    berit.unlock(PINS["berit"], BERIT.name)
    berit.sees_heading("Min runde")


def test_the_other_nurses_unsent_check_and_draft_are_not_hers_to_see(berit: Tablet, live: Live) -> None:
    with_amina_on_it_too(berit, live)
    check = Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    berit.lock()
    expect(berit.page.get_by_role("radio", name=BERIT.name)).to_have_accessible_description("1 venter")
    expect(berit.page.get_by_role("radio", name=AMINA.name)).to_have_accessible_description("")
    expect(berit.page.get_by_role("main")).not_to_contain_text("Astrid Lunde")
    berit.unlock(PINS["amina"], AMINA.name)
    berit.sees_heading("Min runde")
    expect(berit.page.get_by_role("region", name="Påbegynt")).to_have_count(0)
    person = Round(berit.page).visit("Astrid Lunde")
    expect(person.results("Forebygging av fall")).to_contain_text("Ikke gjort før.")
    sent = Round(berit.page).sent()
    expect(sent.left()).to_contain_text("1")
    expect(sent.group("Ikke sendt ennå")).to_have_count(0)
    berit.run("id => htmx.ajax('GET', '/round/checks/' + id, { target: document.body, swap: 'innerHTML' })", check.check_id)
    berit.sees_heading("Finnes ikke her")


def test_who_has_logged_out_is_still_on_the_lock_page_with_what_she_has_not_sent(berit: Tablet, live: Live) -> None:
    """Her log-out sends nothing; whoever takes the tablet next must see that something of hers is on it."""
    with_amina_on_it_too(berit, live)
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    berit.page.get_by_role("link", name="Innlogget som Berit Nygård").click()
    berit.page.get_by_text("Logg ut av denne enheten").click()
    berit.page.get_by_role("button", name="Logg ut").click()
    berit.sees_heading("Låst")
    away = berit.page.get_by_role("list", name="Må logge inn på nytt her")
    expect(away.get_by_role("listitem")).to_have_text(re.compile(r"^Berit Nygård\s*1 venter$"))
    expect(berit.page.get_by_role("radio", name=BERIT.name)).to_have_count(0)
    # when she is back, it is gone
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    expect(away.get_by_role("listitem")).to_have_text(re.compile(r"^Berit Nygård\s*$"))


def test_a_nurse_of_another_unit_sees_only_her_own_people_on_the_same_tablet(berit: Tablet) -> None:
    berit.lock()
    join(berit, KARI)
    main = berit.page.get_by_role("main")
    expect(main.get_by_role("link", name=re.compile("Nils Vold")).first).to_be_visible()
    for name in ("Astrid Lunde", "Odd Brekke", "Inger Tangen"):
        expect(main.get_by_text(name)).to_have_count(0)
    berit.page.get_by_role("link", name=re.compile("^(Andre i enheten|Søk)")).first.click()
    expect(berit.page.get_by_role("region", name="Treff")).to_contain_text("Nils Vold")
    expect(berit.page.get_by_role("region", name="Treff")).not_to_contain_text("Astrid Lunde")


def test_what_was_fetched_for_the_nurse_before_never_lands_with_the_one_who_is_there_now(berit: Tablet) -> None:
    berit.lock()
    join(berit, KARI)
    berit.lock()
    berit.unlock(PINS["berit"], BERIT.name)
    berit.sees_heading("Min runde")
    asked: list[Route] = []
    berit.context.route("**/sync/snapshot", lambda route: asked.append(route))
    berit.run("() => { void import('/sw/sync.js').then(sync => sync.flush({ fetch: true })); }")
    seen(berit, asked, 1)
    berit.lock()
    berit.unlock(PINS["kari"], KARI.name)
    berit.sees_heading("Min runde")
    asked[0].continue_()
    berit.run("() => { void import('/sw/sync.js').then(sync => sync.flush({ fetch: true })); }")
    seen(berit, asked, 2)  # hers, so the one before has been dealt with
    assert berit.run(HELD) == [KARI.name, ["Nils Vold"]]
    asked[1].continue_()
    berit.page.reload()
    berit.page.wait_for_selector(READY)
    berit.unlock(PINS["kari"], KARI.name)
    berit.sees_heading("Min runde")
    assert berit.run(HELD) == [KARI.name, ["Nils Vold"]]


HELD = """async () => {
  const world = await (await import('/sw/records.js')).world();
  return [world.me.name, world.people.map(one => one.name)];
}"""


def seen(tablet: Tablet, asked: list[Route], how_many: int) -> None:
    """So many fetches have left the device, and stand still."""
    for _ in range(400):
        if len(asked) >= how_many:
            return
        tablet.run("() => new Promise(requestAnimationFrame)")
    raise AssertionError(f"{len(asked)} fetches")


def test_a_pin_is_typed_on_big_keys_until_somebody_on_the_tablet_has_a_passphrase(berit: Tablet) -> None:
    berit.lock()
    expect(berit.page.get_by_label("PIN eller passordfrase")).to_have_attribute("inputmode", "numeric")
    berit.page.get_by_role("link", name="Logg inn").click()
    berit.page.get_by_label("Brukernavn").wait_for()
    berit.log_in(AMINA)
    berit.set_pin("spade kaffe bil")
    berit.lock()
    expect(berit.page.get_by_label("PIN eller passordfrase")).to_have_attribute("inputmode", "text")
    berit.unlock("spade kaffe bil", AMINA.name)
    berit.sees_heading("Min runde")


def test_one_nurses_pin_does_not_open_the_others_vault(berit: Tablet) -> None:
    berit.lock()
    join(berit, AMINA)
    berit.lock()
    berit.unlock(PINS["berit"], AMINA.name)
    expect(berit.page.get_by_role("alert")).to_contain_text("Feil PIN")
    berit.unlock(PINS["amina"], AMINA.name)
    berit.sees_heading("Min runde")


def test_a_forgotten_pin_is_replaced_after_a_log_in_and_the_unsent_check_is_still_there(
    new_tablet: Callable[[], Tablet], live: Live
) -> None:
    tablet = new_tablet()
    tablet.enrol(BERIT)
    tablet.sees_heading("Min runde")
    tablet.context.route("**/sync/envelopes", lambda route: route.abort("connectionreset"))
    Round(tablet.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    Round(tablet.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    tablet.lock()
    tablet.page.get_by_role("link", name="Logg inn").click()
    tablet.page.get_by_label("Brukernavn").wait_for()
    tablet.log_in(BERIT)
    tablet.page.get_by_role("button", name="Glemt PIN: velg ny").click()
    tablet.set_pin("918273")
    tablet.sees_heading("Min runde")
    round_ = Round(tablet.page)
    expect(round_.sent().group("Ikke sendt ennå")).to_have_text(re.compile("Astrid Lunde"))
    round_.home().continue_draft("Odd Brekke")
    tablet.context.unroute("**/sync/envelopes")
    tablet.until("""async () => {
      await (await import("/sw/sync.js")).flush();
      return (await (await import("/sw/sealed.js")).waiting()).length === 0;
    }""")
    assert authors(live) == ["Berit Nygård"]


def test_a_vault_that_is_open_needs_no_log_in_left_in_the_browser(berit: Tablet) -> None:
    assert "/login" in berit.context.request.get(berit.url + "/account").url
    Round(berit.page).visit("Astrid Lunde").start("Fallsjekk").not_done("Ønsker ikke")
    berit.until("async () => (await (await import('/sw/sealed.js')).waiting()).length === 0")


LOGGED_OUT = "async () => (await fetch('/review', { redirect: 'manual', cache: 'no-store' })).type === 'opaqueredirect'"


def a_supervisor_logs_in(tablet: Tablet) -> None:
    tablet.log_in(SOLVEIG, then="/review")
    tablet.sees_heading("Trenger deg nå")
    assert not tablet.run(LOGGED_OUT)


def test_a_supervisors_log_in_on_a_shared_tablet_ends_at_the_lock_page(berit: Tablet) -> None:
    berit.lock()
    a_supervisor_logs_in(berit)
    berit.open()
    berit.sees_heading("Låst")
    berit.until(LOGGED_OUT)


def test_a_log_in_made_in_another_tab_ends_when_a_nurse_unlocks(berit: Tablet) -> None:
    berit.lock()
    a_supervisor_logs_in(Tablet(berit.context, berit.url))
    berit.unlock()
    berit.sees_heading("Min runde")
    berit.until(LOGGED_OUT)


def test_a_log_in_made_in_another_tab_ends_when_the_tablet_is_locked(berit: Tablet) -> None:
    a_supervisor_logs_in(Tablet(berit.context, berit.url))
    berit.lock()
    berit.until(LOGGED_OUT)
