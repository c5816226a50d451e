"""Today's route, the rest of the unit, and a quick record from anywhere. Twin: sw/pages/round.js."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.bedside.drafts import is_begun
from webapp.bedside.due_rows import due_rows
from webapp.bedside.pages_frame import SEVERITIES, Context, Page, Person, World, find_person, flag_words, frame, today_of, who
from webapp.bedside.says import Translate, local, long_day, many, near_day, text
from webapp.bundles import Registry

DUE_TONES = ("overdue", "due")


def visits_on(world: World, on: str) -> list[tuple[str, Person]]:
    """Who I visit that day, in visit order."""
    mine = [(visit["at"], person) for person in world["people"] for visit in person["visits"]
            if visit["on"] == on and visit["who"] in (None, world["me"]["id"])]
    return sorted(mine, key=lambda pair: (pair[0], pair[1]["name"], pair[1]["ref"]))


def once(people: list[Person]) -> list[Person]:
    """Each person once, in order: one who is visited twice a day has her checks and flags once."""
    return list({one["ref"]: one for one in people}.values())


def done_today(person: Person, today: str) -> int:
    return len([one for one in person["checks"] if local(one["performed_at"])[:10] == today and not one["superseded_by"]])


def visit_card(at: str, person: Person, rows: list[Context], today: str, t: Translate) -> Context:
    tags = [{"tone": row["tone"], "text": row["short"] + ": " + row["state"], "icon": row["state_icon"],
             "why": row["reason"]} for row in rows]
    flags = [one for one in person["flags"] if one["severity"] in ("urgent", "high")]
    if flags:
        words = many(t, len(flags), "1 åpent varsel", "%(n)s åpne varsler")
        tags.append({"tone": "high", "text": words, "icon": "alert", "why": ""})
    done = not rows and done_today(person, today) > 0
    if done:
        tags.append({"tone": "ok", "text": t("Alt er gjort"), "icon": "check", "why": ""})
    return {"url": "/round/people/" + person["ref"], "at": at, "name": person["name"],
            "address": person["address"], "tags": tags, "done": done}


def urgent_rows(people: list[Person], world: World, registry: Registry, t: Translate) -> list[Context]:
    rows = []
    for person in people:
        for flag in in_order(person["flags"]):
            if flag["severity"] == "urgent":
                rows.append({"url": "/round/people/" + person["ref"], "name": person["name"],
                             "text": open_flag_text(flag, person, world, registry, t)})
    return rows


def in_order(flags: list[Context]) -> list[Context]:
    """Open flags, the most severe and the oldest first. Not by id: the device and the server name the same flag differently."""
    return sorted(flags, key=lambda one: (SEVERITIES.index(one["severity"]), one["opened_at"], one["code"], one["subject"]))


def open_flag_text(flag: Context, person: Person, world: World, registry: Registry, t: Translate) -> str:
    """The flag's words, with the answers of the check that raised it where that check is here."""
    bundle = registry.bundle(flag["bundle"], flag["version"])
    answers: Context = next((one["answers"] for one in person["checks"] if one["id"] == flag["check_id"]), {})
    return flag_words(bundle, flag, world["me"]["lang"], answers, t)


def draft_rows(world: World, registry: Registry, t: Translate) -> list[Context]:
    rows = []
    for draft in filter(is_begun, world["drafts"]):
        person = find_person(world, draft["person"])
        if person is None:
            continue
        form = registry.form(draft["form"], draft["version"])
        rows.append({"url": "/round/checks/" + draft["id"], "name": person["name"],
                     "text": text(form.title, world["me"]["lang"])})
    return rows


def next_shift(world: World, t: Translate) -> tuple[str, list[Context]]:
    today = today_of(world)
    days = sorted({visit["on"] for person in world["people"] for visit in person["visits"] if visit["on"] > today})
    if not days:
        return "", []
    rows = [{"at": at, "name": person["name"], "url": "/round/people/" + person["ref"]}
            for at, person in visits_on(world, days[0])]
    return t("Neste vakt: %(day)s", day=near_day(days[0], today, t)), rows


