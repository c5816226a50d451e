"""The shell's files in one answer: nothing missing, nothing twice, nothing that must come with headers of its own."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import PurePosixPath
from typing import Any

import pytest

from webapp import bundles
from webapp.device import pack, shell
from webapp.device.emit import emit

SHELL = shell.build()
COUNTS = {f"{one.id}@{one.version}": emit(one).module.count("x()") for one in bundles.registry().all}
VERSION, FILES = pack.unpack(SHELL.pack.content.decode())
MODULES: Any = SHELL.modules


def test_every_file_of_the_shell_is_in_the_pack_or_came_before_it() -> None:
    assert SHELL.alone | set(FILES) == set(SHELL.assets)
    assert not SHELL.alone & set(FILES)
    assert {"/static/css/app.css", "/static/js/enrol.js", "/sw/store.js", "/sw/upload.js"} <= SHELL.alone
    assert {"/sw/device.js", "/sw/rules.js", "/sw/vault.js", *MODULES["bundles"].values()} <= set(FILES)


def test_a_packed_file_is_the_file_itself_under_the_same_version() -> None:
    assert SHELL.version == VERSION
    for url, (kind, text) in FILES.items():
        assert (kind, text.encode()) == (SHELL.assets[url].type, SHELL.assets[url].content)


def test_a_file_that_would_end_another_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        pack.pack("1", {"/a.js": ("text/javascript", "a\0b")})


def test_whatever_comes_outside_the_pack_and_the_packs_themselves_can_be_proven() -> None:
    hashes = json.loads(SHELL.listing.content)["hashes"]
    assert set(hashes) == SHELL.alone | {"/shell.html", "/shell.pack", "/shell.later.pack"}
    for url, said in hashes.items():
        one = SHELL.find(url) or {"/shell.html": SHELL.frame, "/shell.pack": SHELL.pack, "/shell.later.pack": SHELL.later_pack}[url]
        assert base64.b64decode(said) == hashlib.sha256(one.content).digest()


def test_the_script_with_a_policy_of_its_own_is_never_packed() -> None:
    assert "kdf_worker.js" not in {PurePosixPath(url).name for url in FILES}


def test_imports_are_followed_and_later_ones_are_not() -> None:
    source = 'import a, { b } from "./a.js";\nimport "../b.js"\nexport * from "./c.js";\nconst d = await import("./d.js");\n'
    slim = 'import*as e from"./e.js";import{f}from"./f.js";import"./g.js";const h=()=>import("./h.js");'
    assert pack.imported("/sw/pages/x.js", source) == {"/sw/pages/a.js", "/sw/b.js", "/sw/pages/c.js"}
    assert pack.imported("/sw/x.js", slim) == {"/sw/e.js", "/sw/f.js", "/sw/g.js"}


def test_what_comes_later_is_an_answer_of_its_own_and_counts_in_the_version() -> None:
    version, later = pack.unpack(SHELL.later_pack.content.decode())
    about = {url for langs in MODULES["about"].values() for url in langs.values()}
    assert set(later) == set(SHELL.later) == about | set(MODULES["speech"].values()) | shell.WHEN_WANTED
    assert not set(SHELL.later) & set(SHELL.assets)
    assert version == SHELL.version
    assert set(SHELL.later) == {*json.loads(SHELL.listing.content)["later"]}
    assert MODULES["about"].keys() == MODULES["bundles"].keys()
    for url, (kind, text) in later.items():
        assert (kind, text) == (SHELL.later[url].type, SHELL.later[url].content.decode())


def test_a_bundle_says_the_same_number_of_things_in_every_language() -> None:
    for url in MODULES["speech"].values():
        said = json.loads(SHELL.later[url].content)["texts"]
        assert said.keys() == MODULES["bundles"].keys()
        for key, texts in said.items():
            assert len(texts) == COUNTS[key] > 0
            assert all(texts)
