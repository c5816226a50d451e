"""What a person is told about log-in by the provider, on the log-in page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from webapp.accounts.oidc_settings import OidcSettings
from webapp.words import Translate

CODE = re.compile("[0-9a-f]{8}")
SAID = {
    "cancelled": "Innloggingen ble avbrutt. Ingenting er endret. Prøv igjen når du vil.",
    "down": "Innloggingstjenesten svarer ikke som den skal akkurat nå. Ingenting er endret. Prøv igjen om litt.",
    "answer": "Svaret fra innloggingstjenesten kunne ikke godtas, og du er ikke logget inn. Prøv igjen, og si fra til den som drifter "
    "løsningen hvis det skjer flere ganger.",
    "used": "Innloggingen var utløpt eller alt brukt. Ingenting er endret. Start på nytt her.",
    "level": "Du må logge inn på høyeste sikkerhetsnivå (nivå 4), for eksempel med BankID. Ingenting er endret. Prøv igjen.",
    "unknown": "Innloggingen gikk bra, men du har ingen konto her. Ingenting er endret. Be en administrator om en konto.",
    "closed": "Kontoen din her er stengt. Ingenting er endret. Snakk med en administrator.",
    "unclear": "Det du logget inn med, stemmer ikke med kontoen som er registrert her. Ingenting er endret. Si fra til en administrator.",
}


def said(query: Mapping[str, str], t: Translate) -> str:
    """The sentence for what the last try ended with; empty when the address names none."""
    why = query.get("oidc", "")
    if why not in SAID:
        return ""
    code = query.get("code", "")
    more = t("Oppgi koden %(code)s.", code=code) if why in ("unknown", "unclear") and CODE.fullmatch(code) else ""
    return f"{t(SAID[why])} {more}".strip()


def offer(settings: OidcSettings | None, target: str) -> dict[str, str] | None:
    """The way to the provider, where there is one."""
    return {"name": settings.name, "url": "/login/oidc?" + urlencode({"next": target})} if settings else None
