"""The shell: every byte a tablet needs, with a version that is the hash over all of them. The same in every process."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path

import brotli

from webapp import bundles, words
from webapp.bundles.explain import explain
from webapp.device import emit, pack, slim
from webapp.device.compiler import as_json, compile_templates
from webapp.device.templates import bedside_environment, render
from webapp.words import LANGUAGES

ROOT = Path(__file__).parents[2]
STATIC, SW = ROOT / "static", ROOT / "sw"
APP_STYLES = STATIC / "css" / "app"  # one answer: every page has them all
TYPES = {
    ".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml", ".png": "image/png",
}
WHEN_WANTED = {  # what a first load goes without
    "/sw/aside.js", "/sw/camera.js", "/sw/pages/about.js", "/sw/pages/pin.js", "/sw/pages/shift.js", "/sw/passkey.js",
    "/sw/photo_image.js", "/sw/photo_view.js", "/sw/photos.js", "/sw/rescue.js", "/sw/unopened.js", "/sw/update.js",
    "/static/css/print.css",
}
NOT_FOR_NURSES = re.compile(r"chart|choose_files|css/measures|review|js/passkey|README|licenses|\.d\.ts$|\.png$|maskable")

WORD = re.compile(r"\w+")


@dataclass
class Asset:
    """One file as it is served; compressed when first asked for."""

    url: str
    content: bytes
    type: str

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:10]

    @cached_property
    def integrity(self) -> str:
        """As fetch takes it (Subresource Integrity), without the algorithm's name."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    @cached_property
    def packed(self) -> dict[str, bytes]:
        """By content coding; pictures gain nothing."""
        if self.type == "image/png":
            return {}
        return {"br": brotli.compress(self.content, quality=11), "gzip": gzip.compress(self.content, 9, mtime=0)}


@dataclass
class Shell:
    """What the worker keeps: its version, its assets by URL, what comes when the device works, and where the made modules are."""

    version: str
    assets: dict[str, Asset]
    modules: dict[str, object]
    frame: Asset
    later: dict[str, Asset] = field(default_factory=dict)
    extra: dict[str, Asset] = field(default_factory=dict)

    @cached_property
    def alone(self) -> set[str]:
        """Of the assets, those that are not in the pack."""
        sources = {url: one.content.decode() for url, one in self.assets.items()}
        return pack.with_page({**sources, pack.WORKER: self.extra[pack.WORKER].content.decode()})

    @cached_property
    def listing(self) -> Asset:
        """/shell.json. With hashes of what comes outside the pack: what the browser has is not asked for when it is the same."""
        proven = [*(self.assets[url] for url in self.alone), self.frame, self.pack, self.later_pack]
        body = {"version": self.version, "assets": sorted(self.assets), "later": sorted(self.later), "modules": self.modules,
                "hashes": {one.url: one.integrity for one in proven}}
        return asset("/shell.json", (as_json(body) + "\n").encode())

    @cached_property
    def pack(self) -> Asset:
        """/shell.pack."""
        return self.packed(pack.URL, self.assets.keys() - self.alone)

    @cached_property
    def later_pack(self) -> Asset:
        """/shell.later.pack: kept as soon as the device works without a network."""
        return self.packed(pack.LATER, self.later)

    def packed(self, url: str, urls: Iterable[str]) -> Asset:
        """Many in one answer."""
        found = [self.assets.get(one) or self.later[one] for one in sorted(urls)]
        files = {one.url: (one.type, one.content.decode()) for one in found}
        return Asset(url, pack.pack(self.version, files).encode(), TYPES[".txt"])

    def find(self, url: str) -> Asset | None:
        return self.assets.get(url) or self.later.get(url) or self.extra.get(url)


def asset(url: str, content: bytes) -> Asset:
    suffix = Path(url).suffix
    return Asset(url, content, TYPES.get(suffix) or mimetypes.guess_type(url)[0] or "application/octet-stream")


def file_asset(path: Path, url: str) -> Asset:
    """A file as it is served."""
    content = path.read_bytes()
    return asset(url, slim.slim(content.decode(), path.suffix).encode() if slim.is_ours(path) else content)


def module_asset(source: str, suffix: str = ".js") -> Asset:
    """A made module or its data; its name is its content's hash."""
    content = (slim.slim(source, suffix) if suffix in slim.KINDS else source).encode()
    return asset(f"/device/modules/{hashlib.sha256(content).hexdigest()[:16]}{suffix}", content)


