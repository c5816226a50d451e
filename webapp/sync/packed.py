"""The body of a check in envelope v2: MessagePack, with words as numbers and ids as bytes. Written by sw/packed.js.

What comes out is a payload in the names of v1, under the same rules."""

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

import msgspec

from webapp.bundles import Registry
from webapp.bundles.model import Bundle, Form
from webapp.bundles.wordlist import words
from webapp.bundles.workdays import iso
from webapp.sync import payload
from webapp.sync.envelope import Header
from webapp.sync.payload import DEEPEST, Number, Refused, Version

WORD, DATE, IDENT = 1, 2, 3
Y2000 = 10957
OUTCOMES = ("done", "partly_done", "not_done")
HASH = 8
UNKNOWN = "unknown"
PARTS = 20_000
Seconds = Annotated[int, msgspec.Meta(ge=-(2**40), le=2**40)]


class _Row(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    pass


class Body(_Row):
    """`rest` is read when the form is known: its words are numbers."""

    key: UUID
    n: Number
    p: UUID
    u: UUID
    bh: Annotated[bytes, msgspec.Meta(min_length=HASH, max_length=HASH)]
    f: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    sv: Version
    at: Seconds
    offset: Annotated[int, msgspec.Meta(ge=-1439, le=1439)]
    rec: Seconds
    clk: Annotated[list[Seconds], msgspec.Meta(min_length=1, max_length=3)]
    app: Any
    rest: msgspec.Raw


class Prior(_Row):
    last: Any = {}
    items: Any = {}
    past: Any = {}
    uses: list[UUID] = []
    facts: Any = {}


class Common(_Row):
    x: str
    o: Annotated[int, msgspec.Meta(ge=0, lt=len(OUTCOMES))] = 0
    ac: list[Any] = []
    nt: Any = ""
    r: Any = None
    t: Any = ""
    w: list[Any] = []
    ok: list[Any] = []


class Rest(_Row):
    sup: tuple[UUID, Any] | None
    prior: Prior
    a: list[Any]
    c: Any
    fl: list[Any]


_body = msgspec.msgpack.Decoder(Body)


def read(header: Header, raw: bytes, registry: Registry) -> payload.Check:
    """The payload, or Refused."""
    try:
        body = _body.decode(raw)
        bundle, form = _form(registry, body)
        _plain(body.app.hex() if isinstance(body.app, bytes) else body.app)
        told = _rest(body.rest, bundle, form) if bundle and form else {}
        named = {"b": bundle.id, "bv": bundle.version, "bh": bundle.hash} if bundle else {"b": UNKNOWN, "bv": 0, "bh": body.bh.hex()}
        check = msgspec.convert(_EMPTY | told | named | _head(header, body, form), payload.Check)
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError, OverflowError) as wrong:
        raise Refused(str(wrong)) from wrong
    return check


def _form(registry: Registry, body: Body) -> tuple[Bundle | None, Form | None]:
    begins = body.bh.hex()
    bundle = next((one for one in registry.by_version.values() if one.hash.startswith(begins)), None)
    return bundle, bundle.forms[body.f] if bundle and body.f < len(bundle.forms) else None


_EMPTY: dict[str, Any] = {
    "kind": "check", "sup": None, "prior": {"facts": {}, "last": {}, "items": {}, "past": {}, "uses": []}, "a": [],
    "c": {"x": UNKNOWN, "o": "done", "ac": []}, "fl": [],
}  # fmt: skip


def _head(header: Header, body: Body, form: Form | None) -> dict[str, Any]:
    zone = timezone(timedelta(minutes=body.offset))
    at, rec = (datetime.fromtimestamp(second, zone) for second in (body.at, body.at + body.rec))
    if not {at.year, rec.year} <= set(payload.YEARS):
        raise Refused("a time far outside any life")
    return {
        "id": header.id, "inst": header.installation, "key": body.key, "n": body.n, "p": body.p, "u": body.u,
        "f": form.id if form else UNKNOWN, "sv": body.sv, "at": at, "rec": rec, "clk": _clock(body, zone),
        "app": body.app.hex() if isinstance(body.app, bytes) else body.app,
    }  # fmt: skip


def _clock(body: Body, zone: timezone) -> dict[str, str | None]:
    """A wild clock is marked, it refuses no check: a time that no calendar has is left out."""
    told: dict[str, str | None] = {"n": "", "s": None, "d": None}
    for name, since, where in zip("nsd", body.clk, (zone, UTC, zone), strict=False):
        with suppress(ValueError, OverflowError, OSError):
            told[name] = datetime.fromtimestamp(body.at + since, where).isoformat()
    return told


def _rest(raw: msgspec.Raw, bundle: Bundle, form: Form) -> dict[str, Any]:
    decoder = _decoders.get((bundle.hash, form.id))
    if decoder is None:
        decoder = _decoders[bundle.hash, form.id] = msgspec.msgpack.Decoder(Rest, ext_hook=_hook(words(form)))
    rest = decoder.decode(raw)
    common = msgspec.convert(rest.c, Common)
    prior = {"facts": rest.prior.facts, "last": rest.prior.last, "items": rest.prior.items, "past": rest.prior.past}
    told = {
        "a": rest.a,
        "c": {
            "x": common.x, "o": OUTCOMES[common.o], "ac": common.ac, "nt": common.nt, "r": common.r, "t": common.t,
            "w": common.w, "ok": common.ok,
        },
        "fl": [one if isinstance(one, list) else [one, ""] for one in rest.fl],
        "sup": rest.sup,
    }  # fmt: skip
    if _plain([prior, told["a"], told["c"], told["fl"], rest.sup and rest.sup[1]]) > PARTS:
        raise Refused("too many parts")
    return told | {"prior": prior | {"uses": rest.prior.uses}}


_decoders: dict[tuple[str, str], msgspec.msgpack.Decoder[Rest]] = {}


def _hook(known: list[str]) -> Callable[[int, memoryview], str]:
    def said(code: int, data: memoryview) -> str:
        if code == WORD and len(data) == 1 and data[0] < len(known):
            return known[data[0]]
        if code == DATE and len(data) == 2:
            return iso(int.from_bytes(data, "big", signed=True) + Y2000)
        if code == IDENT and len(data) == 16:
            return str(UUID(bytes=bytes(data)))
        raise ValueError("a word that this form does not have")

    return said


def _plain(value: Any, depth: int = 0) -> int:
    """How many parts there are; Refused when one is nothing that JSON and both databases hold."""
    if isinstance(value, str):
        if "\0" in value:
            raise Refused("a NUL character")
        return 0
    if isinstance(value, dict):
        if depth > DEEPEST + 1 or not all(isinstance(key, str) for key in value):
            raise Refused("nested too deep, or a name that is no text")
        return 1 + sum(_plain(key) + _plain(inner, depth + 1) for key, inner in value.items())
    if isinstance(value, list | tuple):
        if depth > DEEPEST + 1:
            raise Refused("nested too deep")
        return 1 + sum(_plain(inner, depth + 1) for inner in value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return 0
    raise Refused("a value of no known kind")
