"""Files of posts. That one was there, and who took it away, is kept as versions like everything else; its bytes lie beside them,
sealed, and go when it is taken away: what should not have been shared is not kept either."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from uuid import UUID, uuid5

from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from webapp.improvement import files, named, work
from webapp.improvement.drawing import number
from webapp.improvement.work import Item, Refused
from webapp.models import User, WorkFile, WorkVersion
from webapp.sync import at_rest

AT_REST = b"tryggrunde file at rest"
MOST, MEGABYTE = 5, 1024 * 1024
MOST_BYTES, MOST_OF_POST, MOST_OF_NETWORK = 5 * MEGABYTE, 15 * MEGABYTE, 250 * MEGABYTE
EMPTY = Refused("En fil er tom. Ingenting er lagret. Velg filene på nytt.")
TOO_LARGE = Refused("En fil er større enn 5 MB. Ingenting er lagret. Velg filene på nytt.")
UNKNOWN = Refused("En fil er ikke PDF, PNG, JPEG, XLSX, CSV, DOCX eller ren tekst. Ingenting er lagret. Velg filene på nytt.")
PERSON = Refused("En fil har et fødselsnummer, eller navnet til en som får tjenester her. Ingenting er lagret. Andre leser den.")
MANY = Refused("Et innlegg kan ha høyst 5 filer, og 15 MB til sammen. Ingenting er lagret. Velg filene på nytt.")
FULL = Refused("Nettverket har ikke plass til flere filer. Ingenting er lagret. Ta bort noen av de gamle.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, judged."""

    name: str
    hash: str
    content: bytes


def read(session: Session, by: User, given: Iterable[FileStorage]) -> list[Sent] | Refused:
    """The files that were chosen, or why they may not be shared."""
    found: dict[str, Sent] = {}
    for one in given:
        data, said = one.stream.read(MOST_BYTES + 1), one.filename or ""
        if not said and not data:  # no file was chosen
            continue
        if not data or len(data) > MOST_BYTES:
            return TOO_LARGE if data else EMPTY
        judged = files.judged(data, said)
        if judged is None:
            return UNKNOWN
        name, hashed = files.safe_name(said, judged.kind), hashlib.sha256(data).hexdigest()
        if named.in_text(session, by, f"{name}\n{judged.text}"):
            return PERSON
        found.setdefault(hashed, Sent(name, hashed, judged.data))
    return list(found.values()) if len(found) <= MOST else MANY


def add(session: Session, post: Item, sent: Sequence[Sent], by: User) -> Refused | None:
    """Keep them with the post; one that is there already is not there twice."""
    every = work.under(session, post.id, gone=True) if sent else []
    there = [one for one in every if not one.gone]
    new = [one for one in sent if one.hash not in {each.get("hash") for each in there}]
    if len(there) + len(new) > MOST or total(there) + sum(len(one.content) for one in new) > MOST_OF_POST:
        return MANY
    if new and post.parent and total(of_network(session, post.parent)) + sum(len(one.content) for one in new) > MOST_OF_NETWORK:
        return FULL
    for place, one in enumerate(new, len(every)):  # two who add at once cannot both have the next place
        data = {"name": one.name, "size": len(one.content), "hash": one.hash}
        made = work.begin(session, "file", post.unit_id, data, by, post.id, uuid5(post.id, f"file {place}"))
        if isinstance(made, Refused):
            return made
        session.add(WorkFile(item=made.id, content=at_rest.sealed(AT_REST, made.id, one.content)))
    return None


def of_posts(session: Session, posts: Collection[UUID]) -> dict[UUID | None, list[Item]]:
    """The files of each post in the order they came, also those that were taken away."""
    found = work.read(session, WorkVersion.parent.in_(posts) & (WorkVersion.kind == "file"))
    return {post: list(every) for post, every in groupby(sorted(found, key=lambda one: str(one.parent)), key=lambda one: one.parent)}


def of_network(session: Session, network: UUID) -> list[Item]:
    posts = [one.id for one in work.under(session, network, gone=True) if one.kind == "post"]
    return [one for every in of_posts(session, posts).values() for one in every if not one.gone]


def total(every: Iterable[Item]) -> int:
    return sum(int(one.data["size"]) for one in every)


def content(session: Session, item: Item) -> bytes | None:
    found = session.get(WorkFile, item.id)
    return at_rest.opened(AT_REST, item.id, found.content) if found else None


def take_away(session: Session, item: Item, by: User) -> Item | Refused:
    """No longer there; that it was, and who took it away, stays."""
    session.execute(delete(WorkFile).where(WorkFile.item == item.id))
    return work.take_away(session, item, by, item.number)


def size_text(size: int) -> str:
    return f"{number(size / MEGABYTE)} MB" if size >= MEGABYTE else f"{ceil(size / 1024)} kB"
