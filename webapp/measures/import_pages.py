"""Template context for taking in an old series: what is in the file, which column is what, and what it would become."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.measures import imported, months, old_series, pages, points, unit_points, verdicts
from webapp.measures.declared import Measure
from webapp.measures.months import Per, touched
from webapp.measures.old_series import PER, Columns, Sum, Wrong
from webapp.measures.sheet_file import MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, Row
from webapp.measures.verdicts import number
from webapp.models import Unit
from webapp.words import Translate

Context = dict[str, Any]
SHOWN_ROWS, SHOWN_WRONG = 8, 50


@dataclass(frozen=True, slots=True)
class Read:
    """A file with what its columns are said to be, and what comes of it."""

    count: Measure
    file: str
    rows: Sequence[Row]
    where: Columns
    per: Per
    periods: Mapping[date, Sum]
    wrong: Sequence[Wrong]


def read(count: Measure, file: str, rows: Sequence[Row], where: Columns, today: date, chosen: str = "") -> Read:
    per = old_series.per_of(rows, where, chosen)
    found, wrong = old_series.read(rows, where, today, count.kind != "rate", per)
    return Read(count, file, rows, where, per, found, wrong)


def columns(said: Mapping[str, str]) -> Columns:
    """As the form has them; whatever is no column is none."""
    head, *places = (int(text) if (text := said.get(name, "")).isascii() and text.isdecimal() and len(text) < 5 else -1
                     for name in ("head", *old_series.COLUMNS))  # fmt: skip
    return Columns(max(head, 0), *places)


def carried(text: str) -> list[Row] | None:
    """The rows as the page sent them along: nothing is kept here until somebody says so."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not 0 < len(found) <= MOST_ROWS:
        return None
    rows = [tuple(row) for row in found if isinstance(row, list) and 0 < len(row) <= MOST_COLUMNS and all(map(is_cell, row))]
    return rows if len(rows) == len(found) and len(set(map(len, rows))) == 1 else None


def is_cell(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MOST_LETTERS and "\0" not in value


def page(session: Session, unit: Unit, t: Translate, lang: str) -> Context:
    """What can be imported to, and what has been."""
    titles = {one.id: says.text(one.text["title"], lang) for one in takes()}
    listed = [
        one | {"title": titles.get(one["measure"], one["measure"]), "span": span(one["first"], one["last"], one["per"]),
               "count": says.many(t, one["n"], "1 punkt", "%(n)s punkter"), "per_word": verdicts.grain_word(one["per"], t).lower(),
               "url": f"/measures/one?unit={unit.id}&m={one['measure']}&span=all" + ("&by=quarter" if one["per"] == "quarter" else "")}
        for one in imported.history(session, unit.id)
    ]  # fmt: skip
    return {"measures": [{"id": name, "title": title} for name, title in titles.items()], "imports": listed}


def span(first: date, last: date, per: Per) -> str:
    return f"{months.named(first, per)} – {months.named(last, per)}"


def takes() -> list[Measure]:
    """The measures an old list can be of: not days between events, of which each is one person's, not medians, which do not add up,
    and not what leaders keep, which can be written down for days that have been."""
    return [one for one in pages.order() if not (one.is_between or one.is_kept or one.kind == "lasted")]


def own_months(session: Session, unit: Unit, count: Measure, fresh: pages.Fresh, today: date) -> set[date]:
    """Those in which there are checks of our own."""
    every = unit_points.of_unit(session, unit.id, points.EVER, today, fresh, [count.id]).get(count.id, [])
    return {one.period for one in every if not one.imported and not one.is_blank}


def preview(session: Session, unit: Unit, it: Read, fresh: pages.Fresh, today: date, t: Translate, lang: str) -> Context:
    """What the file would become, month by month, and what is left out of it and why."""
    ours = own_months(session, unit, it.count, fresh, today)
    older = {month for per, held in imported.kept(session, unit.id, it.count.id).items() for one in held for month in touched(one, per)}
    found = [row(months.named(period, it.per), one, it.count, not within.isdisjoint(ours), not within.isdisjoint(older), t)
             for period, one in it.periods.items() for within in [touched(period, it.per)]]  # fmt: skip
    heads = it.rows[it.where.head - 1] if it.where.head else ()
    named = [{"value": n, "text": t("Kolonne %(n)s", n=n + 1) + (f": {heads[n]}" if heads and heads[n] else "")}
             for n in range(len(it.rows[0]))]  # fmt: skip
    new, pers = sum(not touched(period, it.per) & ours for period in it.periods), [(one, verdicts.grain_word(one, t)) for one in PER]
    return {
        "measure_id": it.count.id, "title": says.text(it.count.text["title"], lang), "file": it.file, "word": pages.unit_of(it.count, t),
        "text": {name: says.text(it.count.text[name], lang) for name in ("numerator", "denominator")},
        "sample": [{"n": n, "cells": row} for n, row in enumerate(it.rows[:SHOWN_ROWS], 1)], "columns": named,
        "picks": [{"name": role, "label": label, "chosen": getattr(it.where, role)} for role, label in
                  zip(old_series.COLUMNS, (t("Dato"), t("Teller"), t("Nevner")), strict=True)],
        "heads": [{"value": n, "text": t("Rad %(n)s", n=n + 1)} for n in range(min(len(it.rows), 20))], "head": it.where.head,
        "per": it.per, "per_word": verdicts.grain_word(it.per, t), "pers": [{"value": one, "text": text} for one, text in pers],
        "found": found, "new": new, "kept_out": says.many(t, len(it.periods) - new, "1 punkt har egne tall, og de gjelder.",
                                                          "%(n)s punkter har egne tall, og de gjelder.") if len(it.periods) > new else "",
        "wrong": [t(old_series.WRONG_ROWS[one.why], row=one.row, text=one.text) for one in it.wrong[:SHOWN_WRONG]],
        "wrong_count": says.many(t, len(it.wrong), "1 rad blir hoppet over:", "%(n)s rader blir hoppet over:") if it.wrong else "",
        "table": json.dumps(it.rows, ensure_ascii=False, separators=(",", ":")),
        "button": says.many(t, new, "Importer 1 punkt", "Importer %(n)s punkter"),
    }  # fmt: skip


def row(name: str, one: Sum, count: Measure, ours: bool, older: bool, t: Translate) -> Context:
    factor = 100 if count.kind in points.SHARES else count.factor
    told = t("egne tall gjelder") if ours else t("erstatter en eldre import") if older else t("ny")
    return {"name": name, "num": one.num, "den": one.den, "value": number(factor * one.num / one.den), "rows": one.rows,
            "told": told}  # fmt: skip
