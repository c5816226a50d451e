"""What somebody shows besides her password: a code from an app (RFC 6238), a recovery code, or a passkey (passkey.py)."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import segno
from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.accounts import passkey, policy
from webapp.models import RecoveryCode, SecondFactor, User, WrongCode
from webapp.sync import codes, keys

STEP = 30  # seconds that a code stands on the screen
BESIDE = 1  # steps that a phone's clock may be wrong by
CODES, CODE_LENGTH = 10, 10  # recovery codes; letters of one, 50 bits
TRIES = 5  # wrong codes in a row before none is looked at for a while
WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(hours=24)
SETUP_LIFE = timedelta(minutes=15)
KIND = "second factor"


@dataclass(eq=False)
class Closed(Exception):
    """Too many wrong codes: none of hers is looked at before then."""

    until: datetime


def has_app(session: Session, user: User) -> bool:
    """Whether an app makes codes for her."""
    return session.get(SecondFactor, user.id) is not None


def demanded(user: User) -> bool:
    """Whether her role needs one when she logs in by password."""
    return bool(current_app.config["SECOND_FACTOR"]) and user.role in policy.TWO_FACTORS


def wanted(session: Session, user: User) -> str:
    """What stands behind her password: `show` what she has, `make` one, or nothing."""
    if has_app(session, user):
        return "show"
    if not demanded(user):
        return ""
    return "show" if passkey.of(session, user) else "make"


def setup(user: User) -> tuple[str, str]:
    """A new secret, and how her page carries it until she has shown that her app knows it: signed, hers, and good for minutes."""
    secret = pyotp.random_base32()
    return _serializer().dumps([user.id.hex, secret]), secret


def secret_of(user: User, carried: str) -> str | None:
    """The secret that her page carried; None when it is too old, or not hers."""
    try:
        owner, secret = _serializer().loads(carried, max_age=int(SETUP_LIFE.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(secret) if owner == user.id.hex else None


def picture(user: User, secret: str) -> str:
    """The QR code that an app scans."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name="TryggRunde")
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def confirm(session: Session, user: User, secret: str, typed: str, now: datetime) -> list[str] | None:
    """Her app is hers from now on if the code is right; then the recovery codes, shown once. The caller commits."""
    session.refresh(user, with_for_update=True)
    step = _step(secret, _digits(typed), 0, now)
    if step is None:
        return None
    row = session.get(SecondFactor, user.id) or SecondFactor(user_id=user.id)
    row.secret, row.made_at, row.last_step = keys.current().enclose(secret.encode(), KIND, user.id), now, step
    session.add(row)
    return new_codes(session, user)


def new_codes(session: Session, user: User) -> list[str]:
    """Recovery codes; those from before count no more. The caller commits."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = ["".join(secrets.choice(codes.ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user.id, code_hash=keys.current().code_hashes(one, "recovery")[0]) for one in made)
    return [f"{one[:5]}-{one[5:]}" for one in made]


def codes_left(session: Session, user: User) -> int:
    """Recovery codes that were not used."""
    asked = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return session.scalar(asked) or 0


def show(session: Session, user: User, typed: str, now: datetime) -> str:
    """`app` or `recovery` when the code is right, once; empty when it is wrong, and that is counted. The caller commits either way."""
    session.refresh(user, with_for_update=True)  # one try at a time
    wrong = session.get(WrongCode, user.id, populate_existing=True) or WrongCode(user_id=user.id, tries=0)
    if wrong.closed_until is not None and wrong.closed_until > now:
        raise Closed(wrong.closed_until)
    if kind := _by_app(session, user, typed, now) or _by_paper(session, user, typed, now):
        session.execute(delete(WrongCode).where(WrongCode.user_id == user.id))
        return kind
    wrong.tries += 1
    if wrong.tries >= TRIES:
        wrong.closed_until = now + min(WAIT * 2 ** min(wrong.tries - TRIES, 10), LONGEST_WAIT)
    session.add(wrong)
    return ""


def remove(session: Session, user: User) -> None:
    """Her app and her recovery codes count no more. The caller commits."""
    for table in (SecondFactor, RecoveryCode, WrongCode):
        session.execute(delete(table).where(table.user_id == user.id))


def _by_app(session: Session, user: User, typed: str, now: datetime) -> str:
    row = session.get(SecondFactor, user.id, populate_existing=True)
    secret = keys.current().disclose(row.secret, KIND, user.id) if row else None
    if row is None or secret is None:
        return ""
    step = _step(secret.decode(), _digits(typed), row.last_step, now)
    if step is None:
        return ""
    row.last_step = step
    return "app"


def _by_paper(session: Session, user: User, typed: str, now: datetime) -> str:
    code = typed.upper().translate(codes.READ_AS)
    if len(code) != CODE_LENGTH:
        return ""
    mine = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    found = session.scalar(mine.where(RecoveryCode.code_hash.in_(keys.current().code_hashes(code, "recovery"))))
    if found is None:
        return ""
    found.used_at = now
    return "recovery"


def _digits(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")[:20]


def _step(secret: str, code: str, after: int, now: datetime) -> int | None:
    """Which step's code this is, of those near now and after the last that was used."""
    here, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    near = range(max(here - BESIDE, after + 1), here + BESIDE + 1)
    return next((one for one in near if hmac.compare_digest(totp.generate_otp(one).encode(), code.encode())), None)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=KIND)
