"""The condition language: one defined meaning, the same in Python and in the browser."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.contract.casework import CASES, job_of, run
from tests.contract.conftest import Device
from webapp.bundles import workdays
from webapp.bundles.bundle import Registry

LANGUAGE = json.loads((CASES / "language.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """The test bundle with every case as a derived value."""
    text = (CASES / "language" / "proof.v1.toml").read_text(encoding="utf-8")
    derived = "\n".join(f'[[form.derived]]\nname = "case_{n}"\ntype = "{one["type"]}"\notherwise = """{one["expr"]}"""\n'
                        for n, one in enumerate(LANGUAGE["cases"]))
    path = tmp_path_factory.mktemp("proof") / "proof.v1.toml"
    path.write_text(text.replace("# DERIVED", derived), encoding="utf-8")
    registry = Registry()
    registry.load(path)
    return registry


def job(case: dict[str, Any], registry: Registry) -> dict[str, Any]:
    person = {"checks": case.get("checks", []), "facts": case.get("facts", {})}
    return job_of({"form": "proof_main", "today": LANGUAGE["today"], "answers": case["answers"], "person": person,
                   "common": case.get("common", {}), "params": case.get("params", {}), "expect": {}}, registry)


@pytest.mark.parametrize("n", range(len(LANGUAGE["cases"])), ids=[one["name"] for one in LANGUAGE["cases"]])
def test_an_expression_means_what_the_document_says(n: int, proof: Registry) -> None:
    case = LANGUAGE["cases"][n]
    result = run(job(case, proof), proof)
    assert result["derived"].get(f"case_{n}") == case["expect"]


def test_the_device_gives_every_expression_the_same_value(proof: Registry, device: Device) -> None:
    jobs = [job(case, proof) for case in LANGUAGE["cases"]]
    results = device.run(proof, jobs)
    wrong = [(case["name"], theirs["derived"].get(f"case_{n}")) for n, (case, theirs) in
             enumerate(zip(LANGUAGE["cases"], results, strict=True)) if theirs["derived"].get(f"case_{n}") != case["expect"]]
    assert wrong == []
    assert results == [run(one, proof) for one in jobs]


def test_both_sides_know_the_same_working_days_from_2020_to_2045(device: Device) -> None:
    first, days = (date(2020, 1, 1).toordinal() - workdays.EPOCH), 9500
    ours = [n for n in range(first, first + days) if workdays.is_workday(n)]
    assert device.call("workdaysBetween", first, days) == ours


def test_norwegian_holidays_of_2026_and_2027() -> None:
    named = {2026: "01-01 04-02 04-03 04-06 05-01 05-14 05-17 05-25 12-25 12-26",
             2027: "01-01 03-25 03-26 03-29 05-01 05-06 05-17 05-17 12-25 12-26"}
    for year, days in named.items():
        expected = {date.fromisoformat(f"{year}-{one}").toordinal() - workdays.EPOCH for one in days.split()}
        assert workdays.holidays(year) == expected


def test_oslo_offset_agrees_with_the_time_zone_database() -> None:
    moment = datetime(2019, 12, 31, 23, 0, tzinfo=UTC)
    while moment.year < 2038:
        offset = moment.astimezone(ZoneInfo("Europe/Oslo")).utcoffset()
        assert workdays.oslo_offset(int(moment.timestamp() * 1000)) * 60 == (offset or timedelta()).total_seconds(), moment
        moment += timedelta(hours=7)

