"""Many refused records taken in at once: those that nothing stands in the way of any longer."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from webapp import db, errors
from webapp.accounts import policy
from webapp.models import Quarantine, QuarantineDecision, User
from webapp.sync import repair
from webapp.sync.quarantine import ACCEPT, FIRST, WAITS
from webapp.words import Translate

MOST = 200


def take_in(user: User, reason: str) -> int | repair.Refused:
    """Judge again what waits for this supervisor, and accept what is in order now, each as if decided alone; at most `MOST` a time.

    Commits each by itself, so that one that fails takes no other with it. Returns how many were taken in."""
    if not repair.is_reason(reason):
        return repair.NO_REASON
    session = db.session()
    # as they were made: a correction comes after what it corrects
    waiting = policy.refused_of(user).where(FIRST, WAITS).order_by(Quarantine.claimed_id).with_only_columns(Quarantine.envelope_hash)
    taken = 0
    for envelope_hash in session.scalars(waiting).all():
        try:
            done = _in_order(session, envelope_hash, user) and repair.decide(
                session, envelope_hash, repair.Wish(ACCEPT, reason), user
            )
            if isinstance(done, QuarantineDecision):
                session.commit()
                taken += 1
            else:
                session.rollback()
        except Exception as wrong:  # noqa: BLE001 - one that still breaks the program stays where it is
            session.rollback()
            current_app.logger.error("a refused record was not taken in: %s\n%s", type(wrong).__name__, errors.places(wrong))
        if taken == MOST:
            break
    return taken


def _in_order(session: Session, envelope_hash: str, user: User) -> bool:
    """Whether nothing stands in its way, in spite of what it would have to be taken in."""
    seen = repair.look(session, session.get_one(Quarantine, envelope_hash).envelope)
    return not seen.against and seen.may(ACCEPT) and policy.belongs(user, seen.person)


def words(taken: int, t: Translate) -> str:
    """What became of it."""
    if not taken:
        return t("Ingen kunne legges inn nå. Ingenting er endret.")
    told = t("1 registrering er lagt inn.") if taken == 1 else t("%(n)s registreringer er lagt inn.", n=taken)
    return told + " " + t("Flere kan vente: gjør det en gang til.") if taken == MOST else told
