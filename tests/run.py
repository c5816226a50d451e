"""`make test`: install what is missing, then lint, types and tests. The last line says what ran."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)  # not this folder: it has a html.py
from tests import in_memory  # noqa: E402
from tests.engines.browsers import ENGINES  # noqa: E402
from tests.engines.browsers import missing as missing_engines  # noqa: E402

BIN = Path(sys.executable).parent
TYPES = ROOT / "tests" / "js"
FAULTS, FAULT_SEED = "200", "247"
WORKERS = max(3, min(4, os.cpu_count() or 3))  # most tests wait for a browser or a database now and then


def missing_packages() -> list[str]:
    """Debian packages that tests need and this machine lacks."""
    wanted = []
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium")):
        wanted.append("chromium")
    if not shutil.which("initdb") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        wanted.append("postgresql")
    if not Path("/usr/share/fonts/truetype/dejavu").exists():
        wanted.append("fonts-dejavu-core")
    return wanted


def prepare(missing: Callable[[], list[str]] = missing_packages) -> None:
    """Install them when we may, else one sentence."""
    wanted = missing()
    if not wanted:
        return
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(wanted)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Tests need {', '.join(wanted)}. As root, run: {command}")
    print(f"Installing {', '.join(wanted)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode or missing():
        sys.exit(f"{', '.join(wanted)} could not be installed: {done.stderr.strip()[-400:]}\nAs root, run: {command}")


def lighten() -> None:
    """The windowless Chromium too, where the system has one: most browser tests take less of the machine with it (tests/conftest.py)."""
    light = "chromium-headless-shell"
    if os.environ.get("CHROMIUM") or shutil.which(light) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    if subprocess.run(["apt-cache", "show", light], capture_output=True, check=False).returncode == 0:
        print(f"Installing {light} …", flush=True)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", light], capture_output=True, check=False)


def step(name: str, command: list[str | Path], folder: Path = ROOT, more: Mapping[str, str] | None = None) -> None:
    """Run one step, with `more` in its environment; stop at the first that fails."""
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    code = subprocess.run(command, cwd=folder, env={**os.environ, **(more or {})}, check=False).returncode
    if code:
        sys.exit(f"{name} failed (exit {code}). Nothing after it was run.")
    print(f"   {name}: {time.monotonic() - begun:.0f} s", flush=True)


def javascript_types() -> str:
    """Check the JavaScript's types from its JSDoc where Node is there."""
    if not shutil.which("npm"):
        return "JavaScript types not checked (no Node here)"
    if not (TYPES / "node_modules" / "typescript").exists():
        step("typescript", ["npm", "ci", "--silent", "--no-audit", "--no-fund"], TYPES)
    step("JavaScript types", [TYPES / "node_modules" / ".bin" / "tsc", "-p", TYPES / "jsconfig.json"])
    return "JavaScript types"


def engines_said() -> str:
    """In which other engines the journey was run, and in which it was not: never left out in silence."""
    here = [one.title for one in ENGINES.values() if one.installed()]
    gone = [one.title for one in ENGINES.values() if not one.installed()]
    said = f", and one whole journey in {' and '.join(here)}" if here else ""
    return said + (f". NOT RUN in {' and in '.join(gone)}: not installed (make test-engines installs and runs)" if gone else "")


def other_engines() -> None:
    """`make test-engines`: install what is missing, and run the whole journey and the quick fault set in each."""
    prepare(missing_engines)
    step("journey in every other engine", [sys.executable, "-m", "pytest", "tests/engines"])
    for name, one in ENGINES.items():
        step(f"quick fault set in {one.title}", [sys.executable, "-m", "tests.faults", FAULTS, FAULT_SEED, name, "sqlite"])
    print(f"Ran: one whole journey and {FAULTS} fault schedules in {' and '.join(one.title for one in ENGINES.values())}.")


def main() -> None:
    """Everything, in the order in which mistakes are cheapest to find."""
    prepare()
    lighten()
    if "--prepare" in sys.argv:
        return
    if "--engines" in sys.argv:
        other_engines()
        return
    step("lint", [BIN / "ruff", "check", "."])
    step("types", [BIN / "mypy"])
    scripts = javascript_types()
    with in_memory.temporary() as place:
        step("tests", [sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal", *sys.argv[1:]], more=place)
    print(
        f"Ran: lint, Python types, {scripts}, unit, web, contract and browser tests on SQLite and PostgreSQL in Chromium, "
        "and the quick fault set (152 schedules on SQLite, 48 on PostgreSQL; longer runs: make faults)"
        f"{engines_said()}."
    )


if __name__ == "__main__":
    main()
