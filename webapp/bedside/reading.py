"""From what a form posts to one answer. Twin: sw/reading.js."""

from __future__ import annotations

from datetime import date
from typing import Any

from webapp.bundles.model import Field
from webapp.bundles.workdays import instant, oslo_offset

SPACE = " \t\r\n"
ID = "0123456789abcdefghijklmnopqrstuvwxyz-"
Body = list[tuple[str, str]]
Values = dict[str, list[str]]
Reading = tuple[Any, str]  # the answer or None, and what was typed if it could not be read


def first(values: Values, name: str) -> str:
    return (values.get(name) or [""])[0].replace("\x00", "").strip(SPACE)


def is_digits(text: str) -> bool:
    return text != "" and all(one in "0123456789" for one in text)


def read(field: Field, name: str, values: Values, before: Any) -> Reading:
    """The answer in `name`; a word chip wins when it is newly chosen, a typed value when the word was there."""
    if field.type == "multi":
        return read_multi(field, values.get(name) or [], before), ""
    if field.type == "choice":
        code = first(values, name)
        return (code if code in field.options else None), ""
    if field.type == "text":
        return first(values, name).replace("\r\n", "\n")[:2000] or None, ""
    if field.type == "uuid":
        given = first(values, name)
        return (given if len(given) <= 64 and all(one in ID for one in given) else "") or None, ""
    word = chosen_word(field, first(values, name + ".word"))
    if word is not None and word != before:
        return word, ""
    value, raw = typed(field, name, values)
    if value is None and not raw and word is not None:
        return word, ""
    return value, raw


def chosen_word(field: Field, given: str) -> Any:
    """The word or the number of a chip beside the box."""
    if given in field.words:
        return given
    numbers = [one for one in (*field.chips, field.more_chip) if str(one) == given]
    return numbers[0] if numbers else None


def read_multi(field: Field, given: list[str], before: Any) -> list[str] | None:
    """Options in the field's order; an exclusive one replaces the others, and gives way to a new one."""
    chosen = [code for code in field.options if code in given]
    old = before or []
    alone = [code for code in chosen if code in field.exclusive]
    if alone and len(chosen) > 1:
        new_alone = [code for code in alone if code not in old]
        chosen = new_alone[:1] if new_alone else [code for code in chosen if code not in field.exclusive]
    return chosen or None


def typed(field: Field, name: str, values: Values) -> Reading:
    if field.type in ("int", "decimal"):
        return read_number(first(values, name), field.type == "decimal")
    if field.type == "date":
        given = first(values, name)
        return read_date(given), "" if read_date(given) is not None else given[:20]
    if field.type == "partial_date":
        return read_partial(first(values, name + ".y"), first(values, name + ".m"), first(values, name + ".d"))
    if field.type == "datetime":
        given = first(values, name + ".date") + " " + first(values, name + ".time")
        value = read_moment(values, name)
        return value, "" if value is not None else given.strip(SPACE)[:20]
    return None, ""


def read_number(given: str, decimal: bool) -> Reading:
    """Whole numbers as they are, decimals as whole tenths; comma or point."""
    if given == "":
        return None, ""
    sign = -1 if given[:1] == "-" else 1
    whole, mark, rest = given.lstrip("-").replace(".", ",").partition(",")
    good = is_digits(whole) and len(whole) <= 6 and (not mark or (decimal and is_digits(rest) and len(rest) == 1))
    if not good:
        return None, given[:20]
    number = int(whole)
    return sign * (number * 10 + int(rest or "0") if decimal else number), ""


def read_date(given: str) -> str | None:
    """An ISO date, or dd.mm.yyyy typed by hand."""
    parts = given.split("-")
    if len(parts) != 3:
        parts = list(reversed(given.split(".")))
    if len(parts) != 3 or not all(is_digits(part) for part in parts) or len(parts[0]) != 4:
        return None
    return real_day(int(parts[0]), int(parts[1]), int(parts[2]))


def real_day(year: int, month: int, number: int) -> str | None:
    if not (1 <= month <= 12 and 1 <= number <= 31 and 1850 <= year <= 2200):
        return None
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return None


def read_partial(year: str, month: str, number: str) -> Reading:
    raw = (number + "." + month + "." + year).strip(".")[:20]
    if raw == "":
        return None, ""
    numbers = [part for part in (year, month, number) if part]
    if not all(is_digits(part) for part in numbers) or len(year) != 4 or (number and not month):
        return None, raw
    if not month:
        return (year if real_day(int(year), 1, 1) else None), "" if real_day(int(year), 1, 1) else raw
    full = real_day(int(year), int(month), int(number or "1"))
    if full is None:
        return None, raw
    return (full if number else full[:7]), ""


def read_moment(values: Values, name: str) -> str | None:
    """Date and time of the Oslo wall clock as an instant with offset; None unless both are there."""
    on, at = read_date(first(values, name + ".date")), first(values, name + ".time")
    if on is None or len(at) < 5 or at[2] != ":" or not is_digits(at[:2] + at[3:5]):
        return None
    if int(at[:2]) > 23 or int(at[3:5]) > 59:
        return None
    wall = on + "T" + at[:5] + ":00"
    hours = oslo_offset((instant(wall + "Z") or 0) - 7_200_000) // 60
    return wall + "+0" + str(hours) + ":00"