def json_asset(value: object) -> Asset:
    """Data beside the modules."""
    return module_asset(as_json(value) + "\n", ".json")


@lru_cache(maxsize=16)
def _build(folders: tuple[str, ...], templates: str) -> Shell:
    registry = bundles.registry(folders)
    env = bedside_environment(Path(templates))
    names = [name for name in env.list_templates() if name.startswith("bedside/")]
    made = module_asset(compile_templates(env, names))
    compiled = {f"{one.id}@{one.version}": emit.emit(one) for one in registry.all}
    ruled = {key: module_asset(one.module) for key, one in compiled.items()}
    spoken = {lang: json_asset({"words": device_words(lang), "texts": {key: one.texts(lang) for key, one in compiled.items()}})
              for lang in LANGUAGES}
    told = {f"{one.id}@{one.version}": {lang: json_asset(explain(one, lang)) for lang in LANGUAGES} for one in registry.all}
    files = list(_files())
    later = {one.url: one for one in [*spoken.values(), *(one for langs in told.values() for one in langs.values())]}
    later |= {one.url: one for one in files if one.url in WHEN_WANTED}
    assets = {one.url: one for one in [made, *ruled.values(), *files] if one.url not in WHEN_WANTED}
    modules: dict[str, object] = {"templates": made.url, "speech": {lang: one.url for lang, one in spoken.items()},
                                  "bundles": {key: ruled[key].url for key in sorted(ruled)},
                                  "about": {key: {lang: one.url for lang, one in langs.items()} for key, langs in told.items()}}
    frame = asset("/shell.html", render(env, "device/shell.html", frame_context(), words.translator("nb")).encode())
    digest = hashlib.sha256(json.dumps(modules, sort_keys=True).encode())
    for one in sorted([*assets.values(), frame, *(later[url] for url in WHEN_WANTED)], key=lambda one: one.url):
        digest.update(one.url.encode() + b"\0" + one.content + b"\0")
    extra = {one.url: one for one in _extras()}
    return Shell(digest.hexdigest()[:16], assets, modules, frame, later, extra)


def device_words(lang: str) -> dict[str, str]:
    """What the device's own scripts and pages say; supervisors' pages never come from a device."""
    return {text: said for text, said in words.catalogue(lang).items() if text in _spoken()}


@cache
def _spoken() -> set[str]:
    """Those texts, of every language's catalogue. A text stands there only where its inner words do: that is known much faster."""
    sources = [*SW.rglob("*.js"), ROOT / "templates" / "base.html"]
    sources += [path for folder in ("bedside", "shared", "device") for path in (ROOT / "templates" / folder).glob("*.html")]
    spoken = "\n".join(path.read_text("utf-8") for path in sources)
    there = set(WORD.findall(spoken))
    texts = {text for lang in LANGUAGES for text in words.catalogue(lang)}
    return {text for text in texts if there.issuperset(WORD.findall(text)[1:-1]) and text in spoken}


def frame_context() -> dict[str, object]:
    """The empty frame knows nobody."""
    return {"lang": "nb", "title": "TryggRunde", "home_url": "/round"}


def _files() -> Iterable[Asset]:
    """Styles, scripts and pictures of the bedside pages."""
    for path in sorted(STATIC.rglob("*")):
        url = "/static/" + path.relative_to(STATIC).as_posix()
        if path.is_file() and path.parent != APP_STYLES and not NOT_FOR_NURSES.search(url):
            yield file_asset(path, url)
    styles = "".join(path.read_text("utf-8") for path in sorted(APP_STYLES.glob("*.css")))
    yield asset(f"/static/css/{APP_STYLES.name}.css", slim.slim(styles, ".css").encode())
    for path in sorted(SW.rglob("*.js*")):
        if path.name != "worker.js":
            yield file_asset(path, "/sw/" + path.relative_to(SW).as_posix())


def _extras() -> Iterable[Asset]:
    """Served, but not part of the shell: what only supervisors or installers need."""
    for path in sorted(STATIC.rglob("*")):
        url = "/static/" + path.relative_to(STATIC).as_posix()
        if path.is_file() and NOT_FOR_NURSES.search(url):
            yield file_asset(path, url)
    yield file_asset(SW / "worker.js", pack.WORKER)


def build(folders: Iterable[Path | str] = (), templates: Path | None = None) -> Shell:
    """The shell of this process, made once per set of bundle folders. Raises CompileError or BundleError."""
    return _build(tuple(str(one) for one in folders), str(templates or ROOT / "templates"))
