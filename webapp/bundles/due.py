"""What is due for a person, why and since when; and the flags that time raises. Pure. Twin: sw/due.js."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from webapp.bundles import history
from webapp.bundles.evaluate import Context
from webapp.bundles.flagging import timed_raises
from webapp.bundles.kinds import Env
from webapp.bundles.model import Due, Form, Text
from webapp.bundles.ops import day, open_items
from webapp.bundles.rules import parameters
from webapp.bundles.workdays import iso, oslo_date, workdays

if TYPE_CHECKING:
    from webapp.bundles.bundle import Registry

Values = dict[str, Any]
PARTLY: Text = {"nb": "Delvis gjort sist", "nn": "Delvis gjort sist", "en": "Partly done last time"}
DECLINED: Text = {"nb": "Ønsket ikke sist, spør igjen", "nn": "Ønskte ikkje sist, spør igjen",
                  "en": "Declined last time, ask again"}
NOTHING: Values = {"state": "not_applicable", "next_due_on": None, "at_next_visit": False, "reason": None,
                   "since": None, "days_late": 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reason to do the check: its day, the day it counts from, and how long it may wait after."""

    on: int
    since: int
    grace: int
    next_visit: bool
    reason: Text
    late: bool = False  # arose after the latest refusal: not moved by it


