"""The made-up leaders' improvement work, walk-rounds, green cross, learning network and yearly review. Days count back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.demo.simulate import CHANGE_AFTER, YEAR, Unit
from webapp.improvement.kinds import FORMS
from webapp.leadership import cross
from webapp.measures import months, store
from webapp.models import MeasureDecision, User, WorkVersion
from webapp.models import Unit as UnitRow
from webapp.network.teams import LENGTH, LETTERS, code_item
from webapp.yearly import texts, years

OSLO = ZoneInfo("Europe/Oslo")
CHANGE = YEAR - CHANGE_AFTER  # days since one unit began to work in the new way
MEASURES = ("T-P2", "F-P1", "L-P2")  # of so many people that a month can be shown
Data = dict[str, Any]


class Work:
    """One unit's, written down by its leader."""

    def __init__(self, session: Session, unit: Unit, today: date) -> None:
        self.session, self.unit, self.today = session, unit.id, today
        self.by: User = unit.leader

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def on(self, ago: int) -> str:
        return self.day(ago).isoformat()

    def add(self, kind: str, ago: int, parent: UUID | None = None, item: UUID | None = None, **said: Any) -> UUID:
        """One thing, written down so many days ago; every box of its form is there, filled in or not."""
        item = item or uuid5(parent or self.unit, f"{kind} {ago} {sorted(said.items())}")
        data = {entry.name: "" for entry in FORMS.get(kind, ())} | said
        at = datetime.combine(self.day(max(ago, 0)), time(11, 15), OSLO)
        self.session.add(WorkVersion(id=uuid5(item, "1"), item=item, number=1, kind=kind, unit_id=self.unit, parent=parent, data=data,
                                     gone=False, by=self.by.id, at=at))  # fmt: skip
        return item


def fill(session: Session, units: Sequence[Unit], today: date) -> None:
    """The first unit is a year ahead, the second has begun, the third has nothing yet."""
    first, second = (Work(session, unit, today) for unit in units[:2])
    cycle = fewer_catheters(first)
    begun(second)
    rounds(first)
    green_cross(first)
    network(first, second, cycle)
    year(first)
    session.flush()


def fewer_catheters(unit: Work) -> UUID:
    """A project as it should be: an aim with everything, ideas with their days, PDSA cycles that were adopted, adapted and abandoned."""
    me = str(unit.by.id)
    project = unit.add(
        "project", CHANGE + 30, title="Færre katetre uten gyldig grunn", owner=me, start=unit.on(CHANGE + 30), state="active",
        why="Flere brukere har hatt kateter lenger enn noen kunne forklare. Det skal alltid finnes en grunn, og behovet skal vurderes når "
            "grunnen er borte.",
    )  # fmt: skip
    unit.add(
        "aim", CHANGE + 28, project, text="Høyst 10 % av katetrene er uten gyldig grunn", measure="K-R5", baseline=22.0, target=10.0,
        deadline=unit.on(-20), population="Brukere i Fjordsida med kateter i urinrøret", owner=me,
    )  # fmt: skip
    last = months.first_of(unit.today)
    unit.session.add(MeasureDecision(
        id=uuid5(project, "target"), unit_id=unit.unit, measure="K-R5", kind="target", grain="month", period=last, value=10.0,
        reason="Målet i forbedringsarbeidet «Færre katetre uten gyldig grunn»", by=unit.by.id,
        at=datetime.combine(last, time(12), OSLO),
    ))  # fmt: skip
    return tried(unit, project, me)


