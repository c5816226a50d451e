"""Refused records as a supervisor reads and decides them, as template context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp import db, reasons
from webapp.accounts import policy
from webapp.bedside import says
from webapp.models import Device, Quarantine, QuarantineDecision, Unit, User
from webapp.review import pages, queries, refused_answers
from webapp.review.needs import ident, people
from webapp.sync import repair
from webapp.sync.people import OSLO
from webapp.sync.quarantine import ACCEPT, ASSIGN, REJECT, RESOLVED, UNIT
from webapp.words import Translate

Context = dict[str, Any]
MOST_CHOICES, MOST_NEAR = 12, 5
ADVICE = {
    "compromised": "Spør forfatteren om sjekken ble gjort slik den står her. Stemmer den, kan du legge den inn.",
    "no_access": "Spør forfatteren hvem sjekken gjelder. Var det en annen bruker, legger du den på den rette.",
    "unknown_person": "Finn ut hvem sjekken gjelder, og legg den på rett bruker.",
    "corrects_other": "Sjekken den retter, er lagt på en annen bruker. Spør forfatteren, og legg rettingen på samme bruker.",
    "corrects_waiting": "Avgjør først sjekken den retter. Den står også under «Ikke godtatt».",
    "unknown_unit": "Legg den inn i enheten brukeren hører til.",
    "unknown_key": "Be forfatteren logge inn på enheten igjen. Vurder så registreringen på nytt her.",
    "bundle_unknown": "Be den som drifter serveren, legge inn skjemaversjonen. Vurder så registreringen på nytt her.",
    "bundle_differs": "Be den som drifter serveren, legge inn skjemaversjonen. Vurder så registreringen på nytt her.",
    "id_conflict": "Spør forfatteren hva som stemmer. Mangler noe, må sjekken gjøres på nytt.",
    "not_stored": "Be den som drifter serveren, se etter feilen. Vurder så registreringen på nytt her.",
    "not_judged": "Be den som drifter serveren, se etter feilen. Vurder så registreringen på nytt her.",
}
WRONG_UNIT = frozenset({"no_access", "unknown_unit"})
USELESS = "Innholdet kan ikke brukes. Be forfatteren gjøre sjekken på nytt, og legg ikke denne inn."
HOW = {ACCEPT: "Lagt inn", ASSIGN: "Lagt inn på en annen bruker", UNIT: "Lagt inn i rett enhet", REJECT: "Ikke lagt inn",
       RESOLVED: "Godtatt da den kom på nytt"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the decision form, kept when it is shown again."""

    decision: str = ""
    reason: str = ""
    person: UUID | None = None
    seen: int = 0
    q: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Form:
        """From a request; what cannot be read is not said."""
        seen = form.get("seen", "")
        number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 7 else 0
        return cls(form.get("decision", ""), form.get("reason", ""), ident(form.get("person")), number, form.get("q", "")[:60])

    @property
    def wish(self) -> repair.Wish:
        return repair.Wish(self.decision, self.reason, self.person, self.seen)


def listing(user: User, page: int, t: Translate, now: str, lang: str) -> Context:
    """Refused records, those waiting for a decision first, with what can be read of them."""
    session = db.session()
    found = queries.quarantined(session, policy.refused_of(user), page)
    decided = queries.decided(session, [one.envelope_hash for one in found])
    listed = []
    for record in found[: queries.PAGE]:
        taken = decided.get(record.envelope_hash, [])
        seen = repair.look(session, record.envelope)
        listed.append(
            {
                "url": f"/review/quarantine/{record.envelope_hash}",
                "who": source(record, t),
                "open_label": t("Se og avgjør") + ": " + source(record, t),
                "received": t("Mottatt %(when)s", when=near(record.received_at, now, t)),
                "reasons": [reasons.sentence("quarantined", code, t) for code in record.reasons],
                "inside": refused_answers.short(user, record, seen, t, now, lang),
                "decided": decision(*taken[-1], now, t) if taken else None,
                "ready": not taken and seen.may(ACCEPT) and not seen.against,
            }
        )
    more = len(found) > queries.PAGE
    ready = len([one for one in listed if one["ready"]])
    return {"records": listed, "older_url": f"/review/quarantine?page={page + 1}" if more else "", "several_ready": ready > 1}


def detail(user: User, record: Quarantine, form: Form, t: Translate, now: str, lang: str) -> Context:
    """One refused record: why, what it says, who made it, and what can be done."""
    session = db.session()
    seen = repair.look(session, record.envelope)
    taken = queries.decided(session, [record.envelope_hash]).get(record.envelope_hash, [])
    done = [decision(one, by, now, t) for one, by in taken]
    is_open = not taken or taken[-1][0].decision == REJECT
    shown = policy.reads_refused(user, record, seen.person)
    can = choices(user, record, seen, form, t) if is_open else []
    can = [one for one in can if not taken or one["value"] != REJECT]
    return {
        "url": f"/review/quarantine/{record.envelope_hash}",
        "who": pages.person_words(seen.person, now[:10], t) if seen.person and shown else None,
        "id_sticky": False,
        "source": source(record, t),
        "reasons": [reasons.sentence("quarantined", code, t) for code in record.reasons],
        "today": standing(record, seen, t) if is_open else "",
        "ready": is_open and not seen.against and seen.may(ACCEPT),
        "advice": advice(user, seen, t) if is_open else [],
        "decisions": done,
        "is_open": is_open,
        "choices": can,
        "assigns": any(one["value"] == ASSIGN for one in can),
        "whom": whom(user, record, seen, form, t) if any(one["value"] == ASSIGN for one in can) else {},
        "seen": len(taken),
        "reason": form.reason,
        "patient_id": seen.person.id if seen.person and shown else None,
        **refused_answers.whole(record, seen, shown, t, now, lang),
    }