def round_page(world: World, t: Translate, registry: Registry) -> Page:
    today = today_of(world)
    route = visits_on(world, today)
    seen = once([person for _, person in route])
    asked = {person["ref"]: [row for row in due_rows(person, world, registry, t) if row["tone"] in DUE_TONES] for person in seen}
    overdue, due = (len([row for rows in asked.values() for row in rows if row["tone"] == tone]) for tone in DUE_TONES)
    done = sum(done_today(person, today) for person in seen)
    total = done + overdue + due
    next_title, next_visits = next_shift(world, t)
    context = frame(world, t, "round", t("Min runde"))
    context.update({
        "enrol_url": "" if world["device"] else "/enrol",
        "date_text": long_day(today, t), "unit_name": world["me"]["unit"]["name"],
        "urgent": urgent_rows(seen, world, registry, t),
        "drafts": draft_rows(world, registry, t),
        "visits": [visit_card(at, person, asked[person["ref"]], today, t) for at, person in route],
        "summary_text": many(t, len(route), "1 besøk", "%(n)s besøk") + ". "
        + t("%(overdue)s over tiden, %(due)s til i dag.", overdue=overdue, due=due),
        "progress_max": str(max(total, 1)), "progress_value": str(done if total else 1),
        "progress_text": t("%(done)s av %(total)s sjekker gjort", done=done, total=total),
        "next_title": next_title, "next_visits": next_visits,
    })
    return Page("bedside/round.html", context)


def everyone(world: World) -> list[dict[str, Any]]:
    rows = [*world["people"], *world["others"]]
    return sorted(rows, key=lambda one: (one["name"], one["ref"]))


def searched(q: str, world: World, t: Translate) -> tuple[str, Callable[[Person], bool]]:
    """What was asked for, and who answers to it: every word is in her name, date of birth or address."""
    asked = q.replace("\x00", "")[:60]
    words = [one for one in asked.lower().split(" ") if one]

    def answers(person: Person) -> bool:
        row = who(person, world, t)
        haystack = (row["name"] + " " + row["born"] + " " + row["address"]).lower()
        return all(word in haystack for word in words)

    return asked, answers


def people_page(world: World, t: Translate, q: str) -> Page:
    """The rest of the unit. What was searched for stays in the body of the request."""
    asked, answers = searched(q, world, t)
    found = [who(one, world, t) for one in everyone(world) if answers(one)]
    context = frame(world, t, "", t("Andre i enheten"))
    context.update({
        "unit_name": world["me"]["unit"]["name"], "q": asked, "search_url": "/round/people", "people": found[:60],
        "count_text": many(t, len(found), "1 bruker", "%(n)s brukere"),
    })
    return Page("bedside/people.html", context)


def event_page(world: World, t: Translate, registry: Registry, q: str) -> Page:
    """Today's people first, then the rest: choosing one opens the quick form. What was searched for stays in the body."""
    lang = world["me"]["lang"]
    asked, answers = searched(q, world, t)
    today = once([person for _, person in visits_on(world, today_of(world)) if answers(person)])
    refs = [one["ref"] for one in today]
    others = [one for one in everyone(world) if one["ref"] not in refs and answers(one)]
    groups = [{"title": title, "people": event_rows(people, world, t)}
              for title, people in ((t("På ruta di i dag"), today), (t("Andre i enheten"), others)) if people]
    forms = [{"id": form.id, "title": text(form.short, lang), "icon": form.icon or "event"}
             for form in registry.forms if form.quick]
    context = frame(world, t, "event", t("Ny hendelse"))
    context.update({"q": asked, "search_url": "/round/event", "groups": groups, "forms": forms, "somebody": bool(everyone(world)),
                    "count_text": many(t, len(today) + len(others), "1 bruker", "%(n)s brukere")})
    return Page("bedside/event.html", context)


def event_rows(people: list[Person], world: World, t: Translate) -> list[Context]:
    rows = [who(one, world, t) for one in people]
    return [{"name": row["name"], "born": row["born"], "address": row["address"], "start_url": row["url"] + "/checks"} for row in rows]