def tried(unit: Work, project: UUID, me: str) -> UUID:
    """Ideas with their days, and what was learned of each; the cycle that was adopted."""
    asked = unit.add("idea", CHANGE + 20, project, text="Spør etter grunnen ved hvert kateterstell", idea_state="kept",
                     start=unit.on(CHANGE))  # fmt: skip
    called = unit.add("idea", CHANGE + 20, project, text="Ta kontakt med legen samme dag når ingen vet grunnen", idea_state="kept",
                      start=unit.on(CHANGE - 35))  # fmt: skip
    poster = unit.add("idea", CHANGE + 20, project, text="Plakat på vaktrommet", idea_state="left", start=unit.on(CHANGE - 65))
    dated = unit.add("idea", 70, project, text="Skriv dato for ny vurdering når kateteret legges inn", idea_state="tried",
                     start=unit.on(60))  # fmt: skip
    one = unit.add(
        "cycle", CHANGE, project, title="To brukere, én uke", idea=str(asked), start=unit.on(CHANGE), end=unit.on(CHANGE - 7), owner=me,
        plan="Berit og Amina spør etter grunnen hos to brukere på dagvakt i en uke.",
        prediction="Vi tror grunnen står i journalen hos begge.",
        do="Spurt ved alle besøk. Hos den ene fant ingen noen grunn.",
        study="Grunnen sto bare i epikrisen hos den ene. Vi hadde ventet at den sto i vår egen journal.",
        act="adopt", act_text="Alle på dagvakt spør fra mandag.",
    )  # fmt: skip
    unit.add(
        "cycle", CHANGE - 25, project, title="Melding til legen samme dag", idea=str(called), start=unit.on(CHANGE - 25),
        end=unit.on(CHANGE - 39), owner=me, plan="Dagvakta sender melding samme dag når ingen vet grunnen.",
        prediction="Vi tror svaret kommer innen to dager.", do="Sendt for fem brukere i to uker.",
        study="Svarene kom etter én til åtte dager. Meldinger uten et tydelig spørsmål tok lengst tid.",
        act="adapt", act_text="Bruk samme spørsmål hver gang, og prøv på nytt.",
    )  # fmt: skip
    unit.add(
        "cycle", CHANGE - 65, project, title="Plakat på vaktrommet", idea=str(poster), start=unit.on(CHANGE - 65),
        end=unit.on(CHANGE - 79), owner=me, plan="Henge opp plakat og spørre vaktene etter to uker.",
        prediction="Vi tror alle har lest den.", do="Hang i to uker.", study="Tre av ni hadde sett den.", act="abandon",
        act_text="Tas ned. Spørsmålet ligger i sjekken.",
    )  # fmt: skip
    unit.add(
        "cycle", 60, project, title="Dato for ny vurdering", idea=str(dated), start=unit.on(60), owner=me,
        plan="Skriv dato for ny vurdering ved alle nye katetre.", prediction="Vi tror datoen er med for de fleste.",
        do="I gang på dag- og kveldsvakt.",
    )  # fmt: skip
    return one


def begun(unit: Work) -> None:
    """A project that still says what it lacks."""
    project = unit.add("project", 21, title="Hud ved første besøk", owner=str(unit.by.id), start=unit.on(21), state="active",
                       why="Nye brukere kommer ofte fra sykehus, og huden blir ikke alltid sett på den første dagen.")  # fmt: skip
    unit.add("aim", 20, project, text="Alle nye brukere er vurdert ved første besøk", measure="T-P1")
    unit.add("idea", 20, project, text="Sett av ti minutter ekstra til første besøk", idea_state="thought")


def rounds(unit: Work) -> None:
    """Walk-rounds: one with everything done, one with something overdue and something open, one to come."""
    me = str(unit.by.id)
    first = unit.add(
        "visit", 110, planned=unit.on(95), held=unit.on(95), leaders="Solveig Dahl, kommunalsjef", staff="Fire ansatte på dagvakt",
        prompts="Hva kunne gått galt denne uka? Hva hindrer dere i å gjøre det trygt?",
        risks="Dårlig lys ved medisinskapet. Glidelaken mangler i to biler.", feedback=unit.on(81),
    )  # fmt: skip
    unit.add("action", 95, first, text="Bedre lys ved medisinskapet", owner=me, due=unit.on(74), done=unit.on(78))
    unit.add("action", 95, first, text="Glidelaken i alle biler", owner=me, due=unit.on(70), done=unit.on(61))
    second = unit.add(
        "visit", 40, planned=unit.on(25), held=unit.on(25), leaders="Solveig Dahl", staff="Tre ansatte på kveldsvakt",
        prompts="Hva er vanskeligst når dere er alene på vakt?", risks="Nøkler til to hjem finnes bare i én utgave.",
    )  # fmt: skip
    unit.add("action", 25, second, text="Ekstra nøkkelboks til kveldsvakta", owner=me, due=unit.on(5))
    unit.add("action", 25, second, text="Øve på hva vi gjør når noen har falt", owner=me, due=unit.on(-14))
    unit.add("visit", 10, planned=unit.on(-10), leaders="Solveig Dahl, kommuneoverlege", prompts="Hva har dere fått gjort med siden sist?")


