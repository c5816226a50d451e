"""Twelve months of one resident: checks when they are due (or late), falls, ulcers, catheters, corrections, follow-up."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.bundles import due, history, rules
from webapp.demo import practice, practice_more
from webapp.demo.cast import Resident, midnight_ms, uuid_from
from webapp.demo.practice import Answers, Life
from webapp.models import User
from webapp.sync import people, storing, world
from webapp.sync.submission import Author, Source, Submission

OSLO = ZoneInfo("Europe/Oslo")
YEAR = 365
CHANGE_AFTER = 180  # from month 7 one unit takes catheters without accepted reason out
WANTED = timedelta(days=7)  # the day a supervisor sets for what hurries
POOR = 0.3  # share of new catheters without an accepted reason, before that
FIRST = ("kateter", "trykksar", "fall_screen", "med_check")
CLOSING_SPACE = UUID("0f0f0f0f-0000-4000-8000-000000000001")
Sheet = Callable[[Life, date], Answers]


@dataclass
class Unit:
    """Who works where, and how practice is in this unit."""

    id: UUID
    nurses: list[User]
    leader: User
    improves: bool


class Year:
    """One resident's checks, written with the same code that stores a nurse's."""

    def __init__(self, session: Session, resident: Resident, unit: Unit, now: datetime, rng: random.Random) -> None:
        self.session, self.who, self.unit, self.now, self.rng = session, resident, unit, now, rng
        self.today = now.astimezone(OSLO).date()
        self.life = Life(resident, rng)
        self.batch = storing.Batch(session, [], now)
        self.registry = world.bundles()
        settings = world.settings(session)
        self.params, self.settings_version = settings["params"], settings["settings_version"]
        self.batch.params = {self.settings_version: self.params}
        loaded = people.load(session, [resident.ref], self.registry, now)
        self.person = loaded[resident.ref]
        self.person["triggers"] = []
        self.batch.people = loaded
        self.delays: dict[tuple[str, str], int] = {}

    def run(self) -> int:
        """Live the year; returns how many checks were made."""
        day = max(self.who.start, self.today - timedelta(days=YEAR))
        last = min(self.who.end or self.today, self.today)
        self.begin(day)
        dated = self.dated(day, last)
        while day <= last:
            for happens in dated.pop(day, []):
                happens(day)
            if not self.away(day):
                self.visit(day)
            day = self.next_day(day, dated)
        self.batch.write()
        return len(self.batch.rows)

    def begin(self, day: date) -> None:
        """What was so before the first day."""
        if self.who.catheter:
            practice.begin_catheter(self.life, day - timedelta(days=self.rng.randrange(3, 400)), POOR)
        if (self.who.start - day).days >= 0:
            self.trigger("service_start", self.who.start)

    def dated(self, first: date, last: date) -> dict[date, list[Callable[[date], None]]]:
        """Falls, discharges and changes of medicine, by day."""
        found: dict[date, list[Callable[[date], None]]] = {}
        for form_id in FIRST:
            on = first + timedelta(days=self.rng.randrange(1, 40))
            found.setdefault(on, []).append(partial(self.first, form_id))
        chance = 0.0035 if self.who.frail else 0.0008
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.rng.random() < chance and not self.away(day):
                found.setdefault(day, []).append(self.fall)
            if self.rng.random() < 0.0015 and self.who.medicines >= 3:
                found.setdefault(day, []).append(lambda on: self.trigger("med_change", on))
        for _, end in self.who.stays:
            if end is not None and first <= end <= last:
                found.setdefault(end, []).append(self.discharge)
        return found

    def discharge(self, day: date) -> None:
        """Home from hospital, now and then with a new catheter."""
        self.trigger("discharge", day)
        if self.life.catheter is None and self.rng.random() < 0.3:
            practice.begin_catheter(self.life, day - timedelta(days=self.rng.randrange(0, 4)), 0.1 if self.changed(day) else POOR)
            self.trigger("new_catheter", day)

    def first(self, form_id: str, day: date) -> None:
        """The first check with the product: what was in paper before is due from then on."""
        if not self.away(day) and not any(one["form"] == form_id for one in self.person["checks"]):
            self.make(form_id, self.moment(day, 10))

    def away(self, day: date) -> bool:
        return any(begin <= day and (end is None or day < end) for begin, end in self.who.stays)

    def next_day(self, day: date, dated: dict[date, Any]) -> date:
        """The next day on which anything can be due or happen."""
        moment = self.moment(day, 23)
        states = due.for_person(self.registry, self.person, moment.isoformat(timespec="seconds"), self.params)
        wanted = [one for one in dated if one > day]
        wanted += [end for _, end in self.who.stays if end is not None and end > day]
        for form_id, state in states.items():
            if state["next_due_on"]:
                at = date.fromisoformat(state["next_due_on"]) + timedelta(days=self.delay(form_id, state["next_due_on"]))
                wanted.append(max(at, day + timedelta(days=1)))
        return min(wanted, default=self.today + timedelta(days=1))

    def delay(self, form_id: str, on: str) -> int:
        """How many days after its date this check is made: mostly few, now and then many."""
        chosen = self.rng.choices((0, 1, 2, 5, 12, 30), (46, 26, 14, 8, 4, 2))[0]
        return self.delays.setdefault((form_id, on), chosen)

    def visit(self, day: date) -> None:
        """Make what is due, unless this visit is one of those where it waits."""
        moment = self.moment(day, self.rng.randrange(7, 21))
        if moment > self.now:
            return
        states = due.for_person(self.registry, self.person, moment.isoformat(timespec="seconds"), self.params)
        for form_id, state in states.items():
            on = state["next_due_on"]
            if state["state"] in ("due", "overdue") and on and (day - date.fromisoformat(on)).days >= self.delay(form_id, on):
                self.make(form_id, moment)
                moment += timedelta(minutes=2)
        self.follow_up(moment)

    def sheet(self, form_id: str, day: date) -> Answers:
        """Answers for a form on a day."""
        life = self.life
        match form_id:
            case "kateter":
                self.maybe_remove(day)
                return practice.kateter(life, day)
            case "trykksar":
                return practice.trykksar(life, day, 1.0)
            case "med_check":
                return practice_more.med_check(life, day, "periodic")
        made: Sheet = getattr(practice_more, form_id)
        return made(life, day)

    def maybe_remove(self, day: date) -> None:
        """Improvement: a catheter nobody can give a reason for comes out, in the unit that changed its practice."""
        state = self.life.catheter
        if state is None:
            return
        poor = state["indication"] in practice.NOT_ACCEPTED
        if self.rng.random() < (0.35 if poor and self.changed(day) else 0.02):
            self.life.catheter, self.life.removed_on = None, day

    def changed(self, day: date) -> bool:
        """Does this unit already work in the new way?"""
        return self.unit.improves and (self.today - day).days < YEAR - CHANGE_AFTER

    def make(self, form_id: str, moment: datetime, answers: Answers | None = None) -> None:
        """One check, now and then declined, late to arrive, or corrected afterwards."""
        day = moment.astimezone(OSLO).date()
        quick = self.registry.form(form_id).quick
        if not quick and self.rng.random() < 0.025:
            reason = self.rng.choice(("declined", "not_home", "acute", "no_time"))
            self.store(form_id, moment, {}, {"outcome": "not_done", "not_done_reason": reason})
            return
        sheet = answers if answers is not None else self.sheet(form_id, day)
        made = self.store(form_id, moment, sheet, {})
        if made is not None and self.rng.random() < 0.02:
            self.store(form_id, moment, sheet, {"note": "Rettet etter samtale med kollega."}, supersedes=made)

    def store(self, form_id: str, moment: datetime, answers: Answers, common: Answers, supersedes: UUID | None = None) -> UUID | None:
        """Judge and keep one check; None when it did not fit."""
        form = self.registry.form(form_id)
        ident = uuid_from(self.rng, int(moment.timestamp() * 1000))
        at = moment.isoformat(timespec="seconds")
        said = {
            "context": form.contexts[0], "outcome": "done", "not_done_reason": None, "not_done_text": "", "actions": [], "note": "",
            "performed_at": at, **common,
        }  # fmt: skip
        if said["outcome"] != "not_done":
            said["actions"] = self.actions(form, answers, said, at, str(supersedes) if supersedes else None)
        nurse = self.rng.choice(self.unit.nurses)
        lag = timedelta(minutes=self.rng.choices((2, 40, 300, 5000), (70, 20, 9, 1))[0])
        self.batch.now = min(moment + lag, self.now)
        outcome = self.batch.one(
            Submission(
                id=ident, patient_id=self.who.ref, unit_id=self.unit.id, bundle=self.registry.bundle(form.bundle), form=form,
                settings_version=self.settings_version, performed_at=moment, recorded_at=moment + timedelta(seconds=70),
                answers=answers, common=said, warned=[], all_ok=[], supersedes=supersedes,
                reason="Feil svar valgt" if supersedes else None, prior=None, device_flags=None, app_version="demo", clock={},
                author=Author(nurse.id, nurse.name, nurse.title),
                source=Source(content_hash=hashlib.sha256(ident.bytes).hexdigest()),
            )
        )  # fmt: skip
        return ident if outcome.verdict == "accepted" else None

    def actions(self, form: Any, answers: Answers, common: Answers, at: str, exclude: str | None) -> list[str]:
        """What the nurse did about what she found."""
        facts = history.prior(form, self.person, at, exclude)
        found = rules.evaluate(form, answers, common, facts, at[:10], self.params)
        severe = {one["severity"] for one in found.flags}
        if "urgent" in severe:
            return ["ooh_contacted", "manager_informed"]
        if "high" in severe:
            return [self.rng.choice(("gp_contacted", "manager_informed"))]
        if "medium" in severe:
            return ["fixed_now" if self.rng.random() < 0.3 else "planned"]
        return []

    def fall(self, day: date) -> None:
        """A fall, recorded the same day."""
        when = self.moment(day, self.rng.randrange(6, 20))
        if when + timedelta(minutes=90) < self.now:
            self.make("fall_event", when + timedelta(minutes=60), practice_more.fall_event(self.life, when))

    def trigger(self, kind: str, on: date) -> None:
        """Something dated that staff entered."""
        row = {"id": uuid_from(self.rng), "patient_id": self.who.ref, "type": kind, "on": on, "source_check_id": None, "entered_by": None}
        self.batch.follow.triggers.append(row)
        self.person["triggers"].append({"id": str(row["id"]), "type": kind, "on": on.isoformat()})

    def follow_up(self, moment: datetime) -> None:
        """The supervisor closes what has been open for some days."""
        for flag in list(self.person["flags"]):
            age = moment - datetime.fromisoformat(flag["opened_at"])
            if age < timedelta(days=2) or self.rng.random() > (0.35 if flag["severity"] in ("urgent", "high") else 0.12):
                continue
            at = moment.astimezone(UTC)
            row = self.batch.follow.flags[flag["id"]]
            row["closed_at"] = at
            if flag["severity"] in ("urgent", "high"):
                row["due_on"] = datetime.fromisoformat(flag["opened_at"]).date() + WANTED
            self.person["flags"].remove(flag)
            outcome, reason = (
                ("done", "Fulgt opp med primærkontakt") if self.rng.random() < 0.85 else ("not_relevant", "Avklart med fastlege")
            )
            self.batch.follow.closings.append(
                {
                    "id": uuid5(CLOSING_SPACE, flag["id"]),
                    "flag_id": UUID(flag["id"]),
                    "outcome": outcome,
                    "reason": reason,
                    "by": self.unit.leader.id,
                    "check_id": None,
                    "at": at,
                }
            )

    def moment(self, day: date, hour: int) -> datetime:
        """A time on that day, Oslo."""
        seconds = midnight_ms(day) % 3000
        return datetime(day.year, day.month, day.day, hour, self.rng.randrange(60), seconds % 60, tzinfo=OSLO)
