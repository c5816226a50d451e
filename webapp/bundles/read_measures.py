"""TOML tables -> the definitions of a bundle's measures: what is counted, among whom, and how it is drawn."""

from __future__ import annotations

from typing import Any

from webapp.bundles.tables import Table

TYPES = ("outcome", "process", "balancing")
CHARTS = ("p", "u", "t", "g", "i", "c", "run")
DIRECTIONS = ("up", "down", "not_up", "neutral")
PERIODS = ("day", "week", "month", "quarter")


def read_measures(top: Table) -> list[dict[str, Any]]:
    found = [read_measure(one) for one in top.tables("measure", by="id")]
    ids = [one["id"] for one in found]
    for one in found:
        if ids.count(one["id"]) > 1:
            top.fail(f"measure {one['id']} is there twice")
        for other in one["shown_with"]:
            if other not in ids:
                top.fail(f"no measure {other!r}", f"measure {one['id']}, shown_with")
    return found


def read_measure(table: Table) -> dict[str, Any]:
    found = {"id": table.string("id"), "type": table.choice("type", TYPES), "title": table.text("title"),
             "numerator": table.text("numerator"), "denominator": table.text("denominator"), "exclusions": table.text("exclusions"),
             "note": table.opt_text("note"), "subgroup": table.choice("subgroup", PERIODS), **drawn(table),
             "target": table.integer("target", None), "min_den": table.integer("min_den", None),
             "shown_with": list(table.take("shown_with", list, [])), "also": []}
    for one in table.tables("also"):
        found["also"].append(drawn(one))
        one.done()
    table.done()
    return found


def drawn(table: Table) -> dict[str, str]:
    return {"chart": table.choice("chart", CHARTS), "direction": table.choice("direction", DIRECTIONS)}
