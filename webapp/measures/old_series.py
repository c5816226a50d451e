"""Rows of an old list -> periods with numerator and denominator: which column is what, what a row is of, what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from webapp.measures import months
from webapp.measures.months import Per
from webapp.measures.sheet_file import Row

COLUMNS = ("date", "num", "den")
HEADS = {
    "date": ("dato", "date", "periode", "period", "måned", "månad", "month", "uke", "veke", "week", "kvartal", "quarter", "tidspunkt",
             "tid"),
    "num": ("teller", "teljar", "numerator", "telt", "antall ja", "num", "t"),
    "den": ("nevner", "nemnar", "denominator", "totalt", "total", "den", "n"),
}  # exact, or a longer one as the beginning of a word
WRONG_ROWS = {
    "date": "Rad %(row)s: «%(text)s» er ikke en dato som kan leses. Skriv for eksempel 31.03.2014 eller 03.2014.",
    "when": "Rad %(row)s: %(text)s er før år 2000 eller i en måned som ikke er over ennå.",
    "count": "Rad %(row)s: «%(text)s» er ikke et helt tall fra 0. Skriv antall, ikke prosent eller rate.",
    "nothing": "Rad %(row)s: nevneren er 0, så raden sier ikke noe.",
    "more": "Rad %(row)s: telleren er større enn nevneren (%(text)s).",
}
LOOKED_AT = 20  # rows above which the headings are sought
NAMES = ("januar january", "februar february", "mars march", "april", "mai may", "juni june", "juli july", "august", "september",
         "oktober october", "november", "desember december")  # fmt: skip
MONTHS = {name: n for n, names in enumerate(NAMES, 1) for name in names.split()}
EARLIEST, MOST = date(2000, 1, 1), 10_000_000
DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ].*)?")
MONTH = re.compile(r"(\d{1,2})[./-](\d{4})")
WORD = re.compile(r"([a-zæøå]+)\.?[ -]*(\d{4}|\d{2})")
WEEK = re.compile(r"(?:(?:uke|veke|week|w)\.? *(\d{1,2})[ ,/-]+(\d{4})|(\d{4})[ ,/-]*(?:uke|veke|week|w)\.? *(\d{1,2}))")
KV = r"(?:[qk]|kv\.?|kvartal|quarter)"
QUARTER = re.compile(rf"(?:{KV} *([1-4])[ ,./-]+(\d{{4}})|([1-4])\.? *{KV}[ ,./-]+(\d{{4}})|(\d{{4}})[ ,./-]*{KV} *([1-4]))")
PER: tuple[Per, ...] = ("day", "week", "month", "quarter")  # from what is finest
QUARTERLY, MONTHLY = 80, 26  # days from one date to the next, at least
WHOLE = re.compile(r"(\d{1,9}|\d{1,3}(?: \d{3}){1,2})(?:[.,]0+)?")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands. `head`: how many rows stand above the first one with numbers."""

    head: int
    date: int
    num: int
    den: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """What keeps a row from being read; `why` is one of WRONG_ROWS."""

    row: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A period: what its rows come to."""

    num: int
    den: int
    rows: int


def role_of(cell: str) -> str | None:
    said = cell.casefold().strip(" :.")
    for role, names in HEADS.items():
        if said in names or any(len(name) > 3 and re.match(rf"{name}\b", said) for name in names):
            return role
    return None


def guess(rows: Sequence[Row]) -> Columns:
    """By the headings; where there are none, by what the columns hold."""
    for n, row in enumerate(rows[:LOOKED_AT]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            if role := role_of(cell):
                found.setdefault(role, place)
        if "date" in found and len(found) > 1:
            return filled(found, n + 1, rows)
    head = next((n for n, row in enumerate(rows) if any(day_of(cell) for cell in row)), 0)
    return filled({}, head, rows)


def filled(found: Mapping[str, int], head: int, rows: Sequence[Row]) -> Columns:
    """With the columns nobody named: the first with dates, then the first ones with whole numbers."""
    below, wide = rows[head : head + LOOKED_AT], len(rows[0])
    places = dict(found)
    free = [one for one in range(wide) if one not in places.values()]
    for role in COLUMNS:
        if role not in places:
            fits = day_of if role == "date" else whole
            place = next((one for one in free if below and sum(fits(row[one]) is not None for row in below) * 2 > len(below)), -1)
            places[role] = place
            free = [one for one in free if one != place]
    return Columns(head, places["date"], places["num"], places["den"])


def day_of(said: str) -> date | None:
    """A day as it is written here: day before month. A month or quarter is its first day, a week its Thursday: so its month is known."""
    return said_of(said)[0]


def said_of(said: str) -> tuple[date | None, Per]:
    """(the day, what it says the row is of)."""
    text = said.strip().casefold()
    if found := WEEK.fullmatch(text):
        week, year, other_year, other_week = found.groups()
        return made_of_week(int(year or other_year), int(week or other_week)), "week"
    if found := QUARTER.fullmatch(text):
        quarter, year = (int(one) for one in sorted(filter(None, found.groups()), key=len))
        return made(year, 3 * quarter - 2, 1), "quarter"
    if found := ISO.fullmatch(text):
        return made(int(found[1]), int(found[2]), int(found[3] or 1)), "day" if found[3] else "month"
    if found := DAY.fullmatch(text):
        return made(whole_year(found[3]), int(found[2]), int(found[1])), "day"
    if found := MONTH.fullmatch(text):
        return made(int(found[2]), int(found[1]), 1), "month"
    if (found := WORD.fullmatch(text)) and (month := month_named(found[1])):
        return made(whole_year(found[2]), month, 1), "month"
    return None, "day"


def per_of(rows: Sequence[Row], where: Columns, chosen: str) -> Per:
    """What a row is of: what was chosen, but nothing finer than the list says. A list of single days may be of the periods they stand
    for: it is guessed by how far they lie apart."""
    found = [one for row in rows[where.head :] if 0 <= where.date < len(row) and (one := said_of(row[where.date]))[0]]
    least = max((per for _, per in found), key=PER.index, default="month")
    if chosen in PER or least != "day":
        return max((one for one in PER if one in (chosen, least)), key=PER.index)
    days = sorted(day for day, _ in found if day)
    apart = [(after - before).days for before, after in pairwise(days)]
    if not apart or median(apart) >= MONTHLY:
        return "quarter" if apart and min(apart) >= QUARTERLY and len({one.month % 3 for one in days}) == 1 else "month"
    return "week" if all(one and one % 7 == 0 for one in apart) else "day"


def month_named(word: str) -> int | None:
    return next((n for name, n in MONTHS.items() if len(word) >= 3 and name.startswith(word)), None)


def whole_year(said: str) -> int:
    return int(said) + (2000 if len(said) == 2 else 0)


def made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def made_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 4)
    except ValueError:
        return None


def whole(said: str) -> int | None:
    """12, 12,0 or 1 234. What has decimals is no count; 1.234 could be either, and is not guessed."""
    found = WHOLE.fullmatch(re.sub(r"[\u00a0\u2009\u202f]", " ", said.strip()))
    return int(found[1].replace(" ", "")) if found else None


def read(rows: Sequence[Row], where: Columns, today: date, part_of: bool, per: Per) -> tuple[dict[date, Sum], list[Wrong]]:
    """(periods, what is wrong). `part_of`: what is counted is among what it is counted of, so it cannot be more."""
    sums: dict[date, Sum] = {}
    wrong: list[Wrong] = []
    for n, row in enumerate(rows[where.head :], where.head + 1):
        said = [row[place].strip() if 0 <= place < len(row) else "" for place in (where.date, where.num, where.den)]
        if not any(row):
            continue
        day, num, den = day_of(said[0]), whole(said[1]), whole(said[2])
        if problem := wrong_with(said, day, num, den, today, part_of, per):
            wrong.append(Wrong(n, problem[0], problem[1]))
        elif day and num is not None and den is not None:
            period = months.first_of(day, per)
            before = sums.get(period, Sum(0, 0, 0))
            sums[period] = Sum(before.num + num, before.den + den, before.rows + 1)
    return dict(sorted(sums.items())), wrong


def wrong_with(
    said: Sequence[str], day: date | None, num: int | None, den: int | None, today: date, part_of: bool, per: Per
) -> tuple[str, str] | None:
    if day is None:
        return said[0], "date"
    if day < EARLIEST or max(months.after(months.first_of(day, per), per), months.after(months.first_of(day))) > today:
        return said[0], "when"
    if num is None or den is None or max(num, den) > MOST:
        return said[1] if num is None or num > MOST else said[2], "count"
    if not den:
        return said[2], "nothing"
    return (f"{num} / {den}", "more") if part_of and num > den else None
