"""A chart as an SVG file: the same points and lines as on the screen, for a report. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import floor, log10
from textwrap import wrap

from webapp.measures import months
from webapp.measures.points import SHARES
from webapp.measures.series import Series

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 420, 70, 20, 84, 56
LETTERS = 125  # of a sentence that fits beside each other
INK, ACCENT, ALARM = "#1e2b3c", "#0062ba", "#c01b1b"


def svg(shown: Series, title: str, sentence: str, marks: Sequence[tuple[int, int]], names: Sequence[str], *, told: bool = True) -> str:
    """`marks`: (place, number); `names`: of the points, centre, target, lower and upper limit, of what was imported and of what does not
    count. `told`: title and sentence are drawn, too; beside them in the text they need not be."""
    made = shown.chart.points
    ys = [one for point in made for one in (point.y, point.centre, point.lower, point.upper) if one is not None]
    top = nice(max([*ys, shown.target or 0]) or 4, 100 if shown.count.kind in SHARES else 0)

    def x(place: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / max(1, len(made))

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = [head(title, sentence, told), *axis(top, y), *months_below(shown, x)]
    for values, dash in (([p.centre for p in made], ""), ([p.lower for p in made], "2 3"), ([p.upper for p in made], "2 3")):
        parts += [path(run, x, y, INK, dash, 1.5) for run in runs(values)]
    if shown.target is not None:
        parts.append(path([(0, shown.target), (len(made) - 1, shown.target)], x, y, INK, "6 4", 1.5))
    parts += [path(run, x, y, ACCENT, "", 2) for run in runs([p.y for p in made])]
    for place, point in enumerate(made):
        if point.y is not None:
            parts.append(dot(x(place), y(point.y), point.counted, point.counted and point.outside, shown.points[place].imported))
    for place, n in marks:
        parts.append(f'<path d="M{x(place):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{INK}" stroke-dasharray="3 3"/>'
                     f'<text x="{x(place) + 4:.1f}" y="{TOP + 12}">{n}</text>')  # fmt: skip
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 12}">{escape(legend(shown, names))}</text></svg>')
    return "\n".join(parts)


def nice(most: float, whole: float) -> float:
    """Where an axis with four steps ends, so that each is a number one reads; a share never ends above the whole."""
    if whole and most > whole * 0.8:
        return max(whole, most)
    power = 10.0 ** floor(log10(max(most, 1e-9) / 4))
    return next(4 * step * power for step in (1, 2, 2.5, 5, 10) if 4 * step * power >= most)


def dot(x: float, y: float, counted: bool, outside: bool, imported: bool) -> str:
    """A circle; what was imported is a square, what is outside the limits a diamond, what does not count is open: never colour alone."""
    colour, r = (ALARM, 6) if outside else (ACCENT, 4)
    if outside:
        return f'<path d="M{x:.1f} {y - r - 2:.1f}l{r + 2} {r + 2}l{-r - 2} {r + 2}l{-r - 2} {-r - 2}Z" fill="{colour}"/>'
    shape = (f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r}" height="{2 * r}"' if imported else
             f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}"')  # fmt: skip
    return f'{shape} stroke="{colour}" stroke-width="2" fill="{colour if counted else "#fff"}"/>'


def head(title: str, sentence: str, told: bool) -> str:
    top = 0 if told else TOP - 24
    drawn = (f'<text x="{LEFT}" y="28" font-size="18" font-weight="600">{escape(title)}</text>'
             + "".join(f'<text x="{LEFT}" y="{50 + 17 * n}">{escape(line)}</text>' for n, line in enumerate(wrap(sentence, LETTERS)))
             ) if told else ""  # fmt: skip
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top} {WIDTH} {HEIGHT - top}" width="{WIDTH}" height="{HEIGHT - top}" '
            f'role="img" font-family="sans-serif" font-size="13" fill="{INK}"><title>{escape(title)}</title><desc>{escape(sentence)}</desc>'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{drawn}')  # fmt: skip


def axis(top: float, y: Callable[[float], float]) -> list[str]:
    values = [top * n / 4 for n in range(5)]
    return [f'<path d="M{LEFT} {y(v):.1f}H{WIDTH - RIGHT}" stroke="#d7dce2"/><text x="{LEFT - 8}" y="{y(v) + 4:.1f}" text-anchor="end">'
            f'{escape(f"{v:.3g}".replace(".", ","))}</text>' for v in values]  # fmt: skip


def months_below(shown: Series, x: Callable[[float], float]) -> list[str]:
    step = max(1, len(shown.points) // 10)
    named = [(place, months.named(one.period, shown.grain)) for place, one in enumerate(shown.points) if place % step == 0]
    return [f'<text x="{x(place):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(text)}</text>' for place, text in named]


def runs(values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Unbroken stretches: a missing point leaves a gap, and no line is drawn across it."""
    found: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((place, value))
    return [one for one in found if one]


def path(points: Sequence[tuple[float, float]], x: Callable[[float], float], y: Callable[[float], float], colour: str, dash: str,
         width: float) -> str:  # fmt: skip
    d = "L".join(f"{x(place):.1f} {y(value):.1f}" for place, value in points)
    return f'<path d="M{d}" fill="none" stroke="{colour}" stroke-width="{width}"' + (f' stroke-dasharray="{dash}"/>' if dash else "/>")


def legend(shown: Series, names: Sequence[str]) -> str:
    said = [names[0], f"{names[1]}: ―"]
    if shown.target is not None:
        said.append(f"{names[2]}: – –")
    if shown.kind != "run":
        said.append(f"{names[3]}, {names[4]}: ···")
    if any(one.imported for one in shown.points):
        said.append(f"{names[5]}: □")
    if any(not one.counted and one.y is not None for one in shown.chart.points):
        said.append(f"{names[6]}: ○")
    return "   ".join(said)
