"""One measure's page: which subgroup, chart and stretch of time was asked for, and the charts that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from webapp.measures import decide, marks, months, pages, points, recorded, store, verdicts
from webapp.measures.declared import Count, Measure
from webapp.measures.series import Series, kinds, series
from webapp.measures.spc.limits import Kind
from webapp.models import MeasureDecision, Unit
from webapp.words import Translate

Context = dict[str, Any]
Decisions = Sequence[MeasureDecision]
DAYS = 90  # of single days: more cannot be told apart, and each is read from the checks
SPANS = ("24", "12", "36", "all")  # months; the first is shown unasked


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen; whatever an address says that is not offered is what is shown unasked."""

    unit: Unit
    count: Measure
    grain: months.Grain
    kind: Kind
    span: str

    def url(self, path: str = "/measures/one", **other: str) -> str:
        chosen = {"unit": str(self.unit.id), "m": self.count.id, "by": self.grain, "chart": self.kind, "span": self.span} | other
        usual = {"by": self.count.grain, "chart": kinds(self.count)[0], "span": SPANS[0]}
        return path + "?" + urlencode({name: value for name, value in chosen.items() if usual.get(name) != value})

    def point(self, period: date) -> str:
        """The page about one of its points."""
        return self.url("/measures/one/point", period=period.isoformat())

    def since(self, today: date) -> date:
        if self.grain == "event":
            return points.EVER  # they are few, and the time from one to the next knows no year
        if self.grain == "day":
            return today - timedelta(days=DAYS - 1)
        if self.span == "all":
            return points.EVER
        first, left = months.first_of(today), int(self.span) - 1
        for _ in range(left):
            first = months.first_of(date.fromordinal(first.toordinal() - 1))
        return months.first_of(first, self.grain)


def grains(count: Measure, only: bool) -> tuple[months.Grain, ...]:
    """Who sees numbers only gets months: a quarter less the months that are shown would be the one that is hidden."""
    if count.is_between:
        return (count.grain,)
    return ("month",) if only else ("day", "week", "month", "quarter")


def drawable(count: Measure, grain: months.Grain) -> tuple[Kind, ...]:
    """A day is like the day before: it has no limits that mean anything."""
    return ("run",) if grain == "day" else kinds(count)


def asked(unit: Unit, count: Measure, said: Mapping[str, str], only: bool) -> Asked:
    grain = cast(months.Grain, said.get("by")) if said.get("by") in grains(count, only) else count.grain
    kind = said.get("chart", "") if said.get("chart") in drawable(count, grain) else kinds(count)[0]
    span = said.get("span", "") if said.get("span") in SPANS else SPANS[0]
    return Asked(unit, count, grain, cast(Kind, kind), span)


def read(
    session: Session, it: Asked, now: datetime, fresh: pages.Fresh, only: bool, decisions: Sequence[MeasureDecision]
) -> Series | None:
    """The series that was asked for; nothing when nothing was counted."""
    today = now.astimezone(store.OSLO).date()
    name, made = it.count.id, decide.plan(decisions, it.grain)
    since = points.EVER if made.phases or made.baselines else it.since(today)
    of: Sequence[points.Point] = ()
    if it.grain in ("month", "event"):
        every = pages.read(session, it.unit.id, since, today, fresh, only, [name, it.count.of])
        found, of = every.get(name, []), every.get(it.count.of, ())
    elif isinstance(it.count, Count):
        facts = store.read_anew(session, it.unit.id, it.count, it.grain, since, now)
        own = points.of_facts(session, facts, it.unit.id, since, today, it.grain, [name] if it.count.kind == "lasted" else [])
        found = points.with_imported(own, points.old_of(session, it.unit.id, it.count, since, it.grain)).get(name, [])
    else:
        found = recorded.of_unit(session, it.unit.id, since, today, [name], it.grain).get(name, [])
    return series(it.count, found, pages.visible(it.count, found, only), it.kind, it.grain, made, of) if found else None


