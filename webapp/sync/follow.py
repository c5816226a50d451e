"""What an accepted check does to a person's open flags and dated triggers, in the database and in the person read from it."""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, delete, insert, tuple_, update
from sqlalchemy.orm import Session

from webapp.bundles import openflags
from webapp.models import Flag, FlagClosing, FlagRaise, Trigger
from webapp.sync.judge import Judgement
from webapp.sync.people import Person, oslo
from webapp.sync.submission import Submission

OUTCOME_MAX = 20
_FLAGS = cast(Table, Flag.__table__)


class Follow:
    """The rows of one batch: gathered check by check, written together."""

    def __init__(self) -> None:
        self.flags: dict[str, dict[str, Any]] = {}
        self.raises: list[dict[str, Any]] = []
        self.closings: list[dict[str, Any]] = []
        self.updates: dict[str, dict[str, Any]] = {}
        self.triggers: list[dict[str, Any]] = []
        self.undone: set[tuple[UUID, UUID]] = set()

    def check(self, sub: Submission, judged: Judgement, person: Person, received_at: datetime, newest: bool) -> None:
        """Open, add to and close flags; emit triggers. `newest` = no later check of the form is known."""
        at = min(sub.order, received_at)
        corrects = str(sub.supersedes) if sub.supersedes else None
        change = openflags.apply(sub.form, person["flags"], judged.evaluation, sub.common["actions"], corrects)
        for raised in change.new:
            self._open(sub, raised, person, at)
        for flag, raised in change.added:
            self._again(flag, {"list": raised["list"], "n": raised["n"], "inputs": raised["inputs"], "not_found_last": False})
            self.raises.append({"flag_id": UUID(flag["id"]), "check_id": sub.id, "at": at})
        for flag in change.not_found if newest else ():
            self._again(flag, {"not_found_last": True})
        for flag, why in change.closed:
            self._close(sub, flag, why, person, received_at)
        self._emit(sub, judged, person)

    def _open(self, sub: Submission, raised: dict[str, Any], person: Person, at: datetime) -> None:
        ident = uuid4()
        row = {
            "id": ident, "patient_id": sub.patient_id, "unit_id": UUID(person["unit"]), "code": raised["code"],
            "severity": raised["severity"], "subject": raised["subject"], "bundle_id": sub.bundle.id,
            "bundle_version": sub.bundle.version, "form": sub.form.id, "rule": raised["rule"], "opened_at": at,
            "check_id": sub.id, "list": raised["list"], "n": raised["n"], "inputs": raised["inputs"],
            "not_found_last": False,
        }  # fmt: skip
        self.flags[str(ident)] = row
        self.raises.append({"flag_id": ident, "check_id": sub.id, "at": at})
        person["flags"].append(
            {
                "id": str(ident), "code": row["code"], "severity": row["severity"], "subject": row["subject"],
                "bundle": sub.bundle.id, "version": sub.bundle.version, "form": sub.form.id, "rule": row["rule"],
                "opened_at": oslo(at), "check_id": str(sub.id), "list": row["list"], "n": row["n"],
                "inputs": row["inputs"], "owner": None, "due_on": None, "not_found_last": False,
            }
        )  # fmt: skip

    def _again(self, flag: dict[str, Any], news: dict[str, Any]) -> None:
        flag.update(news)
        fresh = self.flags.get(flag["id"])
        (fresh if fresh is not None else self.updates.setdefault(flag["id"], {})).update(news)

    def _close(self, sub: Submission, flag: dict[str, Any], why: str, person: Person, at: datetime) -> None:
        self._again(flag, {"closed_at": at})
        person["flags"] = [one for one in person["flags"] if one["id"] != flag["id"]]
        self.closings.append(
            {
                "id": uuid4(), "flag_id": UUID(flag["id"]), "outcome": why[:OUTCOME_MAX], "reason": "",
                "by": sub.author.id, "check_id": sub.id, "at": at,
            }
        )  # fmt: skip

    def _emit(self, sub: Submission, judged: Judgement, person: Person) -> None:
        if sub.supersedes:
            corrected = sub.supersedes, sub.patient_id  # a record about somebody else corrects nothing
            self.undone.add(corrected)
            self.triggers = [one for one in self.triggers if (one["source_check_id"], one["patient_id"]) != corrected]
            person["triggers"] = [one for one in person["triggers"] if one.get("check_id") != str(sub.supersedes)]
        for one in judged.evaluation.triggers:
            row = {
                "id": uuid4(), "patient_id": sub.patient_id, "type": one["type"][:40], "on": date.fromisoformat(one["on"]),
                "source_check_id": sub.id, "entered_by": None,
            }  # fmt: skip
            self.triggers.append(row)
            person["triggers"].append({"id": str(row["id"]), "check_id": str(sub.id), "type": row["type"], "on": one["on"]})

    def write(self, session: Session) -> None:
        """A few statements for the whole batch."""
        if self.flags:
            rows = [{"closed_at": None, **row} for row in self.flags.values()]
            session.execute(insert(Flag), rows)
        for names, rows in _alike(self.updates).items():
            still_open = update(_FLAGS).where(_FLAGS.c.id == bindparam("this"), _FLAGS.c.closed_at.is_(None))
            session.connection().execute(still_open.values({name: bindparam(f"new_{name}") for name in names}), rows)
        if self.raises:
            session.execute(insert(FlagRaise), self.raises)
        if self.closings:
            session.execute(insert(FlagClosing), self.closings)
        if self.undone:
            of = tuple_(Trigger.source_check_id, Trigger.patient_id)
            session.execute(delete(Trigger).where(of.in_(sorted(self.undone))))
        if self.triggers:
            session.execute(insert(Trigger), self.triggers)


def _alike(updates: dict[str, dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """By which columns change, so that one statement serves many flags."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for ident, news in updates.items():
        row = {"this": UUID(ident), **{f"new_{name}": value for name, value in news.items()}}
        found.setdefault(tuple(sorted(news)), []).append(row)
    return found
