"""Template context for learning networks: finished words and booleans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.bedside import says
from webapp.improvement import attached, work
from webapp.improvement import pages as improvement
from webapp.improvement.work import Item
from webapp.measures import decide, months, pages, points, unit_points
from webapp.measures.declared import Measure
from webapp.measures.points import SHARES, Point
from webapp.measures.series import series
from webapp.measures.verdicts import number
from webapp.models import CheckRecord, Unit
from webapp.network import share, teams
from webapp.network.funnel import Z95, Z998, Funnel, Team, drawing
from webapp.words import Translate

Context = dict[str, Any]
Shared = dict[str, list[Point]]
QUIET_DAYS = 14


def counts() -> dict[str, Measure]:
    """What can be followed: an event is of one person, so days between them are for nobody outside the unit."""
    return {one.id: one for one in pages.order() if not one.is_between}


def measures(network: Item) -> list[Measure]:
    """What it follows, each with what must always stand beside it."""
    known = counts()
    wanted = [name for one in teams.followed(network) if one in known for name in (one, *known[one].text["shown_with"])]
    return [known[name] for name in dict.fromkeys(wanted) if name in known]


def titles(network: Item, lang: str) -> list[str]:
    return [says.text(one.text["title"], lang) for one in measures(network)]


def shared(session: Session, team: Item, unit: Unit, today: date, fresh: pages.Fresh) -> Shared:
    """A unit's points as the network may know them, of the measures it agreed to share."""
    found = share.shareable(counts(), unit_points.of_unit(session, unit.id, points.EVER, today, fresh, counts()))
    return {name: of_it for name, of_it in found.items() if name in teams.agreed(team)}


def unread(network: Item, team: Item) -> bool:
    """The network follows more than this unit has agreed to share."""
    return not {one.id for one in measures(network)} <= teams.agreed(team)


def cards(session: Session, count: Measure, every: Sequence[tuple[Unit, Shared]], today: date, t: Translate, lang: str) -> list[Context]:
    """Small multiples: each unit's own series with its own centre line, by name."""
    since = months.first_of(today - timedelta(days=30 * (pages.MONTHS - 1)))
    found = []
    for unit, known in every:
        of_it = known.get(count.id, [])
        if not any(not share.is_empty(one) for one in of_it if one.period >= since):
            found.append({"name": unit.name, "id": str(unit.id), "chart": ""})
            continue
        plan = decide.plan(decide.of(session, unit.id, [count.id]).get(count.id, []), "month")
        shown = series(count, of_it, pages.visible(count, of_it, True), plan=plan)
        silent = pages.silent_devices(session, unit)
        found.append(pages.card(shown, unit, True, silent, t, lang, [], since) | {"name": unit.name, "id": str(unit.id)})
    return found


def months_shown(today: date) -> list[date]:
    """The newest twelve closed months, newest first."""
    every = months.months(today - timedelta(days=400), today)
    return [one for one in every if months.closed(one, today)][:-13:-1]


def funnel(count: Measure, every: Sequence[tuple[Unit, Shared]], period: date, t: Translate) -> Context:
    """The units beside each other in one closed month."""
    if count.kind == "days":
        return {"why": t("Denne målingen er et forhold mellom døgn. Da gjelder ikke grensene i et traktdiagram.")}
    if count.kind == "lasted":
        return {"why": t("Denne målingen er en median. Da gjelder ikke grensene i et traktdiagram.")}
    is_share = count.kind in SHARES
    here = [(unit, one) for unit, known in every for one in known.get(count.id, []) if one.period == period and not share.is_empty(one)]
    found = [Team(unit.name, one.num, one.den, one.den if is_share else one.den / count.factor, one.thin) for unit, one in here]
    if len(found) < 2:
        return {"why": t("Færre enn to enheter har tall som kan vises for %(month)s.", month=months.named(period))}
    made, scale = Funnel(found, is_share), 100 if is_share else 1
    words = {"": t("innenfor 95 %%-grensene"), "95": t("utenfor 95 %%-grensene"), "998": t("utenfor 99,8 %%-grensene")}

    def between(size: float, z: float) -> str:
        return " – ".join(number(one * scale) for one in made.limits(size, z))

    rows = [{"n": n, "name": one.name, "num": one.num, "den": one.den, "value": number(one.num / one.size * scale),
             "inner": between(one.size, Z95), "outer": between(one.size, Z998), "coverage": pages.covered(of_it, True),
             "state": t("for få sjekket") if one.thin else words[made.outside(one)]}
            for n, (one, (_unit, of_it)) in enumerate(zip(found, here, strict=True), 1)]  # fmt: skip
    return {"why": "", "rows": rows, "thin": any(one.thin for one in found),
            "drawing": drawing(made), "month": months.named(period), "word": pages.unit_of(count, t),
            "across": t("Nevner") if is_share or count.kind == "per" else t("Nevner, %(n)s døgn", n=count.factor),
            "says": t("Snittet av enhetene som vises er %(mean)s; de som ikke vises, er ikke med, så det kan være for høyt eller for lavt. "
                      "Enheter i alfabetisk rekkefølge.",
                      mean=number(made.mean * scale))}  # fmt: skip