def page(session: Session, it: Asked, now: datetime, fresh: pages.Fresh, only: bool, t: Translate, lang: str) -> Context:
    """The chart, what can be chosen, and what must be read together with it."""
    silent, marked = pages.silent_devices(session, it.unit), marks.of_unit(session, it.unit.id)

    today = now.astimezone(store.OSLO).date()

    def card(this: Asked) -> tuple[Context | None, Series | None, Decisions]:
        made = decide.of(session, this.unit.id, [this.count.id]).get(this.count.id, [])
        made = [] if only and this.count.is_between else made  # their days would tell when something happened
        shown = read(session, this, now, fresh, only, made)
        noted = decide.notes(made, t) + marked.get(this.count.id, [])
        since = this.since(today)
        return pages.card(shown, it.unit, only, silent, t, lang, noted, since, this.point, today) if shown else None, shown, made

    counts = {one.id: one for one in pages.order()}
    beside = [counts[name] for name in it.count.text["shown_with"] if name in counts]
    with_it = [card(Asked(it.unit, one, it.grain, kinds(one)[0], it.span))[0] for one in beside]
    main, shown, made = card(it)
    return {"told": told(it, main, t), "one": main, "nothing": nothing(it, only, t), "with_it": [one for one in with_it if one],
            "choices": choices(it, shown, only, t) if shown or not it.count.is_between else [],
            "decided": decide.history(session, made, t), "prompt": decide.prompt(shown, t) if shown else "",
            "periods": periods(shown) if shown else [], "newest_url": it.point(shown.points[-1].period) if shown else "",
            "files": [{"text": text, "url": it.url(f"/measures/one/file.{ending}")} for ending, text in
                      (("xlsx", t("Regneark (XLSX)")), ("csv", t("Tall (CSV)")), ("svg", t("Bilde (SVG)")))]}  # fmt: skip


def nothing(it: Asked, only: bool, t: Translate) -> str:
    """Why there is no chart, where there is none."""
    if it.count.is_between:
        return t("Vises ikke: hvert punkt er en hendelse hos én person.") if only else t("Ingen hendelser er registrert.")
    if it.count.is_kept:
        return t("Ingenting er ført ennå.")
    return t("Ingen målinger ennå: de kommer når det er gjort sjekker.")


def told(it: Asked, main: Context | None, t: Translate) -> str:
    """What goes with the picture when it is taken along: whose it is, the verdict, and how good its data is."""
    if main is None:
        return ""
    open_ones = t("Åpne punkter er foreløpige eller ufullstendige og teller ikke med.")
    whose = f"{main['title']}, {it.unit.name} ({main['word']})"
    return "\n".join([whose, main["sentence"], f"{main['ago']} {main['lines']} {open_ones}".strip(), main["quality"]])


def periods(shown: Series) -> list[Context]:
    """What a decision can be about, newest first."""
    return [{"value": one.period.isoformat(), "text": months.named(one.period, shown.grain)} for one in reversed(shown.points)]


def choices(it: Asked, shown: Series | None, only: bool, t: Translate) -> list[Context]:
    """Rows of links: what the chart can also be."""
    spans = {"12": t("12 måneder"), "24": t("24 måneder"), "36": t("36 måneder"), "all": t("Alt")}
    spans = {} if it.grain in ("day", "event") else spans
    words = {one: verdicts.kind_word("g" if one == "t" and shown and shown.by_service else one, t) for one in drawable(it.count, it.grain)}
    per = grains(it.count, only)
    rows = [
        {"name": t("Vis"), "links": [link(text, it.url(span=span), span == it.span) for span, text in spans.items()]},
        {"name": t("Per"), "links": [link(verdicts.grain_word(one, t), it.url(by=one), one == it.grain) for one in per if len(per) > 1]},
        {"name": t("Diagram"), "links": [link(text, it.url(chart=one), one == it.kind) for one, text in words.items()]},
    ]
    return [one for one in rows if one["links"]]  # fmt: skip


def link(text: str, url: str, here: bool) -> Context:
    return {"text": text, "url": url, "here": here}
