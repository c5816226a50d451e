"""Who is in a network, and the code a unit joins with. Kept as versions; the commit is in the route."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from webapp.improvement import work
from webapp.improvement.work import Item, Refused
from webapp.models import Unit, User, WorkVersion

LETTERS, LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 8  # none that is read as another
MEASURES = ("measure", "measure2", "measure3")


def code_item(network: UUID) -> UUID:
    return uuid5(network, "code")


def make_code(session: Session, network: Item, by: User) -> Item | Refused:
    """The first code, or another one: the old one then opens nothing."""
    known, data = work.one(session, code_item(network.id)), {"code": "".join(secrets.choice(LETTERS) for _ in range(LENGTH))}
    if known:
        return work.again(session, known, data, by)
    return work.begin(session, "code", network.unit_id, data, by, network.id, code_item(network.id))


def code_of(session: Session, network: UUID) -> str:
    found = work.one(session, code_item(network))
    return found.get("code") if found else ""


def by_code(session: Session, said: str) -> Item | None:
    """The network whose code this is."""
    plain = "".join(said.upper().split()).replace("-", "")
    if len(plain) != LENGTH:
        return None
    for one in work.read(session, WorkVersion.kind == "code"):
        if one.parent and secrets.compare_digest(one.get("code").encode(), plain.encode()):
            network = work.one(session, one.parent)
            return network if network and not network.gone else None
    return None


def of_leader(session: Session, led: Collection[UUID]) -> list[Item]:
    """The networks these units hold or are in."""
    joined = {one.parent for one in work.of_units(session, led, "team")}
    every = work.read(session, (WorkVersion.kind == "network") & (WorkVersion.unit_id.in_(led) | WorkVersion.item.in_(joined)))
    return [one for one in every if not one.gone]


def of_network(session: Session, network: UUID) -> list[tuple[Item, Unit]]:
    """Its teams, by name: never by how they do."""
    found = [(one, session.get_one(Unit, one.unit_id)) for one in work.under(session, network) if one.kind == "team"]
    return sorted(found, key=lambda pair: pair[1].name.casefold())


def join(session: Session, network: Item, unit: Unit, by: User, agreed: Collection[str]) -> Item | Refused:
    """The unit is in and shares these measures; once more with the same ones changes nothing."""
    known, data = work.one(session, uuid5(network.id, unit.id.hex)), {"measures": sorted(agreed)}
    if known is None:
        return work.begin(session, "team", unit.id, data, by, network.id, uuid5(network.id, unit.id.hex))
    return work.again(session, known, data, by) if known.gone or known.data != data else known


def leave(session: Session, network: Item, unit: UUID, by: User) -> Item | Refused:
    """The unit is out, and its numbers with it; what it wrote stays."""
    known = work.one(session, uuid5(network.id, unit.hex))
    return work.take_away(session, known, by, known.number) if known else Refused(work.OVERTAKEN)


def agreed(team: Item) -> set[str]:
    """What its leader read that it shares: a measure the network chose later is not shared before she has read of it."""
    return set(team.data.get("measures") or ())


def followed(network: Item) -> list[str]:
    """The measures it follows, each once."""
    return list(dict.fromkeys(one for name in MEASURES if (one := network.get(name))))