def sessions(session: Session, network: Item, today: date, t: Translate) -> list[Context]:
    """Gatherings and periods by date; the next one is marked."""
    every = sorted((one for one in work.under(session, network.id) if one.kind == "session"), key=lambda one: one.get("begins"))
    coming = next((one.id for one in every if (one.get("ends") or one.get("begins")) >= today.isoformat()), None)
    nothing: dict[str, dict[str, str]] = {}
    rows = []
    for one in every:
        when = says.day(one.get("begins")) + (" – " + says.day(one.get("ends")) if one.get("ends") else "")
        facts = improvement.rows(one, nothing, t, "title", "begins", "ends", "session_kind")
        rows.append({"id": str(one.id), "title": one.get("title"), "when": when, "facts": facts, "is_next": one.id == coming,
                     "kind": t({"gathering": "Samling", "period": "Tiltaksperiode"}[one.get("session_kind")]),
                     "by": improvement.said_by(one, today, t)})  # fmt: skip
    return rows


def posts(session: Session, network: Item, mine: set[Any], today: date, t: Translate) -> list[Context]:
    """What was written, newest first, with whose it is and the cycle as it was when it was shared."""
    every = [one for one in work.under(session, network.id) if one.kind == "post"]
    known = {one.id: session.get_one(Unit, one.unit_id).name for one in every}
    with_them = attached.of_posts(session, known.keys())
    return [{"id": str(one.id), "title": one.get("title"), "story": one.get("story"), "unit": known[one.id],
             "cycle": cycle(session, one, t), "by": improvement.said_by(one, today, t),
             "files": improvement.files(with_them.get(one.id, []), one, today, t),
             "mine": one.unit_id in mine} for one in reversed(every)]  # fmt: skip


def cycle(session: Session, post: Item, t: Translate) -> Context | None:
    """A PDSA cycle as it stood when the post was written: what is written in it later is shared only by a new version of the post."""
    found = work.one(session, UUID(post.get("cycle"))) if post.get("cycle") else None
    versions = [one for one in found.versions if one.at <= post.newest.at] if found else []
    if found is None or not versions:
        return None
    then = Item(found.id, found.kind, found.unit_id, found.parent, tuple(versions))
    nothing: Mapping[str, Mapping[str, str]] = {"person": {}, "measure": {}, "idea": {}, "cycle": {}}
    return {"title": then.get("title"), "facts": improvement.rows(then, nothing, t, "title", "idea", "owner")}


def help_rows(session: Session, network: Item, every: Sequence[tuple[Item, Unit, Shared]], today: date, t: Translate) -> list[Context]:
    """Who registers, and who may need help, in plain sentences; by name."""
    followed = measures(network)[:1]
    wrote = {one.unit_id for one in work.under(session, network.id) if one.kind == "post"}
    return [help_row(session, team, unit, known.get(followed[0].id, []) if followed else [], unit.id in wrote, today, t)
            for team, unit, known in every]  # fmt: skip


def help_row(session: Session, team: Item, unit: Unit, of_it: Sequence[Point], wrote: bool, today: date, t: Translate) -> Context:
    last = session.scalar(select(func.max(CheckRecord.received_at)).where(CheckRecord.unit_id == unit.id))
    ago = (today - last.date()).days if last else None
    silent, newest = pages.silent_devices(session, unit), next((one for one in reversed(of_it) if one.closed), None)
    coverage = pages.covered(newest, True) if newest else "–"
    needs = []
    if ago is None:
        needs.append(t("Ingen sjekker er kommet ennå: spør om de har kommet i gang."))
    elif ago >= QUIET_DAYS:
        needs.append(t("Siste sjekk kom for %(n)s dager siden: spør hva som stopper.", n=ago))
    if newest and newest.thin:
        needs.append(t("Langt færre er sjekket enn ellers i %(month)s.", month=months.named(newest.period)))
    if silent:
        needs.append(pages.quiet(silent, t))
    if not wrote:
        needs.append(t("Har ikke delt noen erfaring ennå."))
    return {"name": unit.name, "since": improvement.said_by(team, today, t), "coverage": coverage, "last": says.day(last.date().isoformat())
            if last else "–", "silent": str(silent), "needs": needs}  # fmt: skip
