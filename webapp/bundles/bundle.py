"""Load bundle files: read, validate, link; and the registry of every version the server knows."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from webapp.bundles.kinds import BundleError
from webapp.bundles.link import Linker
from webapp.bundles.model import Bundle, Form
from webapp.bundles.read_form import read_bundle
from webapp.bundles.scope import TRIGGERS

HERE = Path(__file__).parent
MAX_BYTES = 512 * 1024


class Registry:
    """Every loaded bundle by id and version. Old versions stay: a stored check is read with its own."""

    def __init__(self) -> None:
        self.by_version: dict[tuple[str, int], Bundle] = {}

    @property
    def bundles(self) -> list[Bundle]:
        """The newest version of each bundle, by id."""
        newest: dict[str, Bundle] = {}
        for _key, bundle in sorted(self.by_version.items()):
            newest[bundle.id] = bundle
        return list(newest.values())

    @property
    def all(self) -> list[Bundle]:
        return [bundle for _key, bundle in sorted(self.by_version.items())]

    @property
    def active(self) -> dict[str, int]:
        """Version of each bundle that new checks use."""
        return {bundle.id: bundle.version for bundle in self.bundles}

    @property
    def forms(self) -> list[Form]:
        """Forms of the newest versions."""
        return [form for bundle in self.bundles for form in bundle.forms]

    def bundle(self, bundle_id: str, version: int | None = None) -> Bundle:
        """A bundle; KeyError when unknown."""
        wanted = self.active[bundle_id] if version is None else version
        return self.by_version[bundle_id, wanted]

    def form(self, form_id: str, version: int | None = None) -> Form:
        """A form by id; KeyError when unknown."""
        found = self.find(form_id, version)
        if found is None:
            raise KeyError(form_id)
        return found

    def find(self, form_id: str, version: int | None = None) -> Form | None:
        for bundle in reversed(self.all):
            form = bundle.form(form_id)
            if form is not None and version in (None, bundle.version):
                return form
        return None

    def bundle_of(self, form: Form) -> Bundle:
        return self.by_version[form.bundle, form.version]

    def load(self, *paths: Path | str) -> list[Bundle]:
        """Load files together (they may name each other's forms); BundleError refuses them all."""
        fresh = [read(Path(path)) for path in paths]
        known = dict(self.by_version)
        try:
            for bundle in fresh:
                self.add(bundle)
            for bundle in fresh:
                self.link(bundle)
            self.check_triggers(fresh)
        except BundleError:
            self.by_version = known
            raise
        return fresh

    def add(self, bundle: Bundle) -> None:
        file = Path(bundle.path).name
        if file != f"{bundle.id}.v{bundle.version}.toml":
            raise BundleError(file, "bundle", f"the file must be named {bundle.id}.v{bundle.version}.toml")
        if (bundle.id, bundle.version) in self.by_version:
            raise BundleError(file, "bundle", f"{bundle.id} version {bundle.version} is loaded already")
        for form in bundle.forms:
            other = self.find(form.id)
            if other is not None and other.bundle != bundle.id:
                raise BundleError(file, f"form {form.id}", f"bundle {other.bundle} has a form of that name")
        for code in {flag.code for form in bundle.forms for flag in form.flags}:
            owner = next((one.id for one in self.all if one.id != bundle.id for form in one.forms for flag in form.flags
                          if flag.code == code), None)
            if owner is not None:
                raise BundleError(file, f"flag {code}", f"bundle {owner} has a flag of that name")
        self.by_version[bundle.id, bundle.version] = bundle

    def link(self, bundle: Bundle) -> None:
        def find(form_id: str) -> Form | None:
            return bundle.form(form_id) or self.find(form_id)

        bundle.find = find
        Linker(bundle, Path(bundle.path).name, find).link()

    def check_triggers(self, fresh: Iterable[Bundle]) -> None:
        known = {one.trigger for bundle in self.all for form in bundle.forms for one in form.emits} | set(TRIGGERS)
        for bundle in fresh:
            for form in bundle.forms:
                for due in form.due:
                    for name in set(due.trigger) - set(TRIGGERS) - set(bundle.labels) if not set(due.trigger) - known else ():
                        raise BundleError(Path(bundle.path).name, due.place, f"trigger {name!r} needs a label in [labels]")
                    for name in set(due.trigger) - known:
                        raise BundleError(Path(bundle.path).name, due.place, f"unknown trigger {name!r}")


def read(path: Path) -> Bundle:
    """Read and validate one file, not yet linked."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise BundleError(path.name, "", f"is larger than {MAX_BYTES} bytes")
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BundleError(path.name, "", f"cannot be read: {problem}") from problem
    return read_bundle(data, path.name, hashlib.sha256(raw).hexdigest(), str(path))


def load_registry(folders: Iterable[Path | str] = ()) -> Registry:
    """The shipped bundles and those in extra folders."""
    found = Registry()
    found.load(*[path for folder in (HERE, *folders) for path in sorted(Path(folder).glob("*.toml"))])
    return found
