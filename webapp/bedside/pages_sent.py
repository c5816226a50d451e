"""What is sent and what is not, and what is left on this device. Twin: sw/pages/sent.js."""

from __future__ import annotations

from webapp import reasons as reasons_of
from webapp.bedside import photo_lines
from webapp.bedside.drafts import is_begun
from webapp.bedside.pages_frame import NOT_HERS, Context, Page, World, find_person, frame, saved_line, today_of
from webapp.bedside.pages_result import find_aside, find_check
from webapp.bedside.says import Translate, local, many, near_moment, text
from webapp.bundles import Registry

PAUSED = {
    "offline": "Ikke nett. Sjekkene ligger trygt her og sendes av seg selv.",
    "unauthorised": "Innloggingen er utløpt. Logg inn når du har nett, så sendes alt.",
    "captive": "Nettet krever innlogging på en egen side. Sjekkene ligger trygt her.",
    "server": "Serveren svarer ikke som den skal. Sjekkene ligger trygt her, og vi prøver igjen.",
    "device": "Noe gikk galt på enheten. Det som er lagret, ligger trygt her, og vi prøver igjen.",
    "later": "Serveren ba om å vente. Sjekkene ligger trygt her, og vi prøver igjen.",
    "wire": "Appen er en annen utgave enn serveren. Sjekkene ligger trygt her. Lås, så hentes en ny utgave.",
}


def sent_page(world: World, t: Translate, registry: Registry) -> Page:
    known = world["sync"]["by_id"]
    ids = {one: known[one] for one in known}
    for person in world["people"]:
        for check in person["checks"]:
            if check["author"]["id"] == world["me"]["id"] and local(check["performed_at"])[:10] == today_of(world):
                ids.setdefault(check["id"], {"state": "received", "at": check["received_at"], "reasons": []})
    rows = [record(one, ids[one], world, registry, t) for one in sorted(ids, reverse=True)]
    groups = [
        group(t("Ikke sendt ennå"), t("Lagret og forseglet her. Sendes av seg selv når det er nett."),
              [row for row in rows if row["kind"] == "waiting"]),
        group(t("Hos leder"), t("Mottatt og tatt vare på, men ikke lagt inn. Leder bestemmer. Haster det, si fra til leder."),
              [row for row in rows if row["kind"] == "quarantined"]),
        group(t("Ikke lagt inn"), t("Leder har bestemt at de ikke skal telle. Gjør sjekken på nytt hvis den trengs."),
              [row for row in rows if row["kind"] == "rejected"]),
        group(t("Tatt ut"), t("Journalansvarlig har bestemt det. De vises ikke her og telles ikke."),
              [row for row in rows if row["kind"] == "taken"]),
        group(t("Utkast, ikke lagret"), "", drafts(world, registry, t)),
        group(t("Mottatt"), "", [row for row in rows if row["kind"] == "received"]),
    ]
    context = frame(world, t, "sent", t("Sendt og ikke sendt"))
    context.update(left(world, t))
    context["groups"] = [one for one in groups if one["records"]]
    return Page("bedside/sent.html", context)


def group(title: str, hint: str, records: list[Context]) -> Context:
    return {"title": title, "hint": hint, "records": records}


def left(world: World, t: Translate) -> Context:
    """The end of the shift in one number."""
    waiting, paused, contact = world["sync"]["waiting"], world["sync"]["paused"], world["sync"]["last_contact"]
    said = t("Siste kontakt: %(at)s", at=near_moment(contact, today_of(world), t)) if contact else t("Ingen kontakt ennå")
    return {
        "left_number": str(waiting),
        "left_text": many(t, waiting, "sjekk igjen på denne enheten", "sjekker igjen på denne enheten"),
        "left_tone": "stopped" if paused and waiting else "waiting" if waiting else "ok",
        "contact_text": said if world["device"] else t("Denne PC-en lagrer rett på serveren."),
        "photos_text": photo_lines.left(world, t),
        "paused_text": t(PAUSED.get(paused, PAUSED["server"])) if paused else "",
    }


def record(check_id: str, known: Context, world: World, registry: Registry, t: Translate) -> Context:
    found = find_check(world, check_id)
    check = None if found is None else found[1]
    saved = saved_line(world, check_id, check, t)
    reasons = [*(reasons_of.sentence(known["state"], one, t) for one in known["reasons"]), reasons_of.said_by(known, t),
               photo_lines.of_check(world, check_id, t)]
    row = {"url": "/round/checks/" + check_id, "icon": "check-form", "title": t("Sjekk"), "name": "",
           "tone": {"waiting": "medium", "stopped": "high", "ok": "ok", "info": "info"}[saved["tone"]],
           "state": saved["text"] + receipt(known, t), "kind": saved["state"], "discard_url": "",
           "why": " ".join(one for one in reasons if one)}
    if known.get("made"):
        row["url"] = ""
        row["title"] += " " + near_moment(known["made"], today_of(world), t)
    aside = find_aside(world, check_id)
    one = check or (aside["check"] if aside else None)
    if one is not None:
        form = registry.form(one["form"], one["version"])
        row["title"] = text(form.title, world["me"]["lang"]) + " " + local(one["performed_at"])[11:16]
        row["icon"] = form.icon or "check-form"
        row["name"] = "" if found is None else found[0]["name"]
    return row


def receipt(known: Context, t: Translate) -> str:
    number = known.get("receipt")
    return ", " + t("kvittering %(number)s", number=number) if known["state"] == "received" and number else ""


def drafts(world: World, registry: Registry, t: Translate) -> list[Context]:
    rows = []
    for draft in filter(is_begun, world["drafts"]):
        person = find_person(world, draft["person"])
        form = registry.form(draft["form"], draft["version"])
        rows.append({
            "url": "/round/checks/" + draft["id"], "icon": "edit", "title": text(form.title, world["me"]["lang"]),
            "name": draft.get("name", "") if person is None else person["name"], "tone": "info", "kind": "draft",
            "why": t(NOT_HERS) if person is None else "",
            "discard_url": f"/round/checks/{draft['id']}/discard" if person is None else "",
            "state": t("Utkast fra %(at)s", at=near_moment(draft["updated_at"], today_of(world), t)),
        })
    return rows
