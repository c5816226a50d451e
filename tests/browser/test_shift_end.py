"""The end of the shift: what nobody has received, whom to ring about, what is half done and what was not done."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.pages.bedside import Round
from tests.browser.tablet import Tablet
from tests.fixtures.servers import Live


def test_the_end_of_a_shift_without_a_network_says_what_is_left_and_follows_when_it_arrives(berit: Tablet, live: Live) -> None:
    # given
    live.stop()
    form = Round(berit.page).visit("Astrid Lunde").start("Katetersjekk")
    form.choose("Ble sjekken gjort?", "Delvis gjort").choose("Hvorfor?", "Akutt situasjon")
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "I urinrøret (KAD)").choose("Hovedårsak", "Bare inkontinens")
    form.choose("Nytt eller plagsomt nå?", "Tett, lite eller ingen urin").choose("Hva gjorde du?", "Kontaktet legevakt")
    form.ready().save()
    Round(berit.page).home().visit("Odd Brekke").start("Fallsjekk").choose("Falt siste 12 måneder?", "Ja").drafted()
    # when
    Round(berit.page).home()
    berit.go("Sendt")
    berit.go("Vaktslutt")
    # then
    main = berit.page.get_by_role("main")
    expect(main.get_by_role("status")).to_contain_text("1sjekk er ikke mottatt ennå")
    expect(main.get_by_role("status")).to_contain_text("La enheten ligge på lading med appen åpen")
    expect(main.get_by_role("region", name="Ikke sendt. Ring.")).to_contain_text("Astrid Lunde")
    expect(main.get_by_role("region", name="Påbegynt, ikke lagret")).to_contain_text("Odd Brekke")
    expect(main.get_by_role("region", name="Ikke gjort på ruta i dag")).to_contain_text("Alt som forfalt i dag, er gjort.")
    # when
    live.start()
    berit.run("() => { dispatchEvent(new Event('online')); }")
    # then
    expect(main.get_by_role("status")).to_have_text("0sjekker igjen på denne enhetenAlt er mottatt. Ingenting ligger igjen på enheten.")
    expect(main.get_by_role("region", name="Ikke sendt. Ring.")).to_have_count(0)
    main.get_by_role("button", name="Lås").click()
    berit.sees_heading("Låst")


def test_before_its_page_has_come_to_the_device_it_is_said_what_is_not_sent(berit: Tablet) -> None:
    shown = """async () => {
      const [records, bedside, shell] = await Promise.all(["records", "bedside", "shell"].map(name => import(`/sw/${name}.js`)));
      const show = async () => bedside.show("shift", await records.world(), shell.translator("nb"), {}).template;
      const before = await show();
      await bedside.ready("shift", await records.world(), {});
      return [before, await show()];
    }"""
    assert berit.run(shown) == ["bedside/sent.html", "bedside/shift.html"]


def test_photos_that_wait_are_not_called_received(berit: Tablet) -> None:
    """The words alone: everything the page is made from, put together."""
    said = berit.run("""async () => {
      const [records, bedside, shell] = await Promise.all(["records", "bedside", "shell"].map(name => import(`/sw/${name}.js`)));
      const world = await records.world();
      const t = shell.translator("nb");
      const show = sync => bedside.show("shift", { ...world, sync: { ...world.sync, ...sync } }, t, {}).context;
      const photos = { "x": { waiting: 2, refused: [] } };
      await bedside.ready("shift", world, {});
      return [show({ waiting: 0, photos }), show({ waiting: 0, photos, paused: "unauthorised" }), show({ waiting: 0 })]
        .map(({ left_number, left_text, photos_text, leave_text }) => [left_number, left_text, photos_text, leave_text]);
    }""")
    assert said[0][:3] == ["", "2 bilder er ikke sendt ennå.", ""]
    assert said[0][3].startswith("La enheten ligge på lading")
    assert said[1][3].startswith("Innloggingen er utløpt.")
    assert said[2] == ["0", "sjekker igjen på denne enheten", "", "Alt er mottatt. Ingenting ligger igjen på enheten."]
