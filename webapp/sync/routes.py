"""/sync/…: envelopes up, snapshots down. Answers are JSON and never a redirect."""

from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request

from webapp import db
from webapp.accounts import log
from webapp.accounts.policy import by_token
from webapp.models import Device
from webapp.security import csrf, limiter
from webapp.sync import device_changes, enrol, feed, intake, keys, opening, people, report, snapshot, tokens
from webapp.thin import smaller

bp = Blueprint("sync", __name__, url_prefix="/sync")
BATCH_BYTES = 512 * 1024
BATCH_PARTS = 500
JSON_BYTES = 64 * 1024


class Ask(msgspec.Struct):
    """The body of a snapshot request."""

    wire: int
    cursor: str | None = None
    shell: str = ""
    holds: dict[str, Any] = {}


def answer(body: dict[str, Any], code: int = 200) -> Response:
    return Response(msgspec.json.encode(body), code, mimetype="application/json")


def refuse(code: int, error: str, message: str) -> Response:
    """Nothing was changed, and why."""
    return answer({"error": error, "message": message}, code)


def unauthorised(*, over: bool = False) -> Response:
    """`over`: the log-in was ended on purpose, and the device closes that vault."""
    said = {"verdict": "unauthorised", "message": "Ingen gyldig innlogging. Ingenting er lest."}
    return answer(said | ({"over": True} if over else {}), 401)


