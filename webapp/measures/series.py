"""Points of one measure -> a chart of the kind that was asked for: what is provisional, thin or hidden is drawn and not counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from webapp.measures import months
from webapp.measures.declared import Count
from webapp.measures.points import SHARES, Point
from webapp.measures.spc.chart import Chart, Options, chart
from webapp.measures.spc.limits import COUNTED, Kind
from webapp.measures.spc.subgroups import Row

# What the bundle says the measure is -> the charts that can be chosen for it; the first is the one that is shown unasked.
KINDS: dict[str, tuple[Kind, ...]] = {"p": ("run", "p", "pp"), "u": ("run", "u", "up"), "i": ("run", "i")}


@dataclass(frozen=True, slots=True)
class Plan:
    """What people decided about a chart that now holds. Days are first days of periods; `ghosts` only of the same grain."""

    phases: tuple[date, ...] = ()
    baselines: tuple[date, ...] = ()  # the last period of each
    ghosts: frozenset[date] = frozenset()
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    count: Count
    kind: Kind
    grain: months.Grain
    points: Sequence[Point]
    values: Sequence[float | None]  # None: nothing was counted, or it may not be shown
    chart: Chart
    plan: Plan = field(default_factory=Plan)

    def since(self, day: date) -> Series:
        """The same chart with the same lines and verdict, drawn from that day on."""
        start = sum(one.period < day for one in self.points)
        cut = replace(self.chart, points=self.chart.points[start:])
        return replace(self, points=self.points[start:], values=self.values[start:], chart=cut) if start < len(self.points) else self

    def without_ghosts(self) -> Series:
        """As it would read if nobody had left a point out."""
        return series(self.count, self.points, self.values, self.kind, self.grain, replace(self.plan, ghosts=frozenset()))

    @property
    def target(self) -> float | None:
        return self.plan.target if self.plan.target is not None else self.count.text["target"]

    @property
    def frozen(self) -> bool:
        """The phase that runs has a baseline."""
        begins = max((one for one in self.plan.phases if self.points and one <= self.points[-1].period), default=date.min)
        return any(begins <= one for one in self.plan.baselines)


def kinds(count: Count) -> tuple[Kind, ...]:
    return ("run", "i") if count.kind == "days" else KINDS.get(count.text["chart"], ("run",))


def series(
    count: Count, points: Sequence[Point], values: Sequence[float | None], kind: Kind = "run", grain: months.Grain = "month",
    plan: Plan | None = None,
) -> Series:  # fmt: skip
    plan = plan or Plan()
    factor = 100 if count.kind in SHARES else count.factor
    counted = kind in COUNTED
    rows = [row(one, value, counted) for one, value in zip(points, values, strict=True)]
    options = Options(*placed(points, grain, plan), ghosts=left_out(points, plan), factor=factor if counted else 1.0)
    return Series(count, kind, grain, points, values, chart(kind, rows, options), plan)


def row(one: Point, value: float | None, counted: bool) -> Row:
    x = one.period.isoformat()
    if not counted:
        return Row(x, value)
    return Row(x, None, None) if value is None else Row(x, one.num, one.den)


def left_out(points: Sequence[Point], plan: Plan) -> list[int]:
    return [n for n, one in enumerate(points) if not one.closed or one.thin or one.period in plan.ghosts]


def placed(points: Sequence[Point], grain: months.Grain, plan: Plan) -> tuple[list[int], dict[int, int]]:
    """(ends of phases, phase -> how many points its baseline has), for dates that may be of another grain."""
    starts = sorted({sum(months.after(one.period, grain) <= day for one in points) for day in plan.phases})
    starts = [one for one in starts if 0 < one < len(points)]
    frozen: dict[int, int] = {}
    for day in sorted(plan.baselines):
        upto = sum(one.period <= day for one in points)
        phase = sum(start < upto for start in starts)
        if upto:
            frozen[phase] = upto - ([0, *starts][phase])
    return starts, frozen
