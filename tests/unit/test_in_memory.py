"""Tests write to memory where there is enough of it, and nowhere else than they were told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import in_memory
from tests.in_memory import LEFT, NEEDED, memory, roomy, temporary


def test_memory_is_what_is_available_and_allowed(tmp_path: Path) -> None:
    meminfo, cgroup = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text("MemTotal:       24000000 kB\nMemAvailable:   20000000 kB\n")
    assert memory(meminfo, cgroup) == 20_000_000 << 10
    cgroup.write_text("max\n")
    assert memory(meminfo, cgroup) == 20_000_000 << 10
    cgroup.write_text(f"{2 << 30}\n")
    assert memory(meminfo, cgroup) == 2 << 30
    assert memory(tmp_path / "none", cgroup) == 0


def test_a_folder_that_is_small_or_missing_or_a_machine_without_room_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_memory, "NEEDED", 1)
    assert roomy(tmp_path, LEFT + 1)
    assert not roomy(tmp_path, LEFT)
    assert not roomy(tmp_path / "none", LEFT + 1)
    monkeypatch.setattr(in_memory, "NEEDED", 1 << 60)
    assert not roomy(tmp_path, 1 << 62)
    assert NEEDED == 4 << 30


def test_a_run_goes_where_it_was_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with temporary() as more:
        assert more == {}
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(in_memory, "SHM", tmp_path)
    monkeypatch.setattr(in_memory, "roomy", lambda: True)
    with temporary() as more:
        folder = Path(more["TMPDIR"])
        (folder / "a database").write_bytes(b"x")
        assert folder.parent == tmp_path
        assert os.stat(folder).st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(in_memory, "roomy", lambda: False)
    with temporary() as more:
        assert more == {}
