"""A person's cards (wounds, discrepancies) as conditions read them: each with what was said of it before. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from webapp.bundles import history
from webapp.bundles.model import Form

Values = dict[str, Any]
Records = dict[str, dict[str, list[Values]]]  # identity -> key -> what was said of it, oldest first


def forms_of(forms: Collection[Form]) -> dict[str, Form]:
    """The forms that hold cards, of the bundles these forms are of: a card is followed from one form to another."""
    return {other.id: other for form in forms for other in form.siblings if other.lists}


class Cards:
    """Of everybody but few: whose checks hold no cards has none."""

    def __init__(self, checks: list[Values], forms: dict[str, Form]) -> None:
        self.of: dict[str, dict[str, list[Values]]] = {}  # check -> list -> its cards
        self.said: list[tuple[str, str, str, Values]] = []  # day, identity, key, what was said of it
        some = [one for one in checks if one["form"] in forms
                and any((one["answers"] or {}).get(it.name) for it in forms[one["form"]].lists)]  # fmt: skip
        known: Records = {}
        for check in sorted((one for name in forms for one in history.valid({"checks": some}, name)), key=history.order_key):
            self.read(check, forms[check["form"]], known)

    def read(self, check: Values, form: Form, known: Records) -> None:
        derived, day = check["derived"] or {}, history.day_of(check)
        for one in form.lists:
            if (items := one.items) is None:
                continue
            for card in (check["answers"] or {}).get(one.name) or ():
                key = str(card.get(items.key))
                earlier = known.setdefault(items.identity, {}).setdefault(key, [])
                record = {**card, **((derived.get(one.name) or {}).get(key) or {}), "_on": day, "_check": check["id"]}
                element = {**record, "_key": key, "_earlier": list(earlier), "_prior": earlier[-1] if earlier else None,
                           "_first": earlier[0]["_on"] if earlier else day}  # fmt: skip
                self.of.setdefault(check["id"], {}).setdefault(one.name, []).append(element)
                self.said.append((day, items.identity, key, record))
                earlier.append(record)

    def by(self, day: str) -> Records:
        """What was said of every card until and with that day."""
        found: Records = {}
        for said, identity, key, record in self.said:
            if said <= day:
                found.setdefault(identity, {}).setdefault(key, []).append(record)
        return found
