"""A person at an office PC: fills in bedside forms through Flask, as a browser without an enrolled device does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import ref

FORM = "prove_sjekk"
HTMX = {"HX-Request": "true"}


def start(client: FlaskClient, name: str, form: str = FORM) -> str:
    """Begin a check; its id."""
    answer = client.post(f"/round/people/{ref(name)}/checks", data={"check": form})
    assert answer.status_code == 200, answer.text
    return answer.headers["HX-Push-Url"].rpartition("/")[2]


def body(answers: dict[str, Any], **common: Any) -> dict[str, Any]:
    """What the form sends for these answers; `common` without its prefix, `reason` as it is."""
    said: dict[str, Any] = {f"a.{name}": value for name, value in answers.items()}
    said |= {name if name == "reason" else f"common.{name}": value for name, value in common.items()}
    said["f"] = [*answers, *(name if name == "reason" else f"common.{name}" for name in common)]
    return said


def save(client: FlaskClient, check_id: str, answers: dict[str, Any], **common: Any) -> TestResponse:
    """"Lagre" with these answers in the form."""
    return client.post(f"/round/checks/{check_id}", data=body(answers, **common))


def record(client: FlaskClient, name: str, level: str = "calm", **more: Any) -> UUID:
    """A whole finished check about this person."""
    check_id = start(client, name)
    if level != "calm":
        more = {"actions": ["manager_informed"]} | more
    answers = {"level": level, **more.pop("answers", {})}
    answer = save(client, check_id, answers, **more)
    assert answer.status_code == 200, answer.text
    return UUID(check_id)


def correct(client: FlaskClient, check_id: UUID, level: str, reason: str) -> UUID:
    """A correction of a finished check."""
    begun = client.post(f"/round/checks/{check_id}/correction")
    assert begun.status_code == 200, begun.text
    new = begun.headers["HX-Push-Url"].rpartition("/")[2]
    answer = save(client, new, {"level": level}, reason=reason)
    assert answer.status_code == 200, answer.text
    return UUID(new)
