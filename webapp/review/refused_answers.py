"""What a refused record says, as far as it opens and its reader may see it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from webapp import db
from webapp.accounts import policy
from webapp.bedside import says
from webapp.bedside.pages_result import answer_rows
from webapp.bundles.flagtext import flag_text
from webapp.models import Device, Quarantine, Unit, User
from webapp.review import pages
from webapp.sync import people, repair
from webapp.sync.payload import Check
from webapp.sync.submission import Submission
from webapp.sync.world import bundles
from webapp.words import Translate

Context = dict[str, Any]
NOBODY = "Ingen i dine enheter"


def short(user: User, record: Quarantine, seen: repair.Look, t: Translate, now: str, lang: str) -> list[Context]:
    """Whom it says it is about, which form and when: nothing of a person this supervisor may not see."""
    content = seen.one.content
    if not isinstance(content, Check):
        return []
    if not policy.reads_refused(user, record, seen.person):
        return [says.pair(t("Gjelder"), t(NOBODY))]
    return [
        says.pair(t("Gjelder"), seen.person.name if seen.person else t("Ukjent bruker")),
        says.pair(t("Skjema"), form_title(content, seen, lang)),
        says.pair(t("Utført"), says.near_moment(content.at.isoformat(), now[:10], t)),
    ]


def form_title(content: Check, seen: repair.Look, lang: str) -> str:
    """The form's name, in the version that is known here."""
    if seen.sub is not None:
        return says.text(seen.sub.form.title, lang)
    forms = {form.id: form for form in bundles().forms}
    return says.text(forms[content.f].title, lang) if content.f in forms else content.f


def whole(record: Quarantine, seen: repair.Look, shown: bool, t: Translate, now: str, lang: str) -> Context:
    """Title, answers, the flags it would raise and how it came to be."""
    content = seen.one.content if isinstance(seen.one.content, Check) else None
    sub = seen.sub if shown else None
    return {
        "title_text": form_title(content, seen, lang) if content and shown else t("Registrering som ikke kan vises"),
        "rows": said(sub, seen, t, lang) if sub else [],
        "hidden": "" if sub else hidden(content, seen, shown, t),
        "flags": flags(sub, seen, t, lang) if sub else [],
        "facts": facts(record, content if shown else None, seen, t, lang),
    }


def hidden(content: Check | None, seen: repair.Look, shown: bool, t: Translate) -> str:
    """Why there are no answers to read."""
    if content is None:
        return t("Svarene kan ikke leses.")
    if not shown:
        return t("Svarene gjelder en bruker i en annen enhet og vises ikke her.")
    if seen.one.signer is None:
        return t("Svarene vises ikke før det er sikkert hvem som har skrevet dem.")
    if set(seen.against) & {"bundle_unknown", "bundle_differs"}:
        return t("Svarene kan ikke vises før skjemaversjonen er lagt inn på serveren.")
    return t("Svarene følger ikke skjemaet og kan ikke vises.")


def said(sub: Submission, seen: repair.Look, t: Translate, lang: str) -> list[Context]:
    """Everything it says, as the nurse's own page says it; answers that break a rule as they were given."""
    row = {
        **sub.common, "id": sub.id, "form": sub.form.id, "bundle_id": sub.bundle.id, "bundle_version": sub.bundle.version,
        "performed_at": sub.performed_at, "performed_offset_min": 0, "recorded_at": sub.recorded_at, "received_at": sub.recorded_at,
        "author_id": sub.author.id, "author_name": sub.author.name, "author_title": sub.author.title, "unit_id": sub.unit_id,
        "answers": seen.found.answers if seen.found else sub.answers, "derived": seen.found.derived if seen.found else {},
        "flags": [], "warned": sub.warned, "all_ok": sub.all_ok, "supersedes": sub.supersedes, "reason": sub.reason,
    }  # fmt: skip
    rows: list[Context] = answer_rows(sub.form, people.check_json(SimpleNamespace(**row), None), sub.prior or {}, lang, t)
    return [*rows, says.pair(t("Grunn til rettingen"), sub.reason)] if sub.reason else rows


def flags(sub: Submission, seen: repair.Look, t: Translate, lang: str) -> list[Context]:
    """What it would ask somebody to follow up, if it were taken in on the history its author saw."""
    raised = seen.found.flags if seen.found else []
    ranked = sorted(raised, key=lambda flag: list(pages.TONES).index(flag["severity"]))
    return [
        {
            "tone": pages.TONES[flag["severity"]],
            "severity": t(pages.SEVERITY[flag["severity"]]),
            "icon": pages.ICON[flag["severity"]],
            "text": flag_text(sub.bundle, flag, lang, seen.found.answers if seen.found else {}),
        }
        for flag in ranked
    ]


def facts(record: Quarantine, content: Check | None, seen: repair.Look, t: Translate, lang: str) -> list[Context]:
    """Author, device and times: what the device said, and when it came."""
    session = db.session()
    author = session.get(User, record.user_id) if record.user_id else None
    device = session.get(Device, record.device_id) if record.device_id else None
    rows = [
        says.pair(t("Forfatter"), ", ".join(one for one in (author.name, author.title) if one) if author else t("Ukjent forfatter")),
        says.pair(t("Sendt fra"), device.name if device else t("Ukjent enhet")),
    ]
    if content is not None:
        unit = session.get(Unit, content.u)
        rows += [
            says.pair(t("Gjelder"), seen.person.name if seen.person else t("Ukjent bruker")),
            says.pair(t("Enhet"), unit.name if unit else t("Ukjent enhet")),
            says.pair(t("Utført"), moment(content.at.isoformat())),
            says.pair(t("Registrert"), moment(content.rec.isoformat())),
        ]
    rows.append(says.pair(t("Mottatt"), moment(record.received_at.isoformat())))
    if content is not None:
        name = says.text(seen.sub.bundle.title, lang) if seen.sub else content.b
        rows.append(says.pair(t("Skjema"), t("%(name)s, versjon %(version)s", name=name, version=content.bv)))
    return rows


def moment(iso: str) -> str:
    return says.day(says.local(iso)[:10]) + " " + says.clock(iso)
