"""Our scripts and styles as they travel: without comments and room, with short names for what only a function sees."""

from __future__ import annotations

from pathlib import PurePath

ONLY_A_MODULE = "export {};\n"  # for whoever checks types; the minifier makes a bare "export" of it
KINDS = {".js": "application/javascript", ".css": "text/css"}


def slim(source: str, suffix: str) -> str:
    """The same program in fewer bytes. What a module exports and what others read of its objects keeps its name."""
    import minify  # here: its runtime has threads, which a process that forks afterwards would lose

    made: str = minify.string(KINDS[suffix], source.replace(ONLY_A_MODULE, ""))
    return made + "\n"


def is_ours(path: PurePath) -> bool:
    """A script or a style that this project writes; vendored ones travel as they came."""
    return path.suffix in KINDS and "vendor" not in path.parts
