"""The shell's files in one: what a first load has not fetched for its own page comes in a single answer and compresses together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

from webapp.device.compiler import as_json

URL = "/shell.pack"
LATER = "/shell.later.pack"
# What the log-in and enrolment pages load before there is a worker: the browser has these already, one by one.
PAGE = ("/static/js/app.js", "/static/js/enrol.js")
ALONE = re.compile(r"\.css$|\.svg$|htmx|kdf_worker")  # the last must keep the content policy it is served with
IMPORT = re.compile(r"""(?:^|[\s;}])(?:import|export)\s*(?:[\w*{}\s,$]+?\sfrom\s*)?["']([./][^"']+)["']""")


def imported(url: str, source: str) -> set[str]:
    """The modules a module needs at once; what it may import later is not among them."""
    return {normpath(join(dirname(url), name)) for name in IMPORT.findall(source)}


def with_page(sources: Mapping[str, str]) -> set[str]:
    """URLs that come with the first pages: their styles, pictures and scripts, with everything those import."""
    found = {url for url in sources if ALONE.search(url)}
    ahead = list(PAGE)
    while ahead:
        url = ahead.pop()
        if url in sources and url not in found:
            found.add(url)
            ahead += imported(url, sources[url])
    return found


def pack(version: str, sources: Mapping[str, str], types: Mapping[str, str]) -> str:
    """{version, files: {url: [type, text]}} of all the others."""
    alone = with_page(sources)
    return whole(version, {url: [types[url], sources[url]] for url in sorted(sources) if url not in alone})


def whole(version: str, files: Mapping[str, list[str]]) -> str:
    """The answer itself."""
    return as_json({"version": version, "files": files}) + "\n"
