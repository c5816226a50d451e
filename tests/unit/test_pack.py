"""The shell's files in one answer: nothing missing, nothing twice, nothing that must come with headers of its own."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from webapp.device import pack, shell

SHELL = shell.build()
FILES = json.loads(SHELL.pack.content)["files"]


def test_every_file_of_the_shell_is_in_the_pack_or_came_with_the_first_pages() -> None:
    sources = {url: one.content.decode() for url, one in SHELL.assets.items()}
    alone = pack.with_page(sources)
    assert alone | set(FILES) == set(SHELL.assets)
    assert not alone & set(FILES)
    assert {"/static/vendor/htmx-4.0.1.min.js", "/static/js/enrol.js", "/sw/vault.js", "/sw/store.js"} <= alone
    assert {"/sw/device.js", "/sw/rules.js", *SHELL.modules["bundles"].values()} <= set(FILES)  # type: ignore[attr-defined]


def test_a_packed_file_is_the_file_itself_under_the_same_version() -> None:
    assert json.loads(SHELL.pack.content)["version"] == SHELL.version
    for url, (kind, text) in FILES.items():
        assert (kind, text.encode()) == (SHELL.assets[url].type, SHELL.assets[url].content)


def test_the_script_with_a_policy_of_its_own_is_never_packed() -> None:
    assert "kdf_worker.js" not in {PurePosixPath(url).name for url in FILES}


def test_imports_are_followed_and_later_ones_are_not() -> None:
    source = 'import a, { b } from "./a.js";\nimport "../b.js"\nexport * from "./c.js";\nconst d = await import("./d.js");\n'
    assert pack.imported("/sw/pages/x.js", source) == {"/sw/pages/a.js", "/sw/b.js", "/sw/pages/c.js"}


def test_explanations_come_in_an_answer_of_their_own_and_count_in_the_version() -> None:
    later = json.loads(SHELL.later_pack.content)
    about = {url for langs in SHELL.modules["about"].values() for url in langs.values()}  # type: ignore[attr-defined]
    assert set(later["files"]) == set(SHELL.later) == about
    assert not about & set(SHELL.assets)
    assert later["version"] == SHELL.version
    assert about <= {*json.loads(SHELL.listing.content)["later"]}
    assert SHELL.modules["about"].keys() == SHELL.modules["bundles"].keys()  # type: ignore[attr-defined]
    for url, (kind, text) in later["files"].items():
        assert (kind, text) == ("application/json", SHELL.later[url].content.decode())
