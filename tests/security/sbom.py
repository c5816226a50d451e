"""`make sbom`: what is delivered, as CycloneDX JSON: Python packages from the lock files, scripts and styles from static/vendor."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
LOCKS = (("requirements.lock", "required"), ("requirements-dev.lock", "excluded"))  # excluded: tests need it, nobody is delivered it
PACKAGE = re.compile(r"`((?:@[\w.-]+/)?[\w.-]+)@(\d[\w.+-]*)`")
FILE = re.compile(r"^\| `([^`]+)` \|")
Component = dict[str, Any]


def locked(name: str) -> list[tuple[str, str, list[str]]]:
    """(package, version, SHA-256 of each of its files) of a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
    heads = [(re.match(r"([\w.-]+)(?:\[[^]]*])?==(\S+)", one), one) for one in entries]
    return [(head[1], head[2], re.findall(r"sha256:([0-9a-f]{64})", one)) for head, one in heads if head]


def python() -> list[Component]:
    """Every package of both locks; one that is in both is delivered."""
    made: dict[str, Component] = {}
    for name, scope in LOCKS:
        for package, version, hashes in locked(name):
            purl = f"pkg:pypi/{package.lower()}@{version}"
            made.setdefault(purl, {
                "type": "library", "bom-ref": purl, "name": package, "version": version, "purl": purl, "scope": scope,
                "externalReferences": [
                    {"type": "distribution", "url": f"https://pypi.org/project/{package}/{version}/", "comment": "any of these files",
                     "hashes": [{"alg": "SHA-256", "content": one} for one in sorted(hashes)]}
                ],
            })  # fmt: skip
    return list(made.values())


def vendored() -> list[Component]:
    """A component for each package that a file in static/vendor was made of, with the hash of the file as it is served."""
    made = []
    for line in (VENDOR / "README.md").read_text("utf-8").splitlines():
        if not (row := FILE.match(line)):
            continue
        path = VENDOR / row[1]
        licence = line.rstrip("| ").rpartition("|")[2].strip()
        for package, version in PACKAGE.findall(line):
            purl = f"pkg:npm/{package.replace('@', '%40', 1)}@{version}"
            group, _, name = package.rpartition("/")
            made.append({
                "type": "library", "bom-ref": f"{purl}#{path.name}", **({"group": group} if group else {}), "name": name,
                "version": version, "purl": purl, "scope": "required", "licenses": [{"license": {"id": licence}}],
                "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
                "properties": [{"name": "tryggrunde:file", "value": path.relative_to(ROOT).as_posix()}],
            })  # fmt: skip
    return made


def licences(environment: Path) -> dict[str, list[Any]]:
    """What the installed packages say of their licences, by purl."""
    tool = Path(sys.executable).parent / "cyclonedx-py"
    command: list[str | Path] = [tool, "environment", "--output-reproducible", environment / "bin" / "python"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = {f"pkg:pypi/{one['name'].lower()}@{one['version']}": one.get("licenses", []) for one in told.get("components", [])}
    return {purl: [{"license": {"name": one["license"]["name"]}} if "name" in one.get("license", {}) else one for one in said]
            for purl, said in found.items()}  # a text of several pages is left where it is  # fmt: skip


def bill(known: dict[str, list[Any]], version: str) -> dict[str, Any]:
    """The whole document; the same bytes for the same files."""
    components = [*python(), *vendored()]
    for one in components:
        if said := known.get(one["purl"]):
            one.setdefault("licenses", said[:1] if "expression" in said[0] else [each for each in said if "license" in each])
    root = f"pkg:generic/tryggrunde@{version}"
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components, sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}", "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": root, "name": "tryggrunde", "version": version,
                                   "licenses": [{"license": {"id": "MIT"}}]}},
        "components": sorted(components, key=lambda one: one["bom-ref"]),
        "dependencies": [{"ref": root, "dependsOn": sorted(one["bom-ref"] for one in components if one["scope"] == "required")}],
    }  # fmt: skip


def main(target: str) -> int:
    """Write it, held to CycloneDX's own schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "webapp" / "__init__.py").read_text("utf-8"))
    made = bill(licences(ROOT / ".venv"), version[1] if version else "0")
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.stderr.write(f"This is not CycloneDX 1.6: {wrong}\n")
        return 1
    Path(target).write_text(text, "utf-8")
    parts = made["components"]
    delivered = [one for one in parts if one["scope"] == "required"]
    unsaid = sorted(one["name"] for one in parts if not one.get("licenses"))
    print(
        f"{target}: {len(delivered)} components are delivered, {len(parts) - len(delivered)} are for tests only; "
        f"{len(parts) - len(unsaid)} say their licence" + (f", not {', '.join(unsaid)}" if unsaid else "")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
