"""A person's checks and episodes -> what each measure counts of her, month by month. Pure: the same history gives the same facts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from webapp.bundles import history
from webapp.bundles.evaluate import Context
from webapp.bundles.kinds import Env
from webapp.bundles.model import Form
from webapp.bundles.rules import parameters
from webapp.measures import afterwards, months
from webapp.measures.cards import Cards, forms_of
from webapp.measures.declared import Count
from webapp.measures.line import Line, delay, holds

Values = dict[str, Any]
Event = tuple[str, Values, Env]  # its day, the check that told of it, and what expressions read
FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Fact:
    """As models.MeasureFact, without whose it is."""

    measure: str
    period: date
    unit: str
    num: int
    den: int
    eligible: int
    covered: int
    declined: int
    unknown: int
    late: int


@dataclass(frozen=True, slots=True)
class Month:
    """The part of a month that has been: `last` is the day it is read on, `end` the first day that does not count."""

    first: date
    last: date
    end: date


class Person:
    """One history, read month by month."""

    def __init__(
        self, person: Values, counts: Sequence[Count], params: Values, today: date, grain: months.Grain = "month"
    ) -> None:
        self.person, self.counts, self.params, self.today, self.grain = person, counts, params, today, grain
        by_form: dict[str, list[Values]] = {count.form.id: [] for count in counts}
        for one in person["checks"]:
            by_form.setdefault(one["form"], []).append(one)
        self.lines = {name: Line(checks, name) for name, checks in by_form.items()}
        self.every = sorted(day for line in self.lines.values() for day in line.days)
        self.homes = sorted((history.day_of(one), one["unit"]) for one in person["checks"])
        self.service = self.stretches("service") or ([(date.fromisoformat(self.every[0]), FAR)] if self.every else [])
        self.away = self.stretches("absence")
        self.cards = Cards(person["checks"], forms_of([count.form for count in counts if count.cards]))
        self.read: dict[tuple[str, str, str], Env] = {}
        self.values: dict[str, Values] = {}
        self.own: dict[str, dict[str, int]] = {}
        self.days: dict[date, set[int]] = {}
        self.spoken: dict[str, tuple[list[str], list[Event]]] = {}
        self.sure: dict[str, list[bool | None]] = {}
        self.endings: dict[str, list[afterwards.Ending]] = {}
        self.ends: dict[str, list[afterwards.End]] = {}

    def stretches(self, kind: str) -> list[months.Stretch]:
        """Day of start counts, day of end does not."""
        found = [one for one in self.person["episodes"] if one["kind"] == kind]
        return [(date.fromisoformat(one["from"]), date.fromisoformat(one["to"]) if one.get("to") else FAR) for one in found]

    def facts(self, start: date) -> Iterator[Fact]:
        """From the month (or week, or quarter) of `start` on."""
        if self.service:
            for first in months.months(max(start, min(begins for begins, _ in self.service)), self.today, self.grain):
                yield from self.of(self.counts, first)

    def of(self, counts: Sequence[Count], first: date) -> Iterator[Fact]:
        """Of one month."""
        end = min(months.after(first, self.grain), self.today + timedelta(days=1))
        month = Month(first, end - timedelta(days=1), end)
        self.days = {first: months.day_set(self.service, first, end) - months.day_set(self.away, first, end)}
        present = len(self.days[first])
        for count in counts:
            if count.is_between:
                yield from self.happened(count, month)
            elif any((made := self.counted(count, month, present))[:-1]):
                yield Fact(count.id, first, self.unit_at(month), *made)

    def happened(self, count: Count, month: Month) -> Iterator[Fact]:
        """Days of a month on which something happened to her: several at once are one event of hers."""
        found: dict[str, list[Values]] = {}
        for day, check, _ in self.told(count, month):
            found.setdefault(day, []).append(check)
        for day, checks in found.items():
            late = max(delay(one) for one in checks)
            yield Fact(count.id, date.fromisoformat(day), self.unit_at(month), 1, 0, 1, 1, 0, 0, late)

    def unit_at(self, month: Month) -> str:
        """Where she was checked last by then; where she is now, when that is not known or the month still runs."""
        place = bisect_right(self.homes, (month.last.isoformat(), "~"))
        return str(self.homes[place - 1][1]) if place and months.closed(month.first, self.today, self.grain) else str(self.person["unit"])

    def counted(self, count: Count, month: Month, present: int) -> tuple[int, ...]:
        """(num, den, eligible, covered, declined, unknown, late)."""
        looks_on = afterwards.KINDS.get(count.kind)
        made: tuple[int, int, int, int] = looks_on(self, count, month) if looks_on else \
            getattr(self, f"of_{count.kind}")(count, month, present)  # fmt: skip
        num, den, declined, unknown = made
        eligible = int(den > 0 or unknown > 0 or declined > 0 or self.meant(count, month))
        return num, den, eligible, int(eligible and self.covered(count, month)), declined, unknown, self.late(count, month)

    def meant(self, count: Count, month: Month) -> bool:
        """Whom the measure is about, also where nothing can be counted of her."""
        return count.whom is not None and self.here(month, count.least_days) and holds(count.whom, self.last(count, month.last))

    def covered(self, count: Count, month: Month) -> bool:
        if count.covered is not None:
            return holds(count.covered, self.last(count, month.last))
        if count.kind == "start":
            begun = [one for one in self.beginnings(count) if month.first <= one < month.end]
            return all(self.checked(count, one, max(month.last, one + timedelta(days=count.days))) for one in begun)
        since = (month.last - timedelta(days=count.covered_days)).isoformat()
        days = self.every if count.any_check else self.lines[count.form.id].days
        place = bisect_right(days, month.last.isoformat())
        return place > 0 and days[place - 1] >= since

    def checked(self, count: Count, since: date, until: date) -> bool:
        days = self.lines[count.form.id].days
        return bisect_left(days, since.isoformat()) < bisect_right(days, until.isoformat())

    def late(self, count: Count, month: Month) -> int:
        check = self.lines[count.form.id].at(month.last)
        return 0 if check is None or history.day_of(check) < month.first.isoformat() else delay(check)

    def of_share(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        if not self.here(month, count.least_days):
            return 0, 0, 0, 0
        line, env = self.lines[count.form.id], self.last(count, month.last)
        if not holds(count.among, env):
            return 0, 0, 0, 0
        if line.declined(month.last, count.covered_days) or holds(count.declined, env):
            return 0, 0, 1, 0
        return int(holds(count.met, env)), 1, 0, 0

    def here(self, month: Month, least: int) -> bool:
        """In service and at home on the day the month is read."""
        away = any(begins <= month.last < ends for begins, ends in self.away)
        return not away and any(begins + timedelta(days=least) <= month.last < ends for begins, ends in self.service)

    def settled(self, day: date, least: int) -> bool:
        """At home that day, and so long since service began and since she came back."""
        back = any(ends <= day < ends + timedelta(days=least) for _, ends in self.away)
        return not back and self.here(Month(day, day, day), least)

    def of_start(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        line, found = self.lines[count.form.id], []
        for begins in self.beginnings(count):
            until = begins + timedelta(days=count.days)
            if month.first <= begins < month.end and until <= self.today and self.belongs(count, until):
                within = range(bisect_left(line.days, begins.isoformat()), bisect_right(line.days, until.isoformat()))
                found.append(any(count.met is None or holds(count.met, self.env(count.form, line.done[place], None)) for place in within))
        return sum(found), len(found), 0, 0

    def beginnings(self, count: Count) -> list[date]:
        """Days on which service began and, where it counts, on which she came back from a stay elsewhere."""
        returned = [ends for _, ends in self.away if count.returns and any(begins < ends < over for begins, over in self.service)]
        return sorted({begins for begins, _ in self.service} | set(returned))

    def belongs(self, count: Count, until: date) -> bool:
        """What is known of her by then does not say that the measure is not about her."""
        return count.among is None or holds(count.among, self.last(count, until))

    def of_people(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        return int(bool(self.events(count, month))), int(present > 0), 0, 0

    def of_events(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        found = self.events(count, month)
        return sum(holds(count.met, env) for env in found), len(found), 0, 0

    def of_per(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        found = self.events(count, month)
        return sum(holds(count.met, (env[0], card)) for env in found for card in env[0].v.get(count.each) or ()), len(found), 0, 0

    def of_rate(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        den, unknown = self.carried(count, month) if count.carried else (present, 0)
        return len(self.events(count, month)) if den else 0, den, 0, unknown

    def of_days(self, count: Count, month: Month, present: int) -> tuple[int, int, int, int]:
        num, unknown = self.carried(count, month)
        return min(num, present), present, 0, unknown

    def events(self, count: Count, month: Month) -> list[Env]:
        return [env for _day, _check, env in self.told(count, month)]

    def told(self, count: Count, month: Month) -> list[Event]:
        """Events of the month by their own day, while in service and not away; `once`: reported twice is one."""
        days, every = self.all_told(count)
        found: dict[str, Event] = {}
        for day, check, env in every[bisect_left(days, month.first.isoformat()) : bisect_left(days, month.end.isoformat())]:
            found.setdefault(day if count.once else day + check["id"] + str(env[1] and env[1]["_key"]), (day, check, env))
        return list(found.values())

    def all_told(self, count: Count) -> tuple[list[str], list[Event]]:
        """All her events of this measure and their days, in the order of their days; what was told first stays first in a day."""
        if count.id not in self.spoken:
            found: list[Event] = []
            for check in self.lines[count.form.id].done:
                env = self.env(count.form, check, None)
                day = str(env[0].v.get(count.on) or env[0].v["_on"])[:10]
                if len(day) == 10 and self.settled(date.fromisoformat(day), count.least_days):
                    said = [(env[0], card) for card in env[0].v.get(count.each) or ()] if count.by_card else [env]
                    found += [(day, check, one) for one in said if holds(count.event, one)]
            found.sort(key=itemgetter(0))
            self.spoken[count.id] = [one[0] for one in found], found
        return self.spoken[count.id]

    def checks_behind(self, count: Count, month: Month) -> list[Values]:
        """What was read of her: the checks that told of events, or the one that held on the last day."""
        if count.kind in afterwards.KINDS:
            return afterwards.checks(self, count, month)
        if count.event:
            return [check for _day, check, _env in self.told(count, month)]
        held = self.lines[count.form.id].at(month.last)
        return [held] if held else []

    def carried(self, count: Count, month: Month) -> tuple[int, int]:
        """Days that a check says so until the next one speaks, and days too long after it to know."""
        line = self.lines[count.form.id]
        known: list[months.Stretch] = []
        gaps: list[months.Stretch] = []
        # What stood before the last one of the days up to the first of the month had ended by then.
        for place in range(max(0, bisect_right(line.days, month.first.isoformat()) - 1), bisect_left(line.days, month.end.isoformat())):
            begins = date.fromisoformat(line.days[place])
            ends = date.fromisoformat(line.days[place + 1]) if place + 1 < len(line.days) else month.end
            if ends <= month.first or not self.says_so(count, place, begins):
                continue
            certain = min(ends, begins + timedelta(days=count.known_days))
            known.append((begins, certain))
            gaps.append((certain, max(certain, ends)))
        home = self.days[month.first]
        return len(months.day_set(known, month.first, month.end) & home), len(months.day_set(gaps, month.first, month.end) & home)

    def says_so(self, count: Count, place: int, day: date) -> bool:
        """Whether that check of the measure's form does; asked once, not in every month that it lasts."""
        line = self.lines[count.form.id]
        known = self.sure.setdefault(count.id, [None] * len(line.done))
        if (said := known[place]) is None:
            said = known[place] = holds(count.carried, self.env(count.form, line.done[place], day))
        return said

    def last(self, count: Count, day: date) -> Env:
        """The measure's form as it was by that day."""
        return self.env(count.form, self.lines[count.form.id].at(day), day)

    def env(self, form: Form, check: Values | None, day: date | None) -> Env:
        """What expressions read: this check as the form, the latest of every other form by then. Kept: measures share it."""
        then = day.isoformat() if day else history.day_of(check or {})
        key = (form.id, check["id"] if check else "", then)
        if key not in self.read:
            values = self.values_of(check) if check else {}
            on = date.fromisoformat(then)
            last = {name: self.values_of(found) for name, line in self.lines.items() if (found := line.at(on))}
            common = {"performed_on": values.get("_on"), "actions": values.get("_actions"), "outcome": values.get("_outcome"),
                      "context": (check or {}).get("context")}  # fmt: skip
            facts = history.facts(self.person, then)
            items = self.cards.by(then) if self.cards.said else {}
            self.read[key] = Context(values, then, common, last, items, {}, facts, self.numbers(form), self.triggers(on)), None
        return self.read[key]

    def triggers(self, day: date) -> dict[str, str]:
        """The last day service began and she came home from a stay elsewhere, by then."""
        days = {"service_start": [begins for begins, _ in self.service], "discharge": [ends for _, ends in self.away]}
        known = {name: [one for one in found if one <= day] for name, found in days.items()}
        return {name: max(found).isoformat() for name, found in known.items() if found}

    def numbers(self, form: Form) -> dict[str, int]:
        if form.id not in self.own:
            self.own[form.id] = parameters(form, self.params)
        return self.own[form.id]

    def values_of(self, check: Values) -> Values:
        if check["id"] not in self.values:
            self.values[check["id"]] = {**history.values_of(check), **self.cards.of.get(check["id"], {})}
        return self.values[check["id"]]