def grace_days(interval: int) -> int:
    """20 % of the interval, 1 to 30 days; none for 3 days or less."""
    return 0 if interval <= 3 else min(30, max(1, interval // 5))


class Person:
    """What due rules read of a person: the latest check of the form as `v`, everything else as history."""

    def __init__(self, form: Form, person: Values, now: str, params: Values) -> None:
        self.form, self.person = form, person
        self.today = day(now) or 0
        done = history.valid(person, form.id)
        self.latest = done[-1] if done else None
        self.latest_day = day(history.day_of(self.latest)) if self.latest else None
        tried = history.valid(person, form.id, ("done", "partly_done", "not_done"))
        self.refused = tried[-1] if tried and tried[-1].get("outcome") == "not_done" else None
        self.refused_day = day(history.day_of(self.refused)) if self.refused else None
        self.triggers = [one for one in person.get("triggers") or () if day(one["on"]) is not None]
        self.env: Env = (self.context(now, params), None)

    def context(self, now: str, params: Values) -> Context:
        form, person = self.form, self.person
        reads = form.due_reads
        values = history.values_of(self.latest) if self.latest else {}
        common = {"performed_on": values.get("_on"), "actions": values.get("_actions"),
                  "outcome": values.get("_outcome"), "context": (self.latest or {}).get("context")}
        last = {}
        for other in reads.last:
            check = self.latest if other == form.id else history.latest(person, other, None)
            last[other] = history.values_of(check) if check else {}
        past = {other: [history.values_of(one) for one in history.valid(person, other)] for other in reads.past}
        items = history.cards(form, form.siblings, person)[0] if any(one.lists for one in form.siblings) else {}
        v = {**values, **elements(form, self.latest, items)}
        return Context(v, iso(self.today), common, last, items, past, history.facts(person, iso(self.today)),
                       parameters(form, params), self.unused(), raised(self.latest), open_codes(person))

    def unused(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.triggers:
            number = day(one["on"]) or 0
            if (self.latest_day is None or number > self.latest_day) and one["on"] > found.get(one["type"], ""):
                found[one["type"]] = one["on"]
        return found


def raised(check: Values | None) -> frozenset[str]:
    return frozenset(one["code"] for one in (check or {}).get("flags") or ())


def open_codes(person: Values) -> frozenset[str]:
    return frozenset(one["code"] for one in person.get("flags") or ())


def elements(form: Form, check: Values | None, items: Values) -> Values:
    """Cards of the latest check as conditions see them: answers with derived values and their history."""
    found = {}
    for listed in form.lists:
        part = listed.items
        records = (items.get(part.identity) or {}) if part is not None else {}
        keys = [card.get(part.key) for card in ((check or {}).get("answers") or {}).get(listed.name) or ()
                if part is not None]
        found[listed.name] = [{**records[key][-1], "_key": key, "_first": records[key][0]["_on"],
                               "_earlier": records[key][:-1], "_prior": records[key][-2] if records[key][1:] else None}
                              for key in keys if key in records]
    return found


def due(form: Form, person: Values, now: str, params: Values | None = None) -> Values:
    """State of one form for one person at `now`: not_applicable, done, due, overdue or upcoming."""
    if not in_service(person, oslo_date(now) or now):
        return dict(NOTHING)
    who = Person(form, person, now, params or {})
    if form.applies is not None and not form.applies.true(who.env):
        return dict(NOTHING)
    found = after_refusal(who, candidates(who))
    if not found:
        return dict(NOTHING)
    first = min(found, key=lambda one: one.on)
    at_next_visit = any(one.next_visit for one in found)
    today = who.today
    if who.latest_day == today and not form.per_subject:
        state = "done"
    elif today > first.on + first.grace:
        state = "overdue"
    else:
        state = "due" if at_next_visit or first.on <= today else "upcoming"
    return {"state": state, "next_due_on": iso(first.on), "at_next_visit": at_next_visit, "reason": first.reason,
            "since": iso(first.since), "days_late": max(0, today - first.on)}


def in_service(person: Values, today: str) -> bool:
    """Death or the end of service closes everything that is due. No episodes = not recorded = in service."""
    service = [one for one in person.get("episodes") or () if one["kind"] == "service"]
    return not service or any(one["from"] <= today and (one.get("to") is None or one["to"] >= today) for one in service)


def candidates(who: Person) -> list[Candidate]:
    """Every reason that counts now, in table order."""
    found: list[Candidate] = []
    from_check = False
    for rule in who.form.due:
        if rule.otherwise and from_check:
            continue
        fresh = of_rule(rule, who)
        found += fresh
        from_check = from_check or (bool(fresh) and rule.base != "trigger")
    latest = who.latest
    if latest is not None and who.latest_day is not None and latest.get("outcome") == "partly_done":
        found.append(Candidate(who.latest_day + 7, who.latest_day, grace_days(7), True, PARTLY))
    return found


def of_rule(rule: Due, who: Person) -> list[Candidate]:
    """The candidates of one due rule."""
    bases: list[tuple[int | None, Env]]
    match rule.base:
        case "trigger":
            return of_triggers(rule, who)
        case "flag":
            opened = [day(one["opened_at"]) or 0 for one in who.person.get("flags") or () if one["code"] == rule.each]
            bases = [(one, who.env) for one in sorted(opened)]
        case "open":
            bases = of_items(rule, who)
        case "on" | "from":
            bases = [(day(rule.date.value(who.env)) if rule.date is not None else None, who.env)]
        case _:
            bases = [(who.latest_day, who.env)] if who.latest is not None else []
    found = [counted(rule, base, env, who) for base, env in bases if base is not None and holds(rule, env)]
    if rule.base == "on":
        found = [one for one in found if who.latest_day is None or one.on > who.latest_day]
    return found


def holds(rule: Due, env: Env) -> bool:
    return rule.when is None or rule.when.true(env)


def of_items(rule: Due, who: Person) -> list[tuple[int | None, Env]]:
    part = rule.listed.items if rule.listed is not None else None
    if part is None or rule.date is None:
        return []
    found = []
    for one in open_items(who.env[0].items.get(part.identity), part.state, part.final):
        env: Env = (who.env[0], one)
        found.append((day(rule.date.value(env)), env))
    return found


def of_triggers(rule: Due, who: Person) -> list[Candidate]:
    """A trigger counts until a check is performed on or after its day (or its earlier due day)."""
    found = []
    for one in who.triggers:
        base = day(one["on"])
        if base is None or one["type"] not in rule.trigger or not holds(rule, who.env):
            continue
        candidate = counted(rule, base, who.env, who)
        if who.latest_day is None or min(base, candidate.on) > who.latest_day:
            found.append(candidate)
    return found


def counted(rule: Due, base: int, env: Env, who: Person) -> Candidate:
    """Base day + interval, with its grace and its reason in words."""
    late = who.refused_day is not None and base > who.refused_day
    if rule.base == "on":
        offset = amount(rule.offset.value(env)) if rule.offset is not None else 0
        return Candidate(base + offset, base, 0, rule.next_visit, worded(rule.reason, offset))  # planned before the refusal
    if rule.workdays is not None:
        count = amount(rule.workdays.value(env))
        return Candidate(workdays(base, count), base, 0, rule.next_visit, worded(rule.reason, count), late)
    days = amount(rule.days.value(env)) if rule.days is not None else 0
    return Candidate(base + days, base, grace_days(days), rule.next_visit, worded(rule.reason, days), late)


def amount(value: Any) -> int:
    return value if type(value) is int else 0


def worded(reason: Text, days: int) -> Text:
    return {lang: text.replace("{days}", str(days)) for lang, text in reason.items()}


def after_refusal(who: Person, found: list[Candidate]) -> list[Candidate]:
    """What a check that was not done does to the dates."""
    if who.refused is None or who.refused_day is None:
        return found
    reason = who.refused.get("not_done_reason")
    if reason == "not_relevant":
        return [one for one in found if one.late]
    if reason != "declined":
        return [replace(one, next_visit=True) for one in found]
    soon = any(one["severity"] in ("urgent", "high") for one in who.person.get("flags") or ())
    if who.form.declined_soon is not None:
        soon = soon or who.form.declined_soon.true(who.env)
    wanted, usual = (who.form.declined_soon_days, 7) if soon else (who.form.declined_days, 30)
    days = usual if wanted is None else amount(wanted.value(who.env))
    return [one if one.late else Candidate(who.refused_day + days, who.refused_day, grace_days(days), False, DECLINED)
            for one in found]


def timed(form: Form, person: Values, now: str, params: Values | None = None) -> list[Values]:
    """Flags that have come up by time alone."""
    if not any(one.timed for one in form.flags) or not in_service(person, oslo_date(now) or now):
        return []
    who = Person(form, person, now, params or {})
    return timed_raises(form, who.env, who.triggers)


def for_person(registry: Registry, person: Values, now: str, params: Values | None = None) -> dict[str, Values]:
    """Due of every form, by form id."""
    return {form.id: due(form, person, now, params) for form in registry.forms}
