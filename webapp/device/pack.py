"""The shell's files in one: what a first load has not fetched for its own page comes in a single answer and compresses together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

URL = "/shell.pack"
LATER = "/shell.later.pack"
WORKER = "/worker.js"
END = "\0"
# What the log-in and enrolment pages and the worker itself have loaded before it fills its cache: the browser has these already.
PAGE = ("/static/js/app.js", "/static/js/enrol.js", WORKER)
ALONE = re.compile(r"\.css$|\.svg$|kdf_worker")  # the last must keep the content policy it is served with
IMPORT = re.compile(r"""(?:^|[\s;}])(?:import|export)\s*(?:[\w*{}\s,$]+?\bfrom\s*)?["']([./][^"']+)["']""")


def imported(url: str, source: str) -> set[str]:
    """The modules a module needs at once; what it may import later is not among them."""
    return {normpath(join(dirname(url), name)) for name in IMPORT.findall(source)}


def with_page(sources: Mapping[str, str]) -> set[str]:
    """URLs that come before the pack: the first pages' styles, pictures and scripts, the worker's, with everything those import."""
    found = {url for url in sources if ALONE.search(url)}
    ahead = list(PAGE)
    while ahead:
        url = ahead.pop()
        if url in sources and url not in found:
            found.add(url)
            ahead += imported(url, sources[url])
    return found - {WORKER}


def pack(version: str, files: Mapping[str, tuple[str, str]]) -> str:
    """The version, then url, type and text of each, with NUL between: as text, because JSON's escapes cost a first load a kilobyte.

    Raises ValueError when a text holds a NUL. The worker of a shell from before reads this too: it is what fetches a new one.
    """
    parts = [version, *(part for url, (kind, text) in files.items() for part in (url, kind, text))]
    if any(END in part for part in parts):
        raise ValueError("a file of the shell holds a NUL")
    return END.join(parts)


def unpack(packed: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """What `pack` was given. Twin of `unpack` in sw/worker.js."""
    version, *parts = packed.split(END)
    return version, {url: (kind, text) for url, kind, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)}
