"""The list of what is delivered names every package of the lock files and every file in static/vendor, as they are."""

from __future__ import annotations

import hashlib
import re

from tests.security import sbom


def test_every_package_that_is_installed_to_run_is_delivered_with_the_hashes_of_its_files() -> None:
    told = {one["name"]: one for one in sbom.python()}
    for name, version, hashes in sbom.locked("requirements.lock"):
        assert told[name]["version"] == version
        assert told[name]["scope"] == "required"
        assert [one["content"] for one in told[name]["externalReferences"][0]["hashes"]] == sorted(hashes) != []
    assert {"flask", "cryptography", "sqlalchemy"} <= {name for name, one in told.items() if one["scope"] == "required"}
    assert {"pytest", "ruff"} <= {name for name, one in told.items() if one["scope"] == "excluded"}


def test_every_vendored_file_is_listed_with_name_version_licence_and_the_hash_of_what_is_served() -> None:
    told = sbom.vendored()
    files = {one["properties"][0]["value"]: one for one in told}
    served = [path for path in sbom.VENDOR.iterdir() if path.suffix in (".js", ".css")]
    assert sorted(files) == sorted(path.relative_to(sbom.ROOT).as_posix() for path in served)
    for path in served:
        one = files[path.relative_to(sbom.ROOT).as_posix()]
        assert one["hashes"][0]["content"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert one["version"] in {each["version"] for each in told if each["properties"] == one["properties"]}
    for one in told:
        assert re.fullmatch(r"[0-9A-Za-z.-]+", one["licenses"][0]["license"]["id"])
    assert all(any(each["version"] in path.name for each in told if each["properties"][0]["value"].endswith(path.name)) for path in served)


def test_the_same_files_give_the_same_list() -> None:
    made = sbom.bill({}, "1.0")
    assert made == sbom.bill({}, "1.0")
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(refs) == len(set(refs))
