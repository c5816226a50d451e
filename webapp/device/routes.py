"""Everything a browser loads: the shell, the worker, compiled modules, static files, the manifest."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, request

from webapp.accounts.policy import public
from webapp.device import pack
from webapp.device.manifest import manifest
from webapp.device.shell import Asset, Shell, build

bp = Blueprint("device", __name__)
# From the log-in page to the next one nothing is asked for twice. An enrolled device does not rest on it: the worker proves its files.
BRIEF = "max-age=120"
NO_PATIENT = "program files; nothing of a person in them"


def shell() -> Shell:
    """This app's shell."""
    return build(current_app.config["BUNDLE_DIRS"])


def serve(asset: Asset, cache: str = "no-cache") -> Response:
    """An asset in the best coding the browser takes; 304 when it has it already."""
    answer = make_response(asset.content)
    for coding in ("br", "gzip"):
        if coding in asset.packed and request.accept_encodings[coding] > 0:
            answer = make_response(asset.packed[coding])
            answer.headers["Content-Encoding"] = coding
            break
    answer.headers["Content-Type"] = asset.type
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = cache
    answer.set_etag(asset.etag, weak=True)
    answer.make_conditional(request)
    del answer.headers["Date"]  # the server sets one too
    return answer


def found(url: str, cache: str = "no-cache") -> Response:
    """The asset at a URL, or 404."""
    asset = shell().find(url)
    if asset is None:
        abort(404)
    return serve(asset, cache)


@bp.get("/shell.json")
@public(NO_PATIENT)
def shell_list() -> Response:
    """What the worker precaches, and its version."""
    return serve(shell().listing)


@bp.get("/shell.pack")
@public(NO_PATIENT)
def shell_pack() -> Response:
    """The files that the worker has not got by another way, in one."""
    return serve(shell().pack)


@bp.get("/shell.later.pack")
@public(NO_PATIENT)
def shell_later_pack() -> Response:
    """What the worker keeps next: the device works without it."""
    return serve(shell().later_pack)


@bp.get("/shell.html")
@public(NO_PATIENT)
def shell_frame() -> Response:
    """The empty frame that answers navigations on an enrolled device."""
    return serve(shell().frame)


@bp.get("/worker.js")
@public(NO_PATIENT)
def worker() -> Response:
    """The service worker."""
    answer = found(pack.WORKER)
    # The key derivation under /sw/ must load offline too; navigations are answered under /round only.
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@bp.get("/sw/<path:name>")
@public(NO_PATIENT)
def script(name: str) -> Response:
    """The device's own modules."""
    return found(f"/sw/{name}", BRIEF)


@bp.get("/device/modules/<name>")
@public(NO_PATIENT)
def module(name: str) -> Response:
    """Compiled templates, words and rules; the name is the content's hash."""
    return found(f"/device/modules/{name}", "public, max-age=31536000, immutable")


@bp.get("/static/<path:filename>", endpoint="static")
@public(NO_PATIENT)
def static_file(filename: str) -> Response:
    """Styles, scripts, icons."""
    return found(f"/static/{filename}", BRIEF)


@bp.get("/manifest.webmanifest")
@public(NO_PATIENT)
def web_manifest() -> Response:
    """What the home screen needs to know."""
    return serve(Asset("/manifest.webmanifest", manifest().encode(), "application/manifest+json"), BRIEF)
