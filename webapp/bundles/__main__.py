"""`python -m webapp.bundles [file …]`: check bundle files (the shipped ones, and those named) and say what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from webapp.bundles.bundle import HERE, Registry
from webapp.bundles.kinds import BundleError


def main(names: list[str]) -> int:
    try:
        loaded = Registry().load(*sorted(HERE.glob("*.toml")), *(Path(name) for name in names))
    except BundleError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for bundle in loaded:
        forms = ", ".join(f"{form.id} ({len(form.fields)} fields, {len(form.flags)} flags, {len(form.due)} due)"
                          for form in bundle.forms)
        sys.stdout.write(f"{bundle.id} {bundle.version}: {forms}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
