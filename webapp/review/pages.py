"""Template context for the supervisor's pages: finished words and booleans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from webapp import db
from webapp.bedside import says
from webapp.bedside.pages_result import answer_rows
from webapp.bundles.flagtext import flag_text
from webapp.models import CheckRecord, Flag, FlagClosing, Patient, Unit, User
from webapp.review.queries import OpenFlag
from webapp.sync import people
from webapp.sync.world import bundles
from webapp.words import Translate

Context = dict[str, Any]
TONES = {"urgent": "urgent", "high": "high", "medium": "medium", "info": "info"}
SEVERITY = {"urgent": "Nå", "high": "Høy", "medium": "Middels", "info": "Til orientering"}
ICON = {"urgent": "alert", "high": "alert", "medium": "clock", "info": "info"}
OUTCOME = {"done": "Gjort", "partly_done": "Delvis gjort", "not_done": "Ikke gjort"}
CLOSED = {"done": "Gjort", "not_relevant": "Ikke aktuelt", "corrected": "Korrigert"}


def flag_words(flag: Flag, check: CheckRecord | None, lang: str) -> tuple[str, list[Context]]:
    """The flag's sentence and the answers that triggered it, in the reader's language."""
    form = bundles().form(flag.form, flag.bundle_version)
    bundle = bundles().bundle(flag.bundle_id, flag.bundle_version)
    answers = check.answers if check is not None else {}
    raised = {
        "code": flag.code,
        "rule": flag.rule,
        "severity": flag.severity,
        "subject": flag.subject,
        "list": flag.list,
        "n": flag.n,
        "inputs": flag.inputs,
    }
    return flag_text(bundle, raised, lang, answers), says.inputs(form, raised, answers, lang)


def open_flag(row: OpenFlag, check: CheckRecord | None, now: str, t: Translate, lang: str) -> Context:
    """One card in "Trenger deg nå"."""
    flag, today = row.flag, now[:10]
    text, inputs = flag_words(flag, check, lang)
    overdue = flag.due_on is not None and flag.due_on.isoformat() < today
    by = t("%(name)s, %(when)s", name=check.author_name, when=says.near_moment(iso(flag.opened_at), today, t)) if check else ""
    return {
        "id": str(flag.id),
        "tone": TONES[flag.severity],
        "severity": t(SEVERITY[flag.severity]),
        "icon": ICON[flag.severity],
        "text": text,
        "inputs": inputs,
        "name": row.patient.name,
        "born": says.day(row.patient.born.isoformat()),
        "person_url": f"/review/people/{row.patient.id}",
        "check_url": f"/review/checks/{flag.check_id}",
        "raised": by,
        "owner": row.owner.name if row.owner else "",
        "owner_id": str(row.owner.id) if row.owner else "",
        "due": says.near_day(flag.due_on.isoformat(), today, t) if flag.due_on else "",
        "due_on": flag.due_on.isoformat() if flag.due_on else "",
        "overdue": overdue,
        "again": (row.last_raised > flag.opened_at and says.near_moment(iso(row.last_raised), today, t)) or "",
    }


def counts(numbers: dict[str, int], t: Translate) -> list[Context]:
    """The line of numbers above the list."""
    return [
        {"tone": TONES[name], "text": t(SEVERITY[name]), "icon": ICON[name], "n": str(numbers.get(name, 0))}
        for name in ("urgent", "high", "medium")
    ]


def check_row(check: CheckRecord, superseded: bool, today: str, t: Translate, lang: str) -> Context:
    """One line of a person's timeline."""
    form = bundles().form(check.form, check.bundle_version)
    labels = summary_labels(form, lang)
    worst = min((raised["severity"] for raised in check.flags), key=list(TONES).index, default="")
    return {
        "url": f"/review/checks/{check.id}",
        "title": says.text(form.title, lang),
        "icon": form.icon,
        "when": says.near_moment(iso(check.performed_at), today, t),
        "by": f"{check.author_name}, {check.author_title}",
        "outcome": t(OUTCOME[check.outcome]),
        "done": check.outcome == "done",
        "superseded": superseded,
        "correction": check.supersedes is not None,
        "tone": TONES.get(worst, ""),
        "tone_icon": ICON.get(worst, ""),
        "flagged": t(SEVERITY[worst]) if worst else "",
        "summary": [row for row in says.pairs(form, check.answers, lang, check.prior) if row["label"] in labels][:4],
    }


def summary_labels(form: Any, lang: str) -> set[str]:
    """Labels of the fields a form names as its summary."""
    fields = (form.field(name) for name in form.summary)
    return {says.text(one.label, lang) for one in fields if one is not None}


