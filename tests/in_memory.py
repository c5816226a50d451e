"""Where tests put their databases, profiles and clusters: in memory where there is enough of it. Nothing of theirs outlives the run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHM = Path("/dev/shm")
NEEDED = 4 << 30  # a whole run leaves about one
LEFT = 4 << 30  # for those who run
MEMINFO, CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup/memory.max")


def memory(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int:
    """Bytes that may be used: of what is available, what a container may have."""
    lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines()) if meminfo.exists() else {}
    available = int(lines.get("MemAvailable", "0 kB").split()[0]) << 10
    most = cgroup.read_text().strip() if cgroup.exists() else "max"
    return available if most == "max" else min(available, int(most))


def roomy(folder: Path = SHM, free: int | None = None) -> bool:
    """Whether a run's files fit there, beside the programs that make them."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    return shutil.disk_usage(folder).free >= NEEDED and (memory() if free is None else free) >= NEEDED + LEFT


@contextmanager
def temporary() -> Iterator[dict[str, str]]:
    """The environment for a run. A disk takes a third of a PostgreSQL test's time: hundreds of files for each database, and they are
    thrown away unread. On a disk as before where memory is short or TMPDIR says where."""
    if "TMPDIR" in os.environ or not roomy():
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="tryggrunde-tests-", dir=SHM, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL does not run as root
        yield {"TMPDIR": folder}
