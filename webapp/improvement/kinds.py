"""What there is to fill in about each kind of thing, and how it is read from a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.improvement.work import Data, Refused

LINE, TEXT, DAY, NUMBER, CHOICE, PERSON, MEASURE, IDEA = "line", "text", "day", "number", "choice", "person", "measure", "idea"
CYCLE = "cycle"
MOST = {LINE: 160, TEXT: 1500, NUMBER: 12, CHOICE: 20, PERSON: 36, MEASURE: 12, IDEA: 36, CYCLE: 36, DAY: 10}
CHOSEN = (PERSON, MEASURE, IDEA, CYCLE)  # from a list of what there is


@dataclass(frozen=True)
class Entry:
    """One box of a form."""

    name: str
    kind: str
    required: bool = False
    options: tuple[str, ...] = ()


FORMS: dict[str, tuple[Entry, ...]] = {
    "project": (Entry("title", LINE, True), Entry("why", TEXT), Entry("owner", PERSON), Entry("start", DAY),
                Entry("state", CHOICE, True, ("active", "ended"))),
    "aim": (Entry("text", LINE, True), Entry("measure", MEASURE), Entry("baseline", NUMBER), Entry("target", NUMBER),
            Entry("deadline", DAY), Entry("population", LINE), Entry("owner", PERSON)),
    "idea": (Entry("text", LINE, True), Entry("idea_state", CHOICE, True, ("thought", "tried", "kept", "left")), Entry("start", DAY)),
    "cycle": (Entry("title", LINE, True), Entry("idea", IDEA), Entry("start", DAY, True), Entry("end", DAY), Entry("plan", TEXT),
              Entry("prediction", TEXT), Entry("do", TEXT), Entry("study", TEXT),
              Entry("act", CHOICE, False, ("", "adopt", "adapt", "abandon")), Entry("act_text", TEXT), Entry("owner", PERSON)),
    "visit": (Entry("planned", DAY, True), Entry("held", DAY), Entry("leaders", LINE), Entry("staff", LINE), Entry("prompts", TEXT),
              Entry("risks", TEXT), Entry("feedback", DAY)),
    "action": (Entry("text", LINE, True), Entry("owner", PERSON), Entry("due", DAY, True), Entry("done", DAY)),
    "network": (Entry("title", LINE, True), Entry("about", TEXT), Entry("measure", MEASURE), Entry("measure2", MEASURE),
                Entry("measure3", MEASURE)),
    "session": (Entry("title", LINE, True), Entry("session_kind", CHOICE, True, ("gathering", "period")), Entry("begins", DAY, True),
                Entry("ends", DAY), Entry("place", LINE), Entry("bring", TEXT)),
    "post": (Entry("title", LINE, True), Entry("story", TEXT), Entry("cycle", CYCLE)),
}  # fmt: skip
PARENT = {"aim": "project", "idea": "project", "cycle": "project", "action": "visit", "session": "network", "post": "network"}
PLACES = {"project": ("/improvement", "Forbedringsarbeid"), "visit": ("/leadership/visits", "Visitter"),
          "network": ("/network", "Læringsnettverk")}  # where the list of them is
SHARED = ("network", "session", "post")  # read by leaders of other units
FILED = ("post",)  # may carry files
KIND_NAMES = {
    "project": "Forbedringsarbeid", "aim": "Mål for arbeidet", "idea": "Endringsidé", "cycle": "PDSA-runde",
    "visit": "Pasientsikkerhetsvisitt", "action": "Avtalt tiltak", "network": "Læringsnettverk",
    "session": "Samling eller tiltaksperiode", "post": "Innlegg",
}  # fmt: skip
LABELS = {
    "title": "Navn", "why": "Hvorfor", "owner": "Ansvarlig", "start": "Startet", "state": "Tilstand", "text": "Hva", "measure": "Måling",
    "baseline": "Utgangspunkt", "target": "Mål", "deadline": "Frist", "population": "Hvem det gjelder", "idea_state": "Hvor langt",
    "idea": "Endringsidé", "end": "Avsluttet", "plan": "Planlegge: hva, hvem, når og hvor",
    "prediction": "Forventning: hva tror dere skjer?",
    "do": "Utføre: hva ble gjort, og hva så dere?", "study": "Kontrollere: hva ble annerledes enn ventet?",
    "act": "Korrigere: hva gjør dere nå?", "act_text": "Neste skritt", "planned": "Planlagt", "held": "Gjennomført", "leaders": "Ledere",
    "staff": "Ansatte til stede", "prompts": "Tema og spørsmål", "risks": "Risiko som ble tatt opp", "feedback": "Tilbakemelding gitt",
    "due": "Frist for tiltaket", "done": "Gjort", "about": "Hva nettverket vil oppnå", "measure2": "Måling nummer to",
    "measure3": "Måling nummer tre", "session_kind": "Hva det er", "begins": "Fra dag", "ends": "Til dag", "place": "Sted",
    "bring": "Ta med", "story": "Hva dere gjorde og lærte; ikke navn, og ikke tall om færre enn fem", "cycle": "PDSA-runde som deles",
}  # fmt: skip
OPTIONS = {
    "active": "I gang", "ended": "Ferdig", "thought": "Idé", "tried": "Prøves ut", "kept": "Innført", "left": "Forkastet",
    "": "Ikke bestemt ennå", "adopt": "Innføre", "adapt": "Tilpasse og prøve igjen", "abandon": "Forkaste",
    "gathering": "Samling", "period": "Tiltaksperiode",
}  # fmt: skip
NUMBERS = {"baseline": (0.0, 100_000.0), "target": (0.0, 100_000.0)}
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def read(kind: str, given: Mapping[str, str], allowed: Mapping[str, Sequence[str]]) -> Data | Refused:
    """What was filled in, or why it cannot be kept. `allowed`: the people, measures and ideas that may be named."""
    data: Data = {}
    for entry in FORMS[kind]:
        said = given.get(entry.name, "").replace("\r\n", "\n").strip()
        if entry.required and not said:
            return Refused("Noe som må fylles ut, er tomt. Ingenting er lagret. Se over skjemaet.")
        value = one(entry, said, allowed)
        if isinstance(value, Refused):
            return value
        data[entry.name] = value
    return wrong_order(kind, data) or data


def one(entry: Entry, said: str, allowed: Mapping[str, Sequence[str]]) -> Any:
    if len(said) > MOST[entry.kind] or "\x00" in said:
        return Refused("En tekst er for lang eller har ugyldige tegn. Ingenting er lagret.")
    if entry.kind == CHOICE:
        return said if said in entry.options else Refused("Et valg kunne ikke leses. Ingenting er lagret.")
    if not said:
        return ""
    if entry.kind in CHOSEN:
        known = said in allowed.get(entry.kind, ())
        return said if known else Refused("Det du valgte, finnes ikke lenger. Ingenting er lagret. Velg på nytt.")
    if entry.kind == DAY:
        return said if is_day(said) else Refused("En dato kunne ikke leses. Ingenting er lagret. Skriv dag, måned og år.")
    if entry.kind == NUMBER:
        return as_number(entry.name, said)
    return said


def is_day(said: str) -> bool:
    try:
        return len(said) == 10 and EARLIEST <= date.fromisoformat(said) <= LATEST
    except ValueError:
        return False


def as_number(name: str, said: str) -> float | Refused:
    """A number as it is written here, with a comma or a point."""
    least, most = NUMBERS[name]
    text = said.replace(",", ".", 1).removesuffix("%").strip()
    if text.isascii() and text.replace(".", "", 1).isdecimal() and least <= float(text) <= most:
        return float(text)
    return Refused("Et tall kunne ikke leses. Ingenting er lagret. Skriv for eksempel 85 eller 2,5.")


def wrong_order(kind: str, data: Data) -> Refused | None:
    """What contradicts itself."""
    if kind == "cycle":
        if data["end"] and data["end"] < data["start"]:
            return Refused("Runden kan ikke være avsluttet før den startet. Ingenting er lagret.")
        if data["act"] and not (data["study"] and data["end"]):
            return Refused("Skriv hva dere så og når runden ble avsluttet, før dere bestemmer hva dere gjør. Ingenting er lagret.")
    if kind == "session" and data["ends"] and data["ends"] < data["begins"]:
        return Refused("Til dag kan ikke være før fra dag. Ingenting er lagret.")
    if kind == "post" and not (data["story"] or data["cycle"]):
        return Refused("Skriv hva dere gjorde, eller velg en PDSA-runde. Ingenting er lagret.")
    if kind == "idea" and data["idea_state"] == "kept" and not data["start"]:
        return Refused("En endring som er innført, trenger en startdato: den blir merket på tidsserien. Ingenting er lagret.")
    return None


AIM_WANTS = ("measure", "baseline", "target", "deadline", "population", "owner")


def missing(aim: Mapping[str, Any]) -> list[str]:
    """What an aim lacks before it can be reached and be seen to be reached (domain §6)."""
    return [name for name in AIM_WANTS if aim.get(name) in (None, "")]
