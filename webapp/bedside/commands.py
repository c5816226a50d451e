"""What the form's small buttons do to a draft. Twin: sw/commands.js."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.bedside.places import place_of
from webapp.bedside.reading import is_digits
from webapp.bundles.answers import fault
from webapp.bundles.model import Form

MOST_CARDS = 40


def command(draft: dict[str, Any], form: Form, do: str, new_id: Callable[[], str]) -> None:
    """add:<list> · remove:<list>:<n> · all_ok:<group> · now:<field> · confirm · warned:<path> ·
    photo:<path>:<hash> · unphoto:<path>:<hash>; anything else does nothing."""
    verb, _, rest = do.partition(":")
    if verb == "add":
        add_card(draft, form, rest, new_id)
    elif verb == "remove":
        remove_card(draft, form, rest)
    elif verb == "all_ok":
        all_in_place(draft, form, rest)
    elif verb == "now":
        happened_now(draft, form, rest)
    elif verb in ("photo", "unphoto"):
        photo(draft, form, rest, wanted=verb == "photo")
    elif verb == "confirm":
        draft["confirmed"] = list(draft["prefilled"])
    elif verb == "warned" and rest and rest not in draft["warned"] and len(draft["warned"]) < 100:
        draft["warned"] = [*draft["warned"], rest[:80]]


def add_card(draft: dict[str, Any], form: Form, name: str, new_id: Callable[[], str]) -> None:
    field = form.field(name)
    if field is None or field.items is None:
        return
    items = list(draft["answers"].get(name) or [])
    if len(items) >= min(field.items.max_items or MOST_CARDS, MOST_CARDS):
        return
    card: dict[str, Any] = {field.items.key: new_id()}
    if field.items.fresh:
        card[field.items.state] = field.items.fresh
    draft["answers"][name] = [*items, card]


def remove_card(draft: dict[str, Any], form: Form, rest: str) -> None:
    name, _, number = rest.partition(":")
    field = form.field(name)
    items = list(draft["answers"].get(name) or [])
    if field is None or field.items is None or not is_digits(number) or len(number) > 3:
        return
    if int(number) >= len(items):
        return
    del items[int(number)]
    draft["answers"][name] = items
    if not items:
        del draft["answers"][name]
    draft["raw"] = {path: raw for path, raw in draft["raw"].items() if not path.startswith(name + ".")}


def all_in_place(draft: dict[str, Any], form: Form, name: str) -> None:
    field = form.field(name)
    if field is None or field.type != "group" or not field.all_ok:
        return
    for member in field.members:
        draft["answers"][member.name] = field.all_ok
    if name not in draft["all_ok"]:
        draft["all_ok"] = [*draft["all_ok"], name]


def happened_now(draft: dict[str, Any], form: Form, name: str) -> None:
    """The minute of this tap, for what just happened or was just found."""
    field = form.field(name)
    if field is None or field.type != "datetime":
        return
    draft["answers"][name] = draft["updated_at"][:16] + ":00" + draft["updated_at"][-6:]
    draft["raw"].pop(name, None)


def photo(draft: dict[str, Any], form: Form, rest: str, *, wanted: bool) -> None:
    """One photo more or less, by its hash; never more than the field takes."""
    path, _, name = rest.partition(":")
    found = place_of(draft, form, path)
    if found is None or found[0].type != "photos":
        return
    field, answers = found
    kept = [one for one in answers.get(field.name) or [] if one != name]
    if wanted:
        kept.append(name)
    if fault(field, kept):
        return
    if kept:
        answers[field.name] = kept
    else:
        answers.pop(field.name, None)
