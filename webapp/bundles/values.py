"""Names of the condition language: answers, history, facts and the special words."""

from __future__ import annotations

from webapp.bundles.kinds import BOOL, DATE, INT, Expr, Type
from webapp.bundles.language import Node, SyntaxProblem
from webapp.bundles.scope import ACTIONS, CONTEXTS, NOT_DONE_REASONS, OUTCOMES, Frame, Scope, form_names

FACTS = {"fall_group": BOOL, "end_of_life": BOOL, "age": INT}
ITEM_KINDS = ("item", "open")


def number(text: str, at: int) -> Expr:
    """A literal: whole, or with exactly one decimal (kept as tenths)."""
    if "." not in text:
        return Expr("const", (int(text),), INT)
    whole, part = text.split(".")
    if len(part) != 1:
        raise SyntaxProblem("numbers have at most one decimal", at)
    return Expr("const", (int(whole) * 10 + int(part),), Type("decimal"))


def commons(scope: Scope) -> dict[str, Type]:
    """Fields every check has."""
    actions = (*ACTIONS, *scope.form.extra_actions)
    return {"outcome": Type("choice", OUTCOMES), "context": Type("choice", CONTEXTS), "actions": Type("set", actions),
            "not_done_reason": Type("choice", NOT_DONE_REASONS), "performed_on": DATE}


def in_frame(frame: Frame, name: str) -> Expr | None:
    """A name that this element brings, if it does."""
    if frame.single is not None:
        return Expr("element", (frame.depth,), frame.single) if name == "it" else None
    key = {"performed_on": "_on", "opened_on": "_first"}.get(name, name)
    if name in frame.names:
        return Expr("get", (frame.depth, key, frame.origin), frame.names[name])
    if frame.items is not None and frame.origin[0] in ITEM_KINDS:
        if name == "opened_on":
            return Expr("get", (frame.depth, "_first", frame.origin), DATE)
        if name == "known":
            return Expr("known", (frame.depth,), BOOL) if frame.origin[0] == "item" else Expr("const", (True,), BOOL)
    return None


def name(text: str, scope: Scope, at: int) -> Expr:
    """What a bare name means here, from the inside out."""
    for frame in reversed(scope.frames):
        found = in_frame(frame, text)
        if found is not None:
            return found
    if text == "today":
        return Expr("today", (), DATE)
    if text in FACTS:
        return Expr("fact", (text,), FACTS[text])
    common = commons(scope)
    if text in common and scope.stage not in ("prefill", "facts"):
        if text == "performed_on" and scope.stage == "rules":
            raise SyntaxProblem("the day of this check is `today`", at)
        return Expr("common", (text,), common[text])
    raise SyntaxProblem(f"unknown name {text!r}", at)


def of(node: Node, scope: Scope) -> Expr:
    """last.x, last(form).x, prior.x and this.x."""
    base, form_id, text = node.args
    if base == "this":
        if len(scope.frames) < 2:
            raise SyntaxProblem("`this` is only known inside any, all and count", node.at)
        return name(text, scope.outside(), node.at)
    if base == "prior":
        return prior(text, scope, node.at)
    if form_id is None and scope.stage in ("due", "timed"):
        raise SyntaxProblem(f"write {text!r}: in due rules names are those of the latest check", node.at)
    form = scope.form if form_id is None else scope.find_form(str(form_id))
    if form is None:
        raise SyntaxProblem(f"unknown form {form_id!r}", node.at)
    known = {**form_names(form), "performed_on": DATE, "actions": commons(scope)["actions"],
             "outcome": Type("choice", OUTCOMES)}
    if text not in known:
        raise SyntaxProblem(f"form {form.id} has no {text!r}", node.at)
    key = {"performed_on": "_on", "actions": "_actions", "outcome": "_outcome"}.get(text, text)
    return Expr("last", (form.id, key), known[text])


def prior(text: str, scope: Scope, at: int) -> Expr:
    """A value of the latest earlier record of this card."""
    frame = next((one for one in reversed(scope.frames) if one.origin[0] == "item"), None)
    if frame is None:
        raise SyntaxProblem("`prior` is only known on a card of a list", at)
    known = {**frame.names, "performed_on": DATE}
    if text not in known:
        raise SyntaxProblem(f"the card has no {text!r}", at)
    return Expr("prior", (frame.depth, "_on" if text == "performed_on" else text, frame.origin[1]), known[text])
