"""Points of one measure -> a chart of the kind that was asked for: what is provisional, thin or hidden is drawn and not counted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from webapp.measures import months
from webapp.measures.declared import Measure
from webapp.measures.points import SHARES, Point
from webapp.measures.spc.chart import Chart, Options, chart
from webapp.measures.spc.limits import COUNTED, Kind
from webapp.measures.spc.subgroups import Place, Row

# What the bundle says the measure is -> the charts that can be chosen for it; the first is the one that is shown unasked.
KINDS: dict[str, tuple[Kind, ...]] = {"p": ("run", "p", "pp"), "u": ("run", "u", "up"), "i": ("run", "i"),
                                     "t": ("t", "run")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What people decided about a chart that now holds. Days are first days of periods; `ghosts` only of the same grain."""

    phases: tuple[date, ...] = ()
    baselines: tuple[date, ...] = ()  # the last period of each
    ghosts: frozenset[date] = frozenset()
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    count: Measure
    kind: Kind
    grain: months.Grain
    points: Sequence[Point]
    values: Sequence[float | None]  # None: nothing was counted, or it may not be shown
    chart: Chart
    plan: Plan = field(default_factory=Plan)
    of: Sequence[Point] = ()  # months of the measure whose events the points are: how complete the data is

    def since(self, day: date) -> Series:
        """The same chart with the same lines and verdict, drawn from that day on."""
        start = sum(one.period < day for one in self.points)
        cut = replace(self.chart, points=self.chart.points[start:])
        return replace(self, points=self.points[start:], values=self.values[start:], chart=cut) if start < len(self.points) else self

    def without_ghosts(self) -> Series:
        """As it would read if nobody had left a point out."""
        return series(self.count, self.points, self.values, self.kind, self.grain, replace(self.plan, ghosts=frozenset()), self.of)

    @property
    def looked_at(self) -> Sequence[Point]:
        """What says how complete the data is."""
        return self.of or self.points

    @property
    def looked_by(self) -> months.Grain:
        return "month" if self.of else self.grain

    @property
    def by_service(self) -> bool:
        """Between its events service days are counted."""
        return self.count.is_between and any(one.by_service for one in self.points)

    @property
    def target(self) -> float | None:
        if self.by_service:
            return None  # one in days says nothing about service days
        return self.plan.target if self.plan.target is not None else self.count.text["target"]

    @property
    def frozen(self) -> bool:
        """The phase that runs has a baseline."""
        begins = max((one for one in self.plan.phases if self.points and one <= self.points[-1].period), default=date.min)
        return any(begins <= one for one in self.plan.baselines)


def kinds(count: Measure) -> tuple[Kind, ...]:
    return ("run", "i") if count.kind == "days" else KINDS.get(count.text["chart"], ("run",))


def series(
    count: Measure, points: Sequence[Point], values: Sequence[float | None], kind: Kind | None = None, grain: months.Grain | None = None,
    plan: Plan | None = None, of: Sequence[Point] = (),
) -> Series:  # fmt: skip
    """`of`: the months of the measure whose events the points are."""
    plan, kind, grain = plan or Plan(), kind or kinds(count)[0], grain or count.grain
    if kind == "t" and any(one.by_service for one in points):
        kind = "g"  # a time between events cannot be nothing
    factor = 100 if count.kind in SHARES else count.factor
    counted = kind in COUNTED
    rows = [row(n if grain == "event" else one.period.isoformat(), one, value, counted)
            for n, (one, value) in enumerate(zip(points, values, strict=True))]  # fmt: skip
    options = Options(*placed(points, grain, plan), ghosts=left_out(points, plan), factor=factor if counted else 1.0)
    made = chart(kind, rows, options)
    limited = [replace(one, lower=None) if one.upper is None else one for one in made.points]  # a floor alone is no limit
    return Series(count, kind, grain, points, values, replace(made, points=limited), plan, of)


def row(x: Place, one: Point, value: float | None, counted: bool) -> Row:
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