def check_page(chain: Sequence[CheckRecord], check: CheckRecord, t: Translate, lang: str, today: str) -> Context:
    """A check with everything said in it and the line of corrections it stands in."""
    form = bundles().form(check.form, check.bundle_version)
    bundle = bundles().bundle(check.bundle_id, check.bundle_version)
    newest = chain[-1]
    return {
        "title_text": says.text(form.title, lang),
        "rows": compared(said(check, t, lang), next((said(one, t, lang) for one in chain if one.id == check.supersedes), None), t),
        "who": [
            says.pair(t("Utført av"), f"{check.author_name}, {check.author_title}"),
            says.pair(t("Utført"), says.day(says.local(iso(check.performed_at))[:10]) + " " + says.clock(iso(check.performed_at))),
            says.pair(t("Registrert"), says.day(says.local(iso(check.recorded_at))[:10]) + " " + says.clock(iso(check.recorded_at))),
            says.pair(t("Mottatt"), says.day(says.local(iso(check.received_at))[:10]) + " " + says.clock(iso(check.received_at))),
            says.pair(t("Skjema"), t("%(name)s, versjon %(version)s", name=says.text(bundle.title, lang), version=check.bundle_version)),
        ],
        "is_newest": newest.id == check.id,
        "newest_url": f"/review/checks/{newest.id}",
        "history": [chain_row(one, one.id == check.id, today, t) for one in chain] if len(chain) > 1 else [],
    }


def said(check: CheckRecord, t: Translate, lang: str) -> list[Context]:
    """Everything a check says, as the nurse's own page says it."""
    form = bundles().form(check.form, check.bundle_version)
    return answer_rows(form, people.check_json(check, None), check.prior, lang, t)


def compared(rows: list[Context], earlier: list[Context] | None, t: Translate) -> list[Context]:
    """What a correction changed stands beside what was said before; what it took away stays to be seen."""
    if earlier is None:
        return rows
    before = {row["label"]: row["value"] for row in earlier}
    now = {row["label"] for row in rows}
    gone = [says.pair(label, t("Fjernet")) for label in before if label not in now]
    for row in [*rows, *gone]:
        if row["value"] != before.get(row["label"]):
            row["changed"] = True
            row["was"] = t("før: %(value)s", value=before.get(row["label"]) or t("ikke svart"))
    return [*rows, *gone]


def chain_row(check: CheckRecord, here: bool, today: str, t: Translate) -> Context:
    """One version in the line of corrections."""
    kind = t("Korrigering") if check.supersedes else t("Første registrering")
    return {
        "url": f"/review/checks/{check.id}",
        "kind": kind,
        "by": check.author_name,
        "here": here,
        "when": says.near_moment(iso(check.recorded_at), today, t),
        "reason": check.reason or "",
    }


def closed_words(closing: FlagClosing, closer: User | None, today: str, t: Translate) -> str:
    """How, by whom and when a flag was closed."""
    how = t(CLOSED.get(closing.outcome, "Lukket"))
    who = closer.name if closer else t("automatisk ved ny sjekk")
    return t("%(how)s av %(who)s, %(when)s", how=how, who=who, when=says.near_moment(iso(closing.at), today, t))


def flag_history(
    rows: Iterable[tuple[Flag, FlagClosing | None, User | None]], checks: dict[UUID, CheckRecord], today: str, t: Translate, lang: str
) -> list[Context]:
    """Open and closed flags of a person with what was done."""
    listed = []
    for flag, closing, closer in rows:
        text, inputs = flag_words(flag, checks.get(flag.check_id), lang)
        closed = closed_words(closing, closer, today, t) if closing is not None else ""
        listed.append(
            {
                "tone": TONES[flag.severity],
                "severity": t(SEVERITY[flag.severity]),
                "icon": ICON[flag.severity],
                "text": text,
                "inputs": inputs,
                "about": "",
                "closed": closed,
                "follow_url": "" if closed else f"/review?flag={flag.id}",
                "reason": closing.reason if closing else "",
                "meta": says.near_moment(iso(flag.opened_at), today, t),
            }
        )
    return listed


def iso(moment: datetime) -> str:
    """An aware instant as ISO text, as the word functions want it."""
    return moment.isoformat()


def person_words(person: Patient, today: str, t: Translate) -> Context:
    """The identity bar."""
    born, unit = person.born.isoformat(), db.session().get(Unit, person.unit_id)
    return {
        "name": person.name,
        "born": says.day(born),
        "age": t("%(n)s år", n=says.age(born, today)),
        "unit": unit.name if unit else "",
        "address": person.address,
        "key_note": "",
        "url": "",
    }
