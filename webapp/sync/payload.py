"""What may stand inside an envelope, exactly: unknown keys, wrong types and wild lengths are refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=80)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Action = Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,40}$")]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Version = Annotated[int, msgspec.Meta(ge=0, le=10**6)]
DEEPEST = 12
YEARS = range(1900, 2200)


class Refused(Exception):
    """The payload is not one; nothing of it may be used."""


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class Clock(_Strict):
    """Server and device time of the last contact, and device time now: all as the device said them."""

    n: Short
    s: Short | None = None
    d: Short | None = None


class Common(_Strict):
    x: Code
    o: Literal["done", "partly_done", "not_done"]
    ac: Annotated[list[Code], msgspec.Meta(max_length=30)]
    r: Code | None = None
    t: Text = ""
    nt: Text = ""
    w: Annotated[list[Short], msgspec.Meta(max_length=100)] = []
    ok: Annotated[list[Short], msgspec.Meta(max_length=30)] = []


Facts = dict[str, Any]


class Prior(_Strict):
    facts: Facts
    last: dict[str, Facts]
    items: dict[str, dict[str, list[Facts]]]
    past: dict[str, list[Facts]]
    uses: Annotated[list[UUID], msgspec.Meta(max_length=2000)]


class Check(_Strict, tag_field="kind", tag="check"):
    id: UUID
    inst: UUID
    key: UUID
    n: Number
    p: UUID
    u: UUID
    b: Code
    bv: Version
    bh: Code
    f: Code
    sv: Version
    at: Instant
    rec: Instant
    clk: Clock
    sup: tuple[UUID, Annotated[str, msgspec.Meta(min_length=1, max_length=500)]] | None
    prior: Prior
    a: list[Any]
    c: Common
    fl: Annotated[list[tuple[Code, Short]], msgspec.Meta(max_length=200)]
    app: Short


class View(_Strict, tag_field="kind", tag="view"):
    """What was looked at offline: rows for the access log. A list or a search is about nobody in particular."""

    id: UUID
    inst: UUID
    key: UUID
    n: Number
    u: UUID
    rec: Instant
    clk: Clock
    app: Short
    v: Annotated[list[tuple[UUID | None, Instant, Action]], msgspec.Meta(min_length=1, max_length=500)]


class Photo(_Strict, tag_field="kind", tag="photo"):
    """Whose finding a picture shows, and the picture's hash. It is no record: it has no number in the series."""

    id: UUID
    inst: UUID
    key: UUID
    chk: UUID
    h: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    rec: Instant
    app: Short


Payload = Check | View
_decoder = msgspec.json.Decoder(Check | View)
_photo = msgspec.json.Decoder(Photo)
_loose = msgspec.json.Decoder()


def read(raw: bytes) -> Payload:
    """The payload, or Refused."""
    try:
        payload: Payload = _decoder.decode(raw)
        times = [payload.rec, payload.at] if isinstance(payload, Check) else [payload.rec, *(at for _, at, _ in payload.v)]
        if any(time.year not in YEARS for time in times):
            raise Refused("a time far outside any life")
        if raw.count(b"[") + raw.count(b"{") > 20_000:
            raise Refused("too many parts")
        if isinstance(payload, Check) and b"\\u0000" in raw and holds_nul(_loose.decode(raw)):
            raise Refused("a NUL character")
        if isinstance(payload, Check) and depth(msgspec.to_builtins(payload.prior)) > DEEPEST:
            raise Refused("nested too deep")
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError) as wrong:
        raise Refused(str(wrong)) from wrong
    return payload


def read_photo(raw: bytes) -> Photo:
    """The payload of a photo, or Refused."""
    try:
        return _photo.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError) as wrong:
        raise Refused(str(wrong)) from wrong


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def offset_minutes(moment: datetime) -> int:
    offset = moment.utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def holds_nul(value: Any) -> bool:
    """PostgreSQL stores no NUL in text, and no form of ours makes one."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(holds_nul(key) or holds_nul(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(holds_nul, value))

