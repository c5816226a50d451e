"""A tab that is still open on a check that another tab has saved: what it holds becomes a correction, if it says something else."""

from __future__ import annotations

from typing import Any

from webapp.bedside import drafts
from webapp.bedside.commands import add_card
from webapp.bedside.drafts import Draft, NewId
from webapp.bedside.reading import Body, is_digits
from webapp.bundles.model import Form


def correction(form: Form, person: dict[str, Any], checks: list[dict[str, Any]], check: dict[str, Any], body: Body, now: str,
               new_id: NewId) -> Draft | None:
    """The newest version of this check as this tab would have it; None when the check that was saved says the same."""
    if _content(_told(form, person, check, body, now, new_id)) == _content(drafts.correction(form, person, check, now, new_id)):
        return None
    by_id = {one["id"]: one for one in checks}
    while check["superseded_by"] in by_id:
        check = by_id[check["superseded_by"]]
    return _told(form, person, check, body, now, new_id)


def same(one: Draft, other: Draft) -> bool:
    """Two drafts that say the same about the same check: a second tap is the same draft."""
    return one["supersedes"] == other["supersedes"] and _content(one) == _content(other)


def _told(form: Form, person: dict[str, Any], check: dict[str, Any], body: Body, now: str, new_id: NewId) -> Draft:
    draft = drafts.correction(form, person, check, now, new_id)
    _room(draft, form, body, new_id)
    told = drafts.apply(draft, form, body, now, new_id)
    told["common"]["performed_at"] = told["common"]["performed_at"] or check["performed_at"]  # empty = when it was saved
    return {**told, "reason": "", "tried": False}


def _room(draft: Draft, form: Form, body: Body, new_id: NewId) -> None:
    """As many cards as the tab has; the first ones are the saved check's, in order."""
    for path in (value for name, value in body if name == "f"):
        name, _, rest = path.partition(".")
        number = rest.partition(".")[0]
        while is_digits(number) and len(number) < 4 and len(draft["answers"].get(name) or []) <= int(number):
            had = len(draft["answers"].get(name) or [])
            add_card(draft, form, name, new_id)
            if len(draft["answers"].get(name) or []) == had:
                break


def _content(draft: Draft) -> list[Any]:
    return [draft["answers"], draft["raw"], draft["common"]]
