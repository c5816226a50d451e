"""The second factor as template context."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from webapp import db
from webapp.accounts import passkey, second_factor
from webapp.accounts.session_pages import moment
from webapp.models import SecondFactor, User
from webapp.words import Translate

Context = dict[str, Any]
WRONG = {
    "code": "Koden er ikke riktig, eller den er alt brukt. Vent på neste kode i appen, og prøv igjen.",
    "setup": "Koden passer ikke til bildet, eller det har gått et kvarter. Ingenting er endret. Skann bildet på nytt og prøv igjen.",
    "other": "Noen begynte en annen innlogging i et annet vindu. Skriv koden til kontoen som står her.",
    "stale": "Det er mer enn ti minutter siden du logget inn. Logg ut, logg inn igjen, og prøv på nytt. Ingenting er endret.",
    "needed": "Rollen din må ha totrinnsinnlogging. Sett den opp på en ny telefon, eller lag en passnøkkel først. Ingenting er endret.",
}


def trouble(why: str, t: Translate) -> str:
    return t(WRONG[why]) if why in WRONG else ""


def closed(until: datetime, t: Translate) -> str:
    """No code is looked at for a while."""
    return t("For mange feil koder. Prøv igjen %(when)s, bruk en passnøkkel, eller be en administrator om hjelp.", when=moment(until))


def setting_up(user: User, carried: str) -> Context:
    """The picture to scan and the same as letters; with another secret when the page's own is too old."""
    secret = second_factor.secret_of(user, carried) if carried else None
    if secret is None:
        carried, secret = second_factor.setup(user)
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"setup": carried, "picture": second_factor.picture(user, secret), "letters": letters}


def own(user: User, t: Translate) -> Context:
    """What somebody has, for her own page."""
    session = db.session()
    row = session.get(SecondFactor, user.id)
    return {
        "second": {
            "since": moment(row.made_at) if row else "", "left": second_factor.codes_left(session, user),
            "demanded": second_factor.demanded(user),
            "may_remove": not second_factor.demanded(user) or bool(passkey.of(session, user)),
        }
    }  # fmt: skip


def of_other(user: User, t: Translate) -> Context:
    """What somebody has, for an administrator."""
    session = db.session()
    keys, app = len(passkey.of(session, user)), second_factor.has_app(session, user)
    has = [t("Koder fra en app")] if app else []
    has += [t("1 passnøkkel") if keys == 1 else t("%(n)s passnøkler", n=keys)] if keys else []
    none = t("Ikke satt opp. Kreves ved neste innlogging.") if second_factor.demanded(user) else t("Ikke satt opp.")
    return {"second_text": ", ".join(has) or none, "has_second": bool(has)}
