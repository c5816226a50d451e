"""Four checks with findings, tap by tap: the same in every engine, whatever drives it."""

from __future__ import annotations

from typing import Protocol, TypeVar

R = TypeVar("R", covariant=True)


class Form(Protocol[R]):
    """A check being filled in; what it comes to when saved is an R."""

    def choose(self, label: str, *options: str) -> Form[R]: ...
    def part(self, label: str) -> Form[R]: ...
    def write(self, label: str, text: str, part: str = "") -> Form[R]: ...
    def press(self, text: str) -> Form[R]: ...
    def add_card(self, button: str) -> Form[R]: ...
    def ready(self) -> Form[R]: ...
    def save(self) -> R: ...


class Person(Protocol[R]):
    """Whoever is visited."""

    def start(self, check: str) -> Form[R]: ...


def catheter_with_fever(person: Person[R]) -> R:
    form = person.start("Katetersjekk")
    form.choose("Har urinkateter nå?", "Ja").choose("Type", "I urinrøret (KAD)")
    form.write("Kateter siden", "2026", "År").choose("Sist skiftet", "Ikke skiftet")
    form.choose("Trengs kateteret fortsatt?", "Ja").choose("Hovedårsak", "Nevrogen blære")
    form.choose("Er årsak og ordinering dokumentert?", "Ja").choose("Er engangskateter vurdert?", "Ja, går ikke")
    form.choose("Plan", "Ingen plan").choose("Prøvd uten kateter?", "Aldri").choose("Lege vurderte behovet sist", "Aldri")
    form.press("Alt på plass").choose("Nytt eller plagsomt nå?", "Feber eller frostanfall")
    form.choose("Behandlet for urinveisinfeksjon siden sist?", "Nei").write("Temperatur", "38,6")
    return form.choose("Hva gjorde du?", "Kontaktet legevakt").ready().save()


def new_heel_ulcer(person: Person[R]) -> R:
    form = person.start("Hudsjekk")
    form.choose("Har trykksår nå?", "Ja").choose("Trenger hjelp til å endre stilling", "Ja").choose("Kan bruker få trykksår", "Ja")
    form.choose("Hud sett", "Alle trykkpunkter")
    card = form.add_card("Legg til: Funn")
    card.choose("Sted", "Hæl venstre").choose("Type", "Trykksår").choose("Kategori", "Kategori 2").choose("Under utstyr?", "Nei")
    card.choose("Oppsto", "Hjemme hos oss").write("Lengde (mm)", "20").write("Bredde (mm)", "15").choose("Infeksjonstegn", "Ingen")
    form.press("Alt på plass").choose("Hva gjorde du?", "Informert leder")
    return form.ready().save()


def fall_in_the_bathroom(form: Form[R]) -> R:
    form.choose("Når skjedde det?", "Vet ikke").choose("Sett av noen?", "Nei").choose("Tok noen imot?", "Nei").choose("Sted", "Bad")
    form.part("Funnet").press("Nå")
    form.choose("Aktivitet", "Toalettbesøk").choose("Skade", "Middels").choose("Slag mot hodet?", "Nei").choose("Besvimte?", "Nei")
    form.choose("Lå 1 time eller mer?", "Nei").choose("Ny sterk smerte", "Nei").choose("Medvirkende", "Skled")
    form.choose("Hva gjorde du?", "Kontaktet legevakt")
    return form.ready().save()


def serious_discrepancy(person: Person[R]) -> R:
    form = person.start("Legemiddelsjekk")
    form.choose("Vedtak om legemiddelhåndtering?", "Ja, alt").choose("Utlevering", "Multidose").choose("Anledning", "Rutine")
    form.choose("Kilder sammenlignet", "Det bruker faktisk tar", "Hjemmetjenestens liste", "Fastlegens liste")
    form.write("Antall faste", "7").write("Antall ved behov", "1").choose("Spurt om reseptfrie", "Ja")
    form.choose("Stemmer allergi/CAVE?", "På plass")
    form.choose("Tar som avtalt?", "Nei").choose("Observert", "Glemmer").choose("Høyrisikolegemidler", "Blodfortynnende")
    form.choose("Uoverensstemmelser?", "Ja")
    card = form.add_card("Legg til: Uoverensstemmelse")
    card.choose("Type", "Dobbelt").write("Legemiddel", "Warfarin").choose("Mellom", "Det bruker faktisk tar", "Fastlegens liste")
    card.choose("Mulig alvorlighet", "Alvorlig").choose("Status", "Åpen")
    form.press("Alt på plass").choose("Siste legemiddelgjennomgang", "Aldri").choose("Hva gjorde du?", "Kontaktet legevakt")
    return form.ready().save()
