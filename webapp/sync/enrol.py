"""Taking a device into use, and giving a person a vault on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import log
from webapp.models import Device, DeviceCode, Municipality, Unit, User, UserKey
from webapp.sync import codes, crypto, feed, keys, tokens, world

NAME_MAX = 80


@dataclass(frozen=True)
class Refused:
    """Why nothing was done, as a sentence; `code` is the HTTP status."""

    sentence: str
    code: int = 400


def is_name(name: Any) -> bool:
    """Whether a device may be called that."""
    return isinstance(name, str) and 0 < len(name.strip()) <= NAME_MAX and name.isprintable()


def device(session: Session, user: User, code: Any, now: datetime) -> tuple[str, dict[str, Any]] | Refused:
    """Enrol this browser with a code, which is used up: its token, and what it must pin."""
    found = codes.redeem(session, code, now)
    if found is None:
        log.write(session, user, "device_code_refused")
        return Refused("Koden er feil, brukt eller utløpt. Be leder eller administrator om en ny. Ingenting er endret.", 422)
    return _enrolled(session, user, found.name, found.unit_id, now, found)


def device_named(session: Session, user: User, name: Any, now: datetime) -> tuple[str, dict[str, Any]] | Refused:
    """Enrol this browser without a code, where the installation allows it (ENROL_WITHOUT_CODE)."""
    if not is_name(name):
        return Refused("Gi enheten et navn på høyst 80 tegn. Ingenting er endret.")
    unit = session.scalar(select(Unit).where(Unit.id.in_(user.unit_ids)).order_by(Unit.name).limit(1))
    if unit is None:
        return Refused("Du hører ikke til noen enhet ennå. Ingenting er endret.", 403)
    return _enrolled(session, user, name.strip(), unit.id, now)


def _enrolled(
    session: Session, user: User, name: str, unit_id: UUID, now: datetime, code: DeviceCode | None = None
) -> tuple[str, dict[str, Any]]:
    token = tokens.new_token()
    made = Device(
        id=uuid4(), name=name, unit_id=unit_id, token_hash=keys.token_hash(token), enrolled_by=user.id,
        enrolled_at=now, last_contact=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    if code is not None:
        code.device_id = made.id
    detail = {"code": str(code.id), "made_by": str(code.made_by)} if code else {}
    log.write(session, user, "device_enrolled", unit_id=unit_id, device_id=made.id, detail=detail)
    return token, told(session, made, now)


def told(session: Session, made: Device, now: datetime) -> dict[str, Any]:
    """What a browser must pin of the device it is."""
    unit = session.get_one(Unit, made.unit_id)
    return {
        "device_id": str(made.id),
        "name": made.name,
        "unit": {"id": str(unit.id), "name": unit.name},
        "installation": str(installation(session)),
        "server_signing_public": keys.current().signing_public(),
        "key_list": keys.current().key_list(),
        "server_time": now.isoformat(timespec="milliseconds"),
    }


def vault(session: Session, user: User, device: Device, public_key: Any, now: datetime) -> dict[str, Any] | Refused:
    """A signing key for this person on this device, the papers that prove it, and a session."""
    try:
        raw = crypto.unb64(public_key if isinstance(public_key, str) else "")
        crypto.public_from(raw)
    except ValueError:
        return Refused("Nøkkelen kan ikke leses. Ingenting er endret.")
    key = _registered(session, user, device, raw, now)
    log.write(session, user, "vault_made", device_id=device.id)
    return {"key_id": str(key.id), "papers": papers(session, key), **opened(session, user, device, now)}


def _registered(session: Session, user: User, device: Device, raw: bytes, now: datetime) -> UserKey:
    """The key, once: asking again after a lost answer gives the same. The key before it is retired."""
    known = None
    mine = select(UserKey).where(UserKey.user_id == user.id, UserKey.device_id == device.id, UserKey.status == "active")
    for one in session.scalars(mine):
        if one.public_key == raw:
            known = one
        else:
            one.status, one.status_at = "retired", now
    if known is None:
        known = UserKey(id=uuid4(), user_id=user.id, device_id=device.id, public_key=raw, created_at=now)
        session.add(known)
        session.flush()
    return known


def papers(session: Session, key: UserKey) -> dict[str, Any]:
    """Signed proof of whose key this is, for a server restored from before the enrolment."""
    return keys.current().sign(
        "papers",
        {
            "kind": "papers",
            "installation": str(installation(session)),
            "device": str(key.device_id),
            "user": str(key.user_id),
            "key_id": str(key.id),
            "public_key": crypto.b64(key.public_key),
            "at": key.created_at.isoformat(timespec="seconds"),
        },
    )


def opened(session: Session, user: User, device: Device, now: datetime) -> dict[str, Any]:
    """What a person gets after a full log-in on an enrolled device."""
    token, holder = tokens.open_session(session, user, device, now)
    device.last_contact = now
    mine = select(Unit).where(Unit.id.in_(user.unit_ids)).order_by(Unit.name)
    me = world.me(session, user)
    return {
        "user": {"id": me["id"], "name": me["name"], "title": me["title"], "lang": me["lang"], "role": user.role},
        "units": [{"id": str(unit.id), "name": unit.name} for unit in session.scalars(mine)],
        "device_id": str(device.id),
        "device_name": device.name,
        "installation": str(installation(session)),
        "session_token": token,
        "until": holder.until(now).isoformat(timespec="seconds"),
        "lease": tokens.lease(holder, now),
        "server_time": now.isoformat(timespec="milliseconds"),
        "epoch": feed.place(session).epoch,
        "server_signing_public": keys.current().signing_public(),
        "key_list": keys.current().key_list(),
    }


def reopen(session: Session, user: User, device: Device, wrap: Any, now: datetime) -> dict[str, Any] | Refused:
    """Give the vault key back after a forgotten PIN: same person, same device, full log-in. Logged."""
    try:
        raw = crypto.unb64(wrap if isinstance(wrap, str) and len(wrap) < 1000 else "")
        private = keys.current().private_for(raw[:8])
        vault_key = crypto.open_sealed(private, keys.return_info(user.id, device.id), raw[8:]) if private else b""
    except (ValueError, crypto.NotOpened):
        vault_key = b""
    if len(vault_key) != 32:
        log.write(session, user, "vault_reopen_refused", device_id=device.id)
        return Refused("Hvelvet kan ikke åpnes med denne innloggingen. Ingenting er endret.", 403)
    log.write(session, user, "vault_reopened", device_id=device.id)
    key = session.scalar(
        select(UserKey)
        .where(UserKey.user_id == user.id, UserKey.device_id == device.id, UserKey.status == "active")
        .order_by(UserKey.created_at.desc())
        .limit(1)
    )
    proof = {"key_id": str(key.id), "papers": papers(session, key)} if key else {}
    return {"vault_key": crypto.b64(vault_key), **proof, **opened(session, user, device, now)}


def installation(session: Session) -> UUID:
    found = session.scalar(select(Municipality.installation).limit(1))
    if found is None:
        raise LookupError("the database holds no municipality")
    return found
