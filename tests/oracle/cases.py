"""One case of a reference file: its input for our charts, and what differs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from webapp.measures.spc import nhs
from webapp.measures.spc.chart import Chart, Options, Point, chart
from webapp.measures.spc.limits import POWER
from webapp.measures.spc.subgroups import Row

Case = dict[str, Any]

CAUSES = {
    "common": "Common Cause", "above_limit": "Above UCL", "below_limit": "Below LCL",
    "rising": "7 Point Trend (Increasing)", "falling": "7 Point Trend (Decreasing)",
    "near_upper": "2 in 3 Above CL", "near_lower": "2 in 3 Below CL",
    "run_above": "7 Points Above CL", "run_below": "7 Points Below CL",
}
COLOURS = {True: "special_cause_improvement", False: "special_cause_concern"}


def differences(case: Case) -> list[str]:
    """Where ours is not theirs; empty when all is equal. RefusedError passes through."""
    ours = _xmr(case["input"]) if case["engine"] == "NHSRplotthedots" else _spc(case["chart"], case["input"])
    return [*_compared("", case["output"], ours)]


def _compared(path: str, theirs: Any, ours: Any) -> Iterator[str]:
    if isinstance(theirs, dict):
        for key, value in theirs.items():
            if key in ours:
                yield from _compared(f"{path}.{key}", value, ours[key])
            else:
                yield f"{path}.{key}: not computed"
    elif isinstance(theirs, list):
        if len(theirs) != len(ours):
            yield f"{path}: {len(theirs)} and not {len(ours)}"
        for place, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            yield from _compared(f"{path}[{place}]", one, other)
    elif not _same(theirs, ours):
        yield f"{path}: {theirs} and not {ours}"


def _same(theirs: Any, ours: Any) -> bool:
    if isinstance(theirs, bool) or isinstance(ours, bool) or theirs is None or ours is None or isinstance(theirs, str):
        return theirs is ours or (isinstance(theirs, str) and theirs == ours)
    return math.isclose(theirs, ours, rel_tol=1e-9, abs_tol=1e-12)


def _spc(kind: Any, given: Case) -> Case:
    y = given["y"]
    n = given["n"] or [None] * len(y)
    x = given["x"] or list(range(1, len(y) + 1))
    rows = [Row(*row) for row in zip(x, y, n, strict=True)]
    options = Options(
        ends=_ends(given["part"], x), baselines={0: given["freeze"]} if given["freeze"] and not given["part"] else {},
        ghosts={place - 1 for place in given["exclude"] or []}, centre=_centre(kind, given["cl"]), factor=given["multiply"],
        aggregate=given["agg_fun"], screened=given["screened_mr"],
    )
    return _told(chart(kind, rows, options))


def _centre(kind: str, given: float | None) -> float | None:
    """qicharts2 takes a t chart's centre on the bent scale, ours in the unit of the values."""
    return given**POWER if kind == "t" and given is not None else given


def _ends(part: Sequence[int | str] | None, x: Sequence[Any]) -> list[int]:
    """Last places of phases, or one label per row: a new phase starts where a label is first seen."""
    if not part:
        return []
    if all(isinstance(one, int) for one in part):
        return [int(one) for one in part]
    places = {value: place for place, value in enumerate(sorted(set(x)))}
    firsts: dict[Any, int] = {}
    for label, value in zip(part, x, strict=True):
        firsts[label] = min(firsts.get(label, len(places)), places[value])
    return list(firsts.values())


def _told(drawn: Chart) -> Case:
    points, phases = drawn.points, drawn.phases
    columns: dict[str, Callable[[Point], Any]] = {
        "x": lambda one: one.x, "y": lambda one: one.y, "n": lambda one: one.n, "n_rows": lambda one: one.rows,
        "cl": lambda one: one.centre, "lcl": lambda one: one.lower, "ucl": lambda one: one.upper,
        "lcl95": lambda one: one.near.lower, "ucl95": lambda one: one.near.upper, "part": lambda one: one.phase + 1,
        "baseline": lambda one: one.baseline, "include": lambda one: one.counted, "sigma_signal": lambda one: one.outside,
    }
    runs = [{
        "part": number + 1, "n_obs": one.observed, "n_useful": one.useful, "longest_run": one.longest,
        "longest_run_max": one.longest_max, "n_crossings": one.crossings, "n_crossings_min": one.crossings_min,
        "runs_signal": one.signal,
    } for number, one in enumerate(phases)]
    return {"points": {key: [told(one) for one in points] for key, told in columns.items()}, "runs": runs}


def _xmr(given: Case) -> Case:
    direction = given["improvement_direction"]
    order = sorted(range(len(given["y"])), key=lambda place: given["x"][place]) if given["x"] else range(len(given["y"]))
    points = nhs.xmr(
        [given["y"][place] for place in order], [place - 1 for place in given["rebase_at"] or []],
        given["fix_after_n_points"], given["screen_outliers"],
    )
    return {"points": {
        "mean": [one.mean for one in points], "lpl": [one.lower for one in points], "upl": [one.upper for one in points],
        "outside_limits": [one.outside for one in points], "close_to_limits": [one.near for one in points],
        "rebase_group": [one.group for one in points], "short_group_warning": [one.short_group for one in points],
        "special_cause_type": [CAUSES[one.cause] for one in points],
        "point_type": [_colour(one.cause, direction) for one in points],
    }, "assurance_type": nhs.assurance(points, given["target"], direction)}


def _colour(cause: nhs.Cause, direction: nhs.Direction) -> str:
    if cause == "common":
        return "common_cause"
    better = nhs.is_improvement(cause, direction)
    if better is None:
        return "special_cause_neutral_high" if cause in nhs.UPWARD else "special_cause_neutral_low"
    return COLOURS[better]
