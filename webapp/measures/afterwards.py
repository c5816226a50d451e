"""What became of what was found: kinds of counting that read what checks said afterwards. Pure.

settled: checks that found something on cards; those whose cards all were `met` so many days later
lasted:  the days from a card's first to its first `met` record; a person's own median, in whole days, between two the later
again:   ends of something; those after which it was there again within so many days"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from statistics import median_high
from typing import TYPE_CHECKING, Any

from webapp.bundles import history
from webapp.measures.declared import Count
from webapp.measures.line import holds

if TYPE_CHECKING:
    from webapp.measures.facts import Month, Person

Values = dict[str, Any]
Counted = tuple[int, int, int, int]
Ending = tuple[date, date, str]  # first said, first `met`, the check that said so
End = tuple[date, int, int | None]  # the day, which check told of it, which that it was there again in time


def settled(person: Person, count: Count, month: Month) -> Counted:
    """Whose days are not over, is not counted yet."""
    found = list(reconciled(person, count, month))
    return sum(found), len(found), 0, 0


def reconciled(person: Person, count: Count, month: Month) -> Iterator[bool]:
    for day, _check, env in person.told(count, month):
        until = date.fromisoformat(day) + timedelta(days=count.days)
        keys = [card["_key"] for card in env[0].v.get(count.each) or ()]
        if keys and until <= person.today:
            known = person.cards.by(until.isoformat())[count.identity]
            yield all(holds(count.met, (env[0], known[key][-1])) for key in keys)


def lasted(person: Person, count: Count, month: Month) -> Counted:
    found = [(ended - began).days for began, ended, _check in endings(person, count, month)]
    return (median_high(found), 1, 0, 0) if found else (0, 0, 0, 0)


def endings(person: Person, count: Count, month: Month) -> list[Ending]:
    """Of the cards whose end lies in the month."""
    if count.id not in person.endings:
        person.endings[count.id] = list(every_ending(person, count))
    return [one for one in person.endings[count.id] if month.first <= one[1] < month.end]


def every_ending(person: Person, count: Count) -> Iterator[Ending]:
    began: dict[str, str] = {}
    ended: set[str] = set()
    env = person.last(count, person.today)
    for day, identity, key, record in person.cards.said:
        if identity == count.identity and key not in ended:
            began.setdefault(key, day)
            if holds(count.met, (env[0], record)):
                ended.add(key)
                if person.settled(date.fromisoformat(day), count.least_days):
                    yield date.fromisoformat(began[key]), date.fromisoformat(day), record["_check"]


def again(person: Person, count: Count, month: Month) -> Counted:
    found = [back is not None for _day, _n, back in ends(person, count, month)]
    return sum(found), len(found), 0, 0


def ends(person: Person, count: Count, month: Month) -> list[End]:
    if count.id not in person.ends:
        person.ends[count.id] = list(every_end(person, count))
    return [one for one in person.ends[count.id] if month.first <= one[0] < month.end]


def every_end(person: Person, count: Count) -> Iterator[End]:
    """Told of twice, without its having been there in between, is one end. One whose days are not over is not counted yet."""
    line = person.lines[count.form.id]
    told = {check["id"]: day for day, check, _env in person.all_told(count)[1]}
    there = [holds(count.met, person.env(count.form, check, None)) for check in line.done]
    before = -1
    for n, check in enumerate(line.done):
        if check["id"] not in told:
            continue
        is_new, before = before < 0 or any(there[before + 1 : n + 1]), n
        day = date.fromisoformat(told[check["id"]])
        until = day + timedelta(days=count.days)
        if is_new and until <= person.today:
            back = next((m for m in range(n + 1, len(there)) if there[m]), None)
            yield day, n, back if back is not None and since(person, count, back, day) <= until else None


def since(person: Person, count: Count, place: int, day: date) -> date:
    """When it was there again: the day that is said, when it is a whole day and not before the end; else the day of that check."""
    check = person.lines[count.form.id].done[place]
    said = str(person.env(count.form, check, None)[0].v.get(count.met_on) or "")
    known = date.fromisoformat(said) if len(said) == len("2026-01-01") and said[:4].isdecimal() else None
    return known if known and known >= day else date.fromisoformat(history.day_of(check))


KINDS: dict[str, Callable[[Person, Count, Month], Counted]] = {"settled": settled, "lasted": lasted, "again": again}


def checks(person: Person, count: Count, month: Month) -> list[Values]:
    """What was read of her."""
    if count.kind == "settled":
        return [check for _day, check, _env in person.told(count, month)]
    if count.kind == "lasted":
        told = {check for _began, _ended, check in endings(person, count, month)}
        return [one for one in person.person["checks"] if one["id"] in told]
    line = person.lines[count.form.id]
    places = sorted({one for _day, *pair in ends(person, count, month) for one in pair if one is not None})
    return [line.done[n] for n in places]
