"""Is an answer what its field allows? Twin: sw/answers.js."""

from __future__ import annotations

import re
from typing import Any

from webapp.bundles.model import Field
from webapp.bundles.workdays import day, instant

Problem = dict[str, str]
PHOTO = re.compile("[0-9a-f]{64}")


def problem(field: str, level: str, code: str, rule: str = "") -> Problem:
    return {"field": field, "level": level, "code": code, "rule": rule}


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def fault(field: Field, value: Any) -> str:
    """Code of what makes the value unusable (it then counts as missing), or ""."""
    if field.type == "multi":
        return multi_fault(field, value)
    if field.type == "photos":
        return photos_fault(field, value)
    if isinstance(value, str) and value in field.words:
        return ""
    match field.type:
        case "choice":
            return "" if isinstance(value, str) and value in field.options else "option"
        case "int" | "decimal":
            return "" if type(value) is int and abs(value) < 10**9 else "type"
        case "date":
            return "" if isinstance(value, str) and len(value) == 10 and day(value) is not None else "type"
        case "partial_date":
            return "" if isinstance(value, str) and len(value) <= 10 and day(value) is not None else "type"
        case "datetime":
            return "" if isinstance(value, str) and instant(value) is not None else "type"
        case "text":
            return "" if isinstance(value, str) and "\0" not in value else "type"
    return "" if isinstance(value, str) and 0 < len(value) <= 64 else "type"


def multi_fault(field: Field, value: Any) -> str:
    if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
        return "type"
    return "" if set(value) <= set(field.options) and len(set(value)) == len(value) else "option"


def photos_fault(field: Field, value: Any) -> str:
    """Photos are named by the SHA-256 of what was taken; the check is valid before they arrive."""
    if not isinstance(value, list) or any(not isinstance(one, str) or not PHOTO.fullmatch(one) for one in value):
        return "type"
    return "" if len(set(value)) == len(value) <= (field.max or 0) else "option"


def limits(field: Field, path: str, value: Any, today: int, now: int) -> list[Problem]:
    """What a usable answer breaks: hard limits, warnings, length, form."""
    found: list[Problem] = []
    if type(value) is int:
        for code, limit, level in (("min", field.min, "hard"), ("max", field.max, "hard"),
                                   ("warn_below", field.warn_below, "warn"), ("warn_above", field.warn_above, "warn")):
            low = code in ("min", "warn_below")
            if limit is not None and (value < limit if low else value > limit):
                found.append(problem(path, level, code))
        return found[:1]
    if field.type == "multi":
        alone = [one for one in value if one in field.exclusive]
        if alone and len(value) > 1:
            found.append(problem(path, "hard", "exclusive"))
        if field.exactly and len(value) != field.exactly:
            found.append(problem(path, "hard", "exactly"))
    elif field.type == "text":
        if not field.min_len <= len(value) <= field.max_len:
            found.append(problem(path, "hard", "length"))
        elif field.pattern and not re.fullmatch(field.pattern, value, re.ASCII):
            found.append(problem(path, "hard", "pattern"))
    elif field.not_future and value not in field.words:
        late = (instant(value) or 0) > now if field.type == "datetime" else (day(value) or 0) > today
        if late:
            found.append(problem(path, "hard", "future"))
    return found
