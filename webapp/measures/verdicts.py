"""The sentence a chart is read by: it names its rule and its numbers, and says first when data is missing."""

from __future__ import annotations

from webapp.measures import months
from webapp.measures.series import Series
from webapp.measures.spc.chart import Point as Drawn
from webapp.measures.spc.runs import Runs
from webapp.words import Translate

FEWEST_USEFUL = 10


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def verdict(shown: Series, t: Translate) -> tuple[str, str]:
    """(state, sentence) of the newest phase. Missing data comes first: it must never look like improvement."""
    thin = [one for one in shown.looked_at[-3:] if one.thin]
    if thin:
        return "missing", t("Kan ikke vurderes nå: i %(months)s er langt færre sjekket enn ellers, så tallene sier lite om praksis.",
                            months=", ".join(months.named(one.period, shown.looked_by) for one in thin))  # fmt: skip
    if shown.grain == "day":
        return "few", t("Vises uten vurdering: ett døgn ligner det forrige, og reglene gjelder punkter som ikke henger sammen. "
                        "Velg uke, måned eller kvartal.")  # fmt: skip
    runs, last = shown.chart.phases[-1], len(shown.chart.phases) - 1
    if runs.useful < FEWEST_USEFUL or runs.longest is None or runs.crossings is None:
        return "few", t("For få brukbare punkter: %(n)s, minst %(least)s trengs.", n=runs.useful, least=FEWEST_USEFUL)
    tested = [one for one in shown.chart.points if one.phase == last and one.counted and one.y is not None]
    outside = [one for one in tested if one.outside]
    if not runs.signal and not outside:
        return "none", t("Ingen signal etter reglene (%(numbers)s).", numbers=numbers(shown, runs, outside, t))
    return signal(shown, runs, tested, outside, t)


def signal(shown: Series, runs: Runs, tested: list[Drawn], outside: list[Drawn], t: Translate) -> tuple[str, str]:
    said, direction = numbers(shown, runs, outside, t), shown.count.text["direction"]
    if direction == "neutral":
        return "changed", t("Signal om endring (%(numbers)s).", numbers=said)
    wanted = rises(tested, [] if runs.signal else outside) == (direction == "up")
    if wanted:
        return "better", t("Signal i ønsket retning (%(numbers)s).", numbers=said)
    return "worse", t("Signal i uønsket retning (%(numbers)s).", numbers=said)


def numbers(shown: Series, runs: Runs, outside: list[Drawn], t: Translate) -> str:
    """The rules that were used and what they counted."""
    said = t("Anhøj-reglene: lengste serie %(run)s, grense %(most)s; %(cross)s kryssinger av midtlinjen, minst %(least)s",
             run=runs.longest, most=runs.longest_max, cross=runs.crossings, least=runs.crossings_min)  # fmt: skip
    if shown.kind != "run":
        said += "; " + t("3-sigma: %(n)s punkter utenfor kontrollgrensene", n=len(outside))
    return said


def rises(tested: list[Drawn], outside: list[Drawn]) -> bool:
    """Whether the newer half (with a baseline: what came after it) lies above the centre; without a run, where the outlier lies."""
    if outside:
        return (outside[-1].y or 0) > (outside[-1].centre or 0)
    useful = [one for one in tested if one.y != one.centre]
    later = [one for one in useful if not one.baseline] or useful[len(useful) // 2 :]
    return sum(one.y or 0 for one in later) / max(1, len(later)) > (later[0].centre or 0) if later else False


def blind(shown: Series, t: Translate) -> str:
    """What this chart's limits cannot show with so few people."""
    newest = [one for one in shown.chart.points if one.phase == len(shown.chart.phases) - 1]
    last = [one for one in newest if one.upper is not None and one.lower is not None]
    if not last:
        return ""
    roof = shown.kind in ("p", "pp") and all((one.upper or 0) >= 100 for one in last)
    floor = all((one.lower or 0) <= 0 for one in last)
    if roof and floor:
        return t("Med så få brukere når kontrollgrensene 0 og 100 %%: bare seriene kan gi signal.")
    if roof:
        return t("Med så få brukere når øvre kontrollgrense 100 %%: bare seriene kan gi signal oppover.")
    return t("Med så små tall når nedre kontrollgrense 0: bare seriene kan gi signal nedover.") if floor else ""


def centre_word(shown: Series, t: Translate) -> str:
    return t("Median") if shown.kind in ("run", "g") else t("Gjennomsnitt")


def kind_word(kind: str, t: Translate) -> str:
    return {"run": t("Tidsserie"), "i": t("I-diagram"), "p": t("P-diagram"), "pp": t("P'-diagram"), "u": t("U-diagram"),
            "up": t("U'-diagram"), "t": t("T-diagram"), "g": t("G-diagram")}[kind]  # fmt: skip


def grain_word(grain: months.Grain, t: Translate) -> str:
    return {"day": t("Dag"), "week": t("Uke"), "month": t("Måned"), "quarter": t("Kvartal"), "event": t("Hendelse")}[grain]
