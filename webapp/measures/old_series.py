"""Rows of an old list -> months with numerator and denominator: which column is what, and what is wrong with a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.measures.sheet_file import Row

COLUMNS = ("date", "num", "den")
HEADS = {
    "date": ("dato", "date", "periode", "period", "måned", "månad", "month", "uke", "veke", "week", "tidspunkt", "tid"),
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
    """A month: what its rows come to."""

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
    """A day as it is written here: day before month. A month is its first day, a week its Thursday, by which its month is known."""
    text = said.strip().casefold()
    if found := WEEK.fullmatch(text):
        week, year, other_year, other_week = found.groups()
        return made_of_week(int(year or other_year), int(week or other_week))
    if found := ISO.fullmatch(text):
        return made(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := DAY.fullmatch(text):
        return made(whole_year(found[3]), int(found[2]), int(found[1]))
    if found := MONTH.fullmatch(text):
        return made(int(found[2]), int(found[1]), 1)
    if (found := WORD.fullmatch(text)) and (month := month_named(found[1])):
        return made(whole_year(found[2]), month, 1)
    return None


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


def read(rows: Sequence[Row], where: Columns, today: date, part_of: bool) -> tuple[dict[date, Sum], list[Wrong]]:
    """(months, what is wrong). `part_of`: what is counted is among what it is counted of, so it cannot be more."""
    sums: dict[date, Sum] = {}
    wrong: list[Wrong] = []
    for n, row in enumerate(rows[where.head :], where.head + 1):
        said = [row[place].strip() if 0 <= place < len(row) else "" for place in (where.date, where.num, where.den)]
        if not any(row):
            continue
        day, num, den = day_of(said[0]), whole(said[1]), whole(said[2])
        if problem := wrong_with(said, day, num, den, today, part_of):
            wrong.append(Wrong(n, problem[0], problem[1]))
        elif day and num is not None and den is not None:
            period = day.replace(day=1)
            before = sums.get(period, Sum(0, 0, 0))
            sums[period] = Sum(before.num + num, before.den + den, before.rows + 1)
    return dict(sorted(sums.items())), wrong


def wrong_with(
    said: Sequence[str], day: date | None, num: int | None, den: int | None, today: date, part_of: bool
) -> tuple[str, str] | None:
    if day is None:
        return said[0], "date"
    if not EARLIEST <= day < today.replace(day=1):
        return said[0], "when"
    if num is None or den is None or max(num, den) > MOST:
        return said[1] if num is None or num > MOST else said[2], "count"
    if not den:
        return said[2], "nothing"
    return (f"{num} / {den}", "more") if part_of and num > den else None
