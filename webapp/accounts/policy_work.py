"""Access to improvement work and leadership, by the same rules as policy.py: who leads a unit reads and changes what is that unit's."""

from __future__ import annotations

from uuid import UUID

from flask import abort, request
from sqlalchemy import select

from webapp import db
from webapp.accounts import log, policy
from webapp.accounts.policy import RECORD, REVIEW, TOKENS, may
from webapp.improvement import work
from webapp.improvement.work import Item
from webapp.models import Unit, User


def led_units(user: User) -> list[Unit]:
    """The units whose work this person leads."""
    return policy.units_of(db.session(), user) if may(user, REVIEW) else []


def token_units(user: User) -> list[Unit]:
    """The units whose aggregates she may open to another system: those she leads; all of them for an administrator."""
    if not may(user, TOKENS):
        return []
    return policy.units_of(db.session(), user) if may(user, RECORD) else list(db.session().scalars(select(Unit).order_by(Unit.name)))


def led_unit_or_404(user: User, asked: str) -> Unit | None:
    """The unit asked for, among those she leads; the first when none is asked for; None when she leads none."""
    every = led_units(user)
    if not asked:
        return every[0] if every else None
    found = next((one for one in every if str(one.id) == asked), None)
    if found is None:
        log.refused(user, request.endpoint or "", "unit")
        abort(404)
    return found


def item_or_404(user: User, item_id: UUID, *kinds: str) -> Item:
    """A thing of these kinds in the units she leads."""
    found = work.one(db.session(), item_id)
    if found is None or found.kind not in kinds or found.unit_id not in {one.id for one in led_units(user)}:
        log.refused(user, request.endpoint or "", "work")
        abort(404)
    return found


def team_units(network: UUID) -> set[UUID]:
    """The units that are in a network now."""
    return {one.unit_id for one in work.under(db.session(), network) if one.kind == "team"}


def network_or_404(user: User, network_id: UUID, *, host: bool = False) -> Item:
    """A network of a unit she leads, or one that such a unit is in; with `host` only the first."""
    found, led = work.one(db.session(), network_id), {one.id for one in led_units(user)}
    mine = found is not None and found.kind == "network" and not found.gone
    if found is None or not mine or not (found.unit_id in led or (not host and led & team_units(network_id))):
        log.refused(user, request.endpoint or "", "network")
        abort(404)
    return found


def network_file_or_404(user: User, network_id: UUID, file_id: UUID, *, own: bool = False) -> Item:
    """A file of a post that stands in a network she may read; with `own` only one of a unit she leads."""
    network, found = network_or_404(user, network_id), work.one(db.session(), file_id)
    post = work.one(db.session(), found.parent) if found and found.kind == "file" and found.parent else None
    stands = post is not None and post.kind == "post" and post.parent == network.id and not post.gone
    if found is None or not stands or found.gone or (own and found.unit_id not in {one.id for one in led_units(user)}):
        log.refused(user, request.endpoint or "", "network")
        abort(404)
    return found