def wire() -> int:
    """What the asking device speaks. All but the snapshot has one form for ever, so it is answered in the device's own version:
    an app that is too old or too new for a snapshot still sends, is heard, and hears that it is revoked."""
    said = request.headers.get("X-Wire", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= 3 else 0
    return number or snapshot.WIRE


def caller() -> str:
    """Whom a rate limit counts: the device or session, else the address."""
    token = request.cookies.get(tokens.COOKIE) or request.headers.get("Authorization") or request.remote_addr or ""
    return keys.token_hash(token)


@bp.post("/envelopes")
@by_token("device cookie (may only append) or a person's session token")
@csrf.exempt
@limiter.limit("1200 per minute", key_func=caller)
def create_envelopes() -> Response:
    """Take in a batch; one verdict per envelope."""
    now = people.utc_now()
    sender = sender_of(now)
    if sender is None and not request.cookies.get(tokens.COOKIE):
        return unauthorised()
    batch = _batch()
    if sender is None:
        sender = None if isinstance(batch, Response) else _forgotten(batch[1], request.cookies[tokens.COOKIE])
    if sender is None:
        return unauthorised()
    if isinstance(batch, Response):
        return batch
    envelopes, papers = batch
    epoch, verdicts = intake.receive(envelopes, papers, sender, request.headers.get("X-Last-Receipt", "")[:80], now)
    return smaller(answer({"wire": wire(), "server_time": stamp(), "epoch": epoch, "verdicts": verdicts, **farewell(sender.device_id)}))


def _batch() -> tuple[list[bytes], list[Any]] | Response:
    """(envelopes, papers), or why this is no batch."""
    if request.mimetype != "application/octet-stream" or request.content_encoding:
        return refuse(415, "format", "En sending er rå bytes (application/octet-stream). Ingenting er endret.")
    body = bounded(BATCH_BYTES)
    if body is None:
        return refuse(413, "too_large", "Sendingen er for stor. Del den opp. Ingenting er endret.")
    try:
        envelopes, papers = opening.split(body)
    except ValueError:
        return refuse(400, "format", "Sendingen kan ikke leses. Ingenting er endret.")
    if len(envelopes) + len(papers) > BATCH_PARTS:
        return refuse(413, "too_large", "For mange registreringer i én sending. Ingenting er endret.")
    return envelopes, papers


def _forgotten(papers: list[Any], token: str) -> intake.Sender | None:
    """A device taken into use after the backup that this database was restored from: its papers speak for it."""
    if not papers or len(token) > tokens.LONGEST:
        return None
    with db.open_session(db.engine(), write=True) as session:
        device = opening.readmit(session, papers, token, keys.current(), enrol.installation(session))
        session.commit()
        return intake.Sender(device.id, device.unit_id) if device else None


def farewell(device_id: UUID | None) -> dict[str, Any]:
    """What a device that is not welcome any more is told in every answer; empty for the others. The key file knows all of them."""
    if device_id is None or str(device_id) not in keys.current().keys().revoked.devices:
        return {}
    with db.open_session(db.engine(), write=False) as session:
        call = device_changes.whom_to_call(session, device_id)
    return {"revoked": True, "call": call._asdict() if call else None}


def sender_of(now: Any) -> intake.Sender | None:
    """Asked in a reading transaction: the writing one begins when the batch is open and verified."""
    with db.open_session(db.engine(), write=False) as session:
        device = tokens.device(session, request)
        if device is not None:
            return intake.Sender(device.id, device.unit_id)
        holder = tokens.holder(session, request, now)
        return intake.Sender(holder.device.id, holder.device.unit_id) if holder else None


def bounded(limit: int) -> bytes | None:
    """The body, or None when it is longer; never more than the limit is read."""
    if (request.content_length or 0) > limit:
        return None
    request.max_content_length = limit
    body = request.stream.read(limit + 1)
    return body if len(body) <= limit else None


def stamp() -> str:
    return people.utc_now().isoformat(timespec="milliseconds")


@bp.post("/snapshot")
@by_token("a person's session token")
@csrf.exempt
@limiter.limit("240 per minute", key_func=caller)
def create_snapshot() -> Response:
    """What the asking person may hold, whole or since her cursor."""
    now = people.utc_now()
    session = db.session()
    holder = tokens.holder(session, request, now)
    if holder is None:
        if (who := tokens.denied(session, request)) is not None:
            log.refused(who[0], request.endpoint or "", "snapshot", device_id=who[1].id)
        return unauthorised(over=tokens.is_over(session, request))
    asked = _asked()
    if isinstance(asked, Response):
        return asked
    if not snapshot.is_spoken(asked.wire):
        return refuse(426, "wire", "Appen må oppdateres før den kan hente. Ingenting er endret, og sending virker fortsatt.")
    body = snapshot.build(session, holder, snapshot.read_cursor(asked.cursor), now, asked.wire)
    report.heard(holder.device, holder.user.id, asked.holds, asked.shell, now)
    log.write(
        session, holder.user, "snapshot", unit_id=holder.device.unit_id, device_id=holder.device.id,
        detail={"full": body["full"], "people": len(body["people"])},
    )  # fmt: skip
    session.commit()
    packed = Response(snapshot.packed(body), mimetype="application/json")
    packed.headers["Content-Encoding"] = "gzip"
    return packed


def _asked() -> Ask | Response:
    body = bounded(JSON_BYTES)
    if body is None:
        return refuse(413, "too_large", "Forespørselen er for stor. Ingenting er endret.")
    try:
        asked = msgspec.json.decode(body, type=Ask)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return refuse(400, "format", "Forespørselen kan ikke leses. Ingenting er endret.")
    return asked


@bp.get("/keys")
@by_token("device cookie, also a revoked one, or a person's session token")
@limiter.limit("240 per minute", key_func=caller)
def show_keys() -> Response:
    """The signed key list, and whether this device is still welcome."""
    return _welcome(_caller())


@bp.post("/keys")
@by_token("device cookie, also a revoked one, or a person's session token")
@csrf.exempt
@limiter.limit("240 per minute", key_func=caller)
def create_contact() -> Response:
    """The same for a device that also says what it holds: a locked one is not a silent one."""
    device = _caller()
    if device is None:
        return unauthorised()
    asked = _asked()
    if isinstance(asked, Response):
        return asked
    report.heard(device, None, asked.holds, asked.shell, people.utc_now())
    told = _welcome(device)
    db.session().commit()
    return told


def _caller() -> Device | None:
    session = db.session()
    device = tokens.device(session, request)
    holder = None if device else tokens.holder(session, request, people.utc_now())
    return holder.device if holder else device


def _welcome(device: Device | None) -> Response:
    if device is None:
        return unauthorised()
    return answer(
        {
            "wire": wire(), "server_time": stamp(), "epoch": feed.epoch(db.session()), "revoked": tokens.is_revoked(device),
            "name": device.name, "key_list": keys.current().key_list(), **farewell(device.id),
        }
    )  # fmt: skip
