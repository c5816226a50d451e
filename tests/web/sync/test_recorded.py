"""What devices of every release sealed is taken in by the server of today, and is read as it was then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import make_app
from tests.fixtures.databases import Template
from tests.web.sync import photos, recorded
from webapp.sync import crypto, envelope

RELEASES = sorted(recorded.CASES.glob("recorded-*.json"))


@pytest.fixture
def then(sqlite_db: Template, tmp_path: Path) -> Iterator[Flask]:
    """Another server, as it was when something was recorded."""
    folder = tmp_path / "then"
    folder.mkdir()
    yield from make_app(sqlite_db, folder)


def replay(app: Flask, told: dict[str, Any]) -> None:
    """Twice, as a device does that never heard the first answer."""
    tablet = recorded.move_in(app, told)
    sealed = [crypto.unb64(one) for one in told["envelopes"]]
    pictures = [crypto.unb64(one) for one in [told.get("photo")] if one]
    for verdict in ("accepted", "duplicate"):
        assert [one["verdict"] for one in tablet.verdicts(sealed)] == [verdict] * len(sealed)
        for picture in pictures:
            assert photos.send(tablet.http, photos.Sealed(envelope.read_header(picture).id, picture))["verdict"] == verdict
    assert recorded.became(app) == told["became"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_what_a_release_sealed_is_taken_in_today_and_means_the_same(app: Flask, release: Path) -> None:
    replay(app, json.loads(release.read_text("utf-8")))


def test_every_version_of_an_envelope_is_among_them() -> None:
    told = [json.loads(release.read_text("utf-8")) for release in RELEASES]
    headers = [envelope.read_header(crypto.unb64(one)) for it in told for one in (*it["envelopes"], it.get("photo")) if one]
    found = {(header.version, header.kind) for header in headers}
    wanted = {(version, envelope.CHECK) for version in envelope.SIGNED} | {(envelope.V1, envelope.VIEW), (envelope.V1, envelope.PHOTO)}
    assert found == wanted


def test_a_recording_made_today_is_replayed(app: Flask, then: Flask) -> None:
    replay(app, json.loads(json.dumps(recorded.record(then))))