def green_cross(unit: Work) -> None:
    """Decided on working days, as the data suggested; the rest is grey, as it is when nobody met."""
    row = unit.session.get_one(UnitRow, unit.unit)
    notes = {"green": "", "yellow": "En hendelse uten skade, tatt opp på tavlemøtet", "red": "En hendelse med skade, fulgt opp samme dag"}
    this = unit.today.replace(day=1)
    for month in (months.first_of(this - timedelta(days=1)), this):
        for day, (colour, _) in sorted(cross.suggestions(unit.session, row, month, unit.today).items()):
            if day < unit.today and day.weekday() < 5 and day.day % 11:  # now and then nobody decides
                unit.add("cross", (unit.today - day).days, item=cross.ident(unit.unit, day), day=day.isoformat(), colour=colour,
                         note=notes[colour])  # fmt: skip


def network(first: Work, second: Work, cycle: UUID) -> None:
    """Two of three units follow the same measures."""
    shared = first.add(
        "network", 125, title="Hver gang i Solvik", measure=MEASURES[0], measure2=MEASURES[1], measure3=MEASURES[2],
        about="Sjekkene skal bli gjort hver gang, til alle døgnets tider, uansett hvem som er på vakt. Sonene lærer av hverandres forsøk.",
    )  # fmt: skip
    code = "".join(LETTERS[byte % len(LETTERS)] for byte in uuid5(shared, "letters").bytes[:LENGTH])
    first.add("code", 125, shared, code_item(shared), code=code)
    for team, joined in ((first, 124), (second, 118)):
        team.add("team", joined, shared, uuid5(shared, team.unit.hex), measures=sorted(MEASURES))
    for title, kind, begins, ends, place in (
        ("Første samling", "gathering", 112, None, "Rådhuset, møterom 2"), ("Tiltaksperiode 1", "period", 111, 62, ""),
        ("Andre samling", "gathering", 56, None, "Rådhuset, møterom 2"), ("Tiltaksperiode 2", "period", 55, -12, ""),
        ("Siste samling", "gathering", -19, None, "Rådhuset, kantina"),
    ):  # fmt: skip
        first.add("session", 120, shared, title=title, session_kind=kind, begins=first.on(begins), place=place,
                  ends=first.on(ends) if ends is not None else "",
                  bring="Egne tall og ett forsøk" if kind == "gathering" else "")  # fmt: skip
    first.add("post", 50, shared, title="Slik spør vi etter grunnen", cycle=str(cycle),
              story="Vi begynte med to brukere i én uke. Det enkleste var å spørre ved stellet, før vi dokumenterte.")  # fmt: skip
    second.add("post", 31, shared, title="Det som stoppet oss",
               story="Vi fikk ikke svar når meldingen ikke hadde et tydelig spørsmål. Nå skriver vi det samme hver gang.")  # fmt: skip


def year(unit: Work) -> None:
    """The review of the year that is looked at now: begun, and the last part not written yet."""
    number = years.usual(store.began(unit.session, unit.today), unit.today).number
    for ago, part, text in (
        (12, "plan", "Vi valgte ett mål: færre katetre uten gyldig grunn. Det har utgangspunkt, tall, frist og ansvarlig.\n"
                     "Fall, hud og legemidler fulgte vi med målinger, uten egne mål. Det var for lite: fall trenger et eget mål."),
        (12, "do", "Endringene ble prøvd hos få brukere før alle tok dem i bruk. De som var med på den første visitten, har fått svar.\n"
                   "Øvelse på fall er avtalt, men ikke gjort ennå."),
        (9, "study", "Vi leser tidsseriene sammen med dekningen. Der langt færre er sjekket enn ellers, trekker vi ingen slutning.\n"
                     "Grønt kors har for mange grå dager: vi bestemmer fargen på tavlemøtet hver virkedag."),
    ):  # fmt: skip
        unit.add(texts.KIND, ago, item=texts.ident(unit.unit, number, part), year=number, part=part, text=text)
