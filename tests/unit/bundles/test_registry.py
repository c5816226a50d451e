"""Which versions of a bundle are known, and which one is active."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.bundles.test_bad_files import GOOD, load
from webapp.bundles import BundleError
from webapp.bundles.bundle import HERE, Registry


def test_a_refused_file_leaves_the_registry_as_it_was(tmp_path: Path) -> None:
    registry = Registry()
    registry.load(*sorted(HERE.glob("*.toml")))
    before = [(one.id, one.version) for one in registry.all]
    (tmp_path / "proof.v1.toml").write_text(GOOD.replace("a = yes", "a = ja", 1), encoding="utf-8")
    with pytest.raises(BundleError):
        registry.load(tmp_path / "proof.v1.toml")
    assert [(one.id, one.version) for one in registry.all] == before


def test_the_same_version_twice_and_a_stolen_form_name_are_refused(tmp_path: Path) -> None:
    registry = load(tmp_path, GOOD)
    with pytest.raises(BundleError, match="loaded already"):
        registry.load(tmp_path / "proof.v1.toml")
    (tmp_path / "theft.v1.toml").write_text(GOOD.replace('id = "proof"', 'id = "theft"'), encoding="utf-8")
    with pytest.raises(BundleError, match="bundle proof has a form of that name"):
        registry.load(tmp_path / "theft.v1.toml")


def test_a_new_version_is_the_active_one_and_the_old_one_stays(tmp_path: Path) -> None:
    registry = load(tmp_path, GOOD)
    (tmp_path / "proof.v2.toml").write_text(GOOD.replace("version = 1", "version = 2", 1), encoding="utf-8")
    registry.load(tmp_path / "proof.v2.toml")
    assert registry.active == {"proof": 2}
    assert registry.form("proof_main").version == 2
    assert registry.form("proof_main", 1).version == 1
