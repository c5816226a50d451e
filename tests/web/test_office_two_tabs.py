"""Two tabs on one draft at an office PC: the second hears what became of its change."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.people import BERIT, SERVICE_USERS
from tests.web import office
from tests.web.sync.reading import all_of
from webapp.bedside import routes
from webapp.models import CheckRecord

ASTRID = SERVICE_USERS[0][0]


def other_tab_first(app: Flask, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, save: Any) -> None:
    """Another tab saves just before this step of the first one."""
    real, tabs = getattr(where, name), [sign_in(app.test_client(), BERIT)]

    def step(*given: Any, **named: Any) -> Any:
        while tabs:
            monkeypatch.setattr(where, name, real)
            save(tabs.pop())
        return real(*given, **named)

    monkeypatch.setattr(where, name, step)


@pytest.mark.parametrize(("mine", "code"), [("calm", 409), ("high", 200)], ids=["other content", "same content"])
def test_a_save_that_comes_second_says_that_the_other_version_is_saved(
    app: Flask, berit: FlaskClient, monkeypatch: pytest.MonkeyPatch, mine: str, code: int
) -> None:
    draft = office.start(berit, ASTRID)
    more: dict[str, Any] = {"actions": ["manager_informed"]}
    other_tab_first(app, monkeypatch, routes, "finish", lambda tab: office.save(tab, draft, {"level": "high"}, **more))
    answer = office.save(berit, draft, {"level": mine}, **more)
    assert answer.status_code == code
    assert ("En annen versjon av denne sjekken er allerede lagret. Endringen din er ikke lagret." in answer.text) == (code == 409)
    assert [one.answers["level"] for one in all_of(app, CheckRecord)] == ["high"]
