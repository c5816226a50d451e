"""Where a name in an expression may come from: the form, the card, or the element of a quantifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from webapp.bundles.kinds import DATE, Type
from webapp.bundles.model import Bundle, Field, Form

CONTEXTS = ("planned_visit", "service_start", "after_hospital", "after_event", "by_phone", "other")
OUTCOMES = ("done", "partly_done", "not_done")
NOT_DONE_REASONS = ("declined", "not_home", "acute", "no_time", "not_relevant", "other")
ACTIONS = ("gp_contacted", "ooh_contacted", "emergency_113", "manager_informed", "kin_informed", "user_informed",
           "fixed_now", "planned", "none")
TRIGGERS = ("service_start", "discharge", "acute_illness", "fall", "weight_loss", "mobility_change", "new_device",
            "med_change", "new_catheter", "dizziness", "review_planned")
SEVERITIES = ("urgent", "high", "medium", "info")


@dataclass(frozen=True, slots=True)
class Frame:
    """Names that one element brings: a form's values, a card, an earlier record, a group member."""

    origin: tuple[str, ...]  # ("form",) ("item", identity) ("open", identity) ("earlier", identity) ("past", form) …
    depth: int
    names: dict[str, Type]
    items: Field | None = None  # the list behind an item, open or earlier element
    single: Type | None = None  # a group element is a plain value: `it`


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything an expression may name, and where it stands (rules, due, timed or prefill)."""

    bundle: Bundle
    form: Form
    stage: str
    frames: tuple[Frame, ...]
    find_form: Callable[[str], Form | None]
    fires: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        return max(2, max(frame.depth for frame in self.frames) + 1)

    def inside(self, frame: Frame) -> Scope:
        return replace(self, frames=(*self.frames, frame))

    def outside(self) -> Scope:
        return replace(self, frames=self.frames[:-1]) if len(self.frames) > 1 else self


def form_names(form: Form) -> dict[str, Type]:
    """Answers and derived values of a form. Lists and groups are sources, not values."""
    names = {one.name: one.value_type for one in form.answers if one.items is None}
    names.update({one.name: one.type for one in form.derived})
    return names


def item_names(listed: Field) -> dict[str, Type]:
    """Answers and derived values of one card."""
    assert listed.items is not None  # noqa: S101 - callers hold a list field
    names = {one.name: one.value_type for one in listed.items.fields}
    names.update({one.name: one.type for one in listed.items.derived})
    return names


def past_names(form: Form) -> dict[str, Type]:
    return {**form_names(form), "performed_on": DATE}


def form_scope(bundle: Bundle, form: Form, stage: str, find_form: Callable[[str], Form | None]) -> Scope:
    frame = Frame(("form",), 0, {} if stage in ("prefill", "facts") else form_names(form))
    return Scope(bundle, form, stage, (frame,), find_form)


def list_named(scope: Scope, name: str) -> Field | None:
    """A list by field name or identity: of this form, or of another form of the bundle."""
    for form in (scope.form, *scope.bundle.forms):
        for one in form.lists:
            if one.items is not None and name in (one.name, one.items.identity):
                return one
    return None


def list_of_identity(bundle: Bundle, identity: str) -> Field | None:
    """The first list of a bundle whose cards have this identity."""
    lists = (one for form in bundle.forms for one in form.lists)
    return next((one for one in lists if one.items is not None and one.items.identity == identity), None)