def source(record: Quarantine, t: Translate) -> str:
    """Whose it is, and from which device."""
    session = db.session()
    author = session.get(User, record.user_id) if record.user_id else None
    device = session.get(Device, record.device_id) if record.device_id else None
    return f"{author.name if author else t('Ukjent forfatter')} · {device.name if device else t('Ukjent enhet')}"


def standing(record: Quarantine, seen: repair.Look, t: Translate) -> str:
    """How it stands when it is judged again now; empty when that is as it was."""
    if not seen.against:
        return t("Vurdert på nytt nå: ingenting er i veien lenger.") if seen.may(ACCEPT) else ""
    if set(seen.against) == set(record.reasons):
        return ""
    return t("Vurdert på nytt nå: %(why)s", why=" ".join(reasons.sentence("quarantined", code, t) for code in seen.against))


def advice(user: User, seen: repair.Look, t: Translate) -> list[str]:
    """What can be done about each thing that stands in its way."""
    codes = ["not_judged" if code.startswith("not_judged") else code for code in seen.against]
    found = list(dict.fromkeys(t(ADVICE.get(code, USELESS)) for code in codes))
    if seen.corrected:
        who = seen.corrected.name if policy.belongs(user, seen.corrected) else t("en bruker i en annen enhet")
        found.append(t("En retting av denne sjekken er allerede lagt inn på %(who)s. Begge skal gjelde samme bruker.", who=who))
    return found


def choices(user: User, record: Quarantine, seen: repair.Look, form: Form, t: Translate) -> list[Context]:
    """The decisions this supervisor can take."""
    hers = policy.belongs(user, seen.person)
    unit = db.session().get(Unit, seen.person.unit_id) if seen.person and hers else None
    words = {ACCEPT: t("Legg inn likevel") if seen.against else t("Legg inn")}
    words[UNIT] = t("Legg inn i %(unit)s", unit=unit.name) if unit else ""
    words |= {ASSIGN: t("Legg på rett bruker"), REJECT: t("Legg ikke inn")}
    elsewhere = unit is not None and seen.may(UNIT) and bool(WRONG_UNIT.intersection(seen.against))
    can = {ACCEPT: hers and seen.may(ACCEPT) and not elsewhere, UNIT: elsewhere}
    can[REJECT] = policy.reads_refused(user, record, seen.person)
    can[ASSIGN] = seen.may(ASSIGN) and can[REJECT]
    left = [one for one in words if can[one]]
    return [{"value": one, "text": words[one], "checked": one == form.decision or len(left) == 1} for one in left]


def whom(user: User, record: Quarantine, seen: repair.Look, form: Form, t: Translate) -> Context:
    """Whom it could be about: whom a search finds, or those on its author's route nearest in time."""
    session = db.session()
    found = people(session, policy.units_of(session, user), form.q, t)
    rows, told = found["people"], found["count_text"]
    same = seen.corrects if "corrects_other" in seen.against else seen.corrected
    chosen = str(form.person or (same.id if same and policy.belongs(user, same) else ""))
    if not form.q and record.user_id and seen.sub:
        at = seen.sub.performed_at.astimezone(OSLO)
        route = {str(ref): minutes(when) for ref, when in queries.visited(session, record.user_id, at.date()).items()}
        near = sorted((one for one in rows if one["id"] in route), key=lambda one: abs(route[one["id"]] - at.hour * 60 - at.minute))
        rows = [one for one in rows if one["id"] == chosen and one not in near[:MOST_NEAR]] + near[:MOST_NEAR] or rows
        told = t("På runden til forfatteren den dagen, nærmest i tid. Søk for å finne andre.") if near else told
    return {"q": form.q, "people": [one | {"checked": one["id"] == chosen} for one in rows[:MOST_CHOICES]], "count_text": told}


def minutes(clock: str) -> int:
    """Minutes since midnight."""
    return int(clock[:2]) * 60 + int(clock[3:5])


def decision(one: QuarantineDecision, by: User | None, now: str, t: Translate) -> Context:
    """What was decided, by whom, when and why."""
    how, when = t(HOW.get(one.decision, "Lagt inn")), near(one.at, now, t)
    text = t("%(how)s av %(who)s, %(when)s", how=how, who=by.name, when=when) if by else f"{how}, {when}"
    taken = one.decision != REJECT
    return {"text": text + ".", "reason": one.reason, "taken": taken, "tone": "ok" if taken else "quiet",
            "tag": t("Lagt inn") if taken else t("Ikke lagt inn"), "icon": "check" if taken else "stop",
            "check_url": check_url(one)}  # fmt: skip


def check_url(one: QuarantineDecision) -> str:
    """Where the check is that it became."""
    return f"/review/checks/{one.check_id}" if one.check_id and one.patient_id else ""


def near(moment: datetime, now: str, t: Translate) -> str:
    return says.near_moment(moment.isoformat(), now[:10], t)


def taken_in(check_id: UUID, now: str, t: Translate) -> Context | None:
    """Of a check that was refused first: who took it in, and why."""
    found = queries.taken_in(db.session(), check_id)
    return decision(*found, now, t) if found else None

