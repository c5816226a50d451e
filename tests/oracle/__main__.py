"""``python -m tests.oracle FILE``: prints ``N passed, M failed``; exits with 1 when a case fails."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.oracle.run import run


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Say which file: make oracle CASES=FILE")
        return 2
    try:
        outcome = run(Path(arguments[0]))
    except OSError as trouble:
        print(f"The file cannot be read: {trouble}")
        return 2
    except (ValueError, KeyError, TypeError) as trouble:
        print(f"This is not a file of reference cases: {trouble!r}")
        return 2
    for title, told in (("Otherwise on purpose", outcome.apart), ("Failed", outcome.failed)):
        if told:
            print(f"{title}:", *told, sep="\n  ")
    print(outcome.line)
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
