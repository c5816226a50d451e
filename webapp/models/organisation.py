"""The municipality, its units, its settings and its staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now


class Municipality(Base):
    """The one organisation an installation serves."""

    __tablename__ = "municipality"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2), default="nb")
    installation: Mapped[UUID] = mapped_column(default=uuid4)


class Setting(Base):
    """One version of the municipality's settings; a change is a new row."""

    __tablename__ = "setting"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class Unit(Base):
    """A home-care unit with its own route."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class User(Base, UserMixin):
    """Somebody who may log in. Roles: see accounts/policy.py."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(80), default="")
    hpr: Mapped[str | None] = mapped_column(String(9))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(255))  # empty: nobody logs in to this account by a password
    password_until: Mapped[datetime | None]  # a one-time password: when it ends, unless she has chosen her own before
    oidc_subject: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    language: Mapped[str | None] = mapped_column(String(2))
    home_street: Mapped[str] = mapped_column(String(64), default="", server_default="")  # a mark of it: see accounts/home.py
    disabled_at: Mapped[datetime | None]
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", lazy="selectin")

    @property
    def is_active(self) -> bool:
        """Flask-Login's question: may this account log in."""
        return self.disabled_at is None

    @property
    def unit_ids(self) -> list[UUID]:
        """The units this person works in or leads."""
        return [one.unit_id for one in self.memberships]


class Membership(Base):
    """A person's place in a unit."""

    __tablename__ = "membership"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    user: Mapped[User] = relationship(back_populates="memberships")


class WebSession(Base):
    """A log-in in a browser. The signed cookie only names it, so that logging out ends it wherever the cookie went."""

    __tablename__ = "web_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(60), default="", server_default="")
    device_id: Mapped[UUID | None] = mapped_column(index=True)  # of the tablet in whose browser it is, if it was one in use


class OidcAnswer(Base):
    """A log-in by the provider that was answered, by the hash of its state: none is answered twice. Kept for minutes."""

    __tablename__ = "oidc_answer"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
