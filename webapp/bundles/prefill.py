"""Answers a new draft starts with: slow facts of last time, and a card for every open item. Twin: sw/prefill.js."""

from __future__ import annotations

from typing import Any

from webapp.bundles import history
from webapp.bundles.answers import is_empty
from webapp.bundles.evaluate import Context
from webapp.bundles.kinds import Env
from webapp.bundles.model import Form, Items
from webapp.bundles.ops import open_items
from webapp.bundles.rules import context
from webapp.bundles.workdays import oslo_date

Values = dict[str, Any]


def start(form: Form, person: Values, performed_at: str, params: Values | None = None) -> Values:
    """Answers of a fresh draft for this person. Ids of new cards and of the check are the caller's."""
    wide = history.prior(form, person, performed_at, wide=True)
    found = prefill(form, wide, oslo_date(performed_at) or "", params)
    subject = waiting_subject(form, person)
    return {**found, form.per_subject: subject} if subject else found


def can_start(form: Form, person: Values, performed_at: str, params: Values | None = None) -> bool:
    """A form about one event needs an event to be about."""
    return not form.per_subject or form.per_subject in start(form, person, performed_at, params)


def waiting_subject(form: Form, person: Values) -> str:
    """A form that is done once per event: the one whose open flag has waited longest for it."""
    codes = {flag.code for other in form.siblings for flag in other.flags
             if flag.closed_by == (form.id, form.per_subject)}
    waiting = [(history.moment(one["opened_at"]), str(one["subject"])) for one in person.get("flags") or ()
               if one["code"] in codes]
    return min(waiting)[1] if waiting else ""


def prefill(form: Form, prior: Values, today: str = "", params: Values | None = None) -> Values:
    """As `start`, from `history.prior(…, wide=True)`."""
    c = context(form, {}, prior, today, params or {})
    c.triggers = prior.get("triggers") or {}
    env: Env = (c, None)
    before = c.last.get(form.id) or {}
    found: Values = {}
    for one in form.answers:
        if one.items is not None:
            cards = [card(one.items, record) for record in opened(one.items, c)]
            if cards:
                found[one.name] = cards
            continue
        value = None
        if one.prefill_from is not None:
            value = one.prefill_from.value(env)
        elif one.prefill:
            value = before.get(one.name)
        if not is_empty(value):
            found[one.name] = value
    return found


def opened(items: Items, c: Context) -> list[Values]:
    return open_items(c.items.get(items.identity), items.state, items.final)


def card(items: Items, record: Values) -> Values:
    """A card for an open item: its key and its slow facts."""
    found: Values = {items.key: record["_key"]}
    for one in items.fields:
        value = record.get(one.name)
        if one.prefill and not is_empty(value):
            found[one.name] = value
    return found
