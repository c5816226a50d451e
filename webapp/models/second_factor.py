"""What somebody shows besides her password: codes from an app, recovery codes, and how often a wrong one was tried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, utc_now


class SecondFactor(Base):
    """The secret that an app on her phone makes codes from, encrypted under a key of the key file."""

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # of the newest code that was used: it and those before count no more


class WrongCode(Base):
    """Wrong codes in a row, and until when no code of this person is looked at."""

    __tablename__ = "wrong_code"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    closed_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper for the day the phone is lost; only a MAC of it is kept, and it counts once."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
