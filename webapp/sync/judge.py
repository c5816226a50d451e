"""Judge a check again: on the history its author had, and on the fuller one the server has. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from webapp.bundles import history, rules
from webapp.sync.people import OSLO
from webapp.sync.submission import Submission, Unfit

LATE = timedelta(hours=72)
AHEAD = timedelta(minutes=5)
_HISTORY = ("facts", "last", "items", "past")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`evaluation.flags` = the server's: those of the same history, and what a fuller one adds."""

    evaluation: rules.Evaluation
    prior: dict[str, Any]
    notices: list[dict[str, Any]]
    mismatch: dict[str, Any] | None

    @property
    def flags(self) -> list[dict[str, Any]]:
        return [*self.evaluation.flags, *self.notices]


def day_of(sub: Submission) -> str:
    """The rules' today."""
    return sub.performed_at.astimezone(OSLO).date().isoformat()


def on_own_history(sub: Submission, prior: dict[str, Any], params: dict[str, Any]) -> rules.Evaluation:
    """On the history its author had. With one that was signed, this depends on nothing that can change."""
    return rules.evaluate(sub.form, sub.answers, sub.common, prior, day_of(sub), params)


def judge(
    sub: Submission, person: dict[str, Any], params: dict[str, Any], received_at: datetime, first: rules.Evaluation | None = None
) -> Judgement:
    """Raises Unfit when the answers do not hold by the rules they were given under. `first` = `on_own_history` if known."""
    corrects = str(sub.supersedes) if sub.supersedes else None
    own = history.prior(sub.form, person, sub.common["performed_at"], corrects)
    prior = own if sub.prior is None or sub.moved else sub.prior
    first = first or on_own_history(sub, prior, params)
    refuse_wrong(sub, first)
    flags = list(first.flags)
    if any(prior.get(part) != own[part] for part in _HISTORY):
        known = {(one["code"], one["subject"]) for one in flags}
        fuller = on_own_history(sub, own, params)
        flags += [one for one in fuller.flags if (one["code"], one["subject"]) not in known]
    return Judgement(
        evaluation=replace(first, flags=flags),
        prior=prior,
        notices=notices(sub, received_at),
        mismatch=mismatch(sub, first),
    )


def refuse_wrong(sub: Submission, found: rules.Evaluation) -> None:
    outcome = sub.common["outcome"]
    if outcome == "not_done":
        return
    if found.hard:
        raise Unfit("answers_invalid")
    if outcome == "done" and found.missing:
        raise Unfit("answers_missing")
    if outcome == "partly_done" and not found.answers:
        raise Unfit("answers_missing")


def mismatch(sub: Submission, found: rules.Evaluation) -> dict[str, Any] | None:
    """The device showed other flags than these rules give on the same history: a fault to look into."""
    if sub.device_flags is None or sub.moved:
        return None
    ours = sorted([one["code"], one["subject"]] for one in found.flags)
    theirs = sorted(sub.device_flags)
    return None if ours == theirs else {"check": str(sub.id), "device": theirs, "server": ours}


def notices(sub: Submission, received_at: datetime) -> list[dict[str, Any]]:
    """GEN-1 and GEN-2: what only the server can see about the time."""
    found = []
    if received_at - sub.performed_at > LATE:
        found.append(_notice("LATE_ENTRY", "GEN-1"))
    if sub.performed_at - received_at > AHEAD:
        found.append(_notice("CLOCK_AHEAD", "GEN-2"))
    return found


def _notice(code: str, rule: str) -> dict[str, Any]:
    return {"code": code, "severity": "info", "subject": "", "rule": rule, "list": [], "n": None, "inputs": []}
