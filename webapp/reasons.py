"""Why a record waits, was not accepted, or what was decided about it: one sentence per code. Twin: sw/reasons.js."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

REFUSED = {
    "signature": "Signaturen stemmer ikke.",
    "unreadable": "Innholdet kan ikke åpnes.",
    "payload": "Innholdet kan ikke leses.",
    "payload_too_large": "Innholdet er for stort.",
    "version_unknown": "Ukjent versjon av formatet.",
    "kind_unknown": "Ukjent type registrering.",
    "kind_mismatch": "Typen registrering stemmer ikke med innholdet.",
    "id_mismatch": "Nummeret stemmer ikke med innholdet.",
    "id_conflict": "En annen registrering har samme nummer.",
    "corrects_other": "Sjekken den retter, gjelder en annen bruker.",
    "corrects_hidden": "Sjekken den retter, er slettet eller sperret av journalansvarlig.",
    "corrects_waiting": "Sjekken den retter, venter på avgjørelse hos leder.",
    "compromised": "Nøkkelen er meldt tapt.",
    "unknown_key": "Nøkkelen er ukjent.",
    "unknown_person": "Brukeren er ukjent.",
    "unknown_unit": "Enheten er ukjent.",
    "no_access": "Forfatteren hadde ikke tilgang til denne brukeren.",
    "installation": "Registreringen hører til en annen installasjon.",
    "bundle_unknown": "Skjemaversjonen er ukjent.",
    "bundle_differs": "Skjemaet er et annet enn det serveren har.",
    "answers": "Svarene følger ikke skjemaet.",
    "answers_invalid": "Svarene følger ikke skjemaet.",
    "answers_missing": "Svarene er ikke fullstendige.",
    "common": "Opplysningene om besøket kan ikke leses.",
    "not_stored": "Databasen tok ikke imot registreringen.",
    "not_image": "Filen er ikke et bilde som kan brukes.",
    "broken": "Bildet er skadet.",
    "polyglot": "Filen inneholder annet enn et bilde.",
    "too_many_pixels": "Bildet har for mange bildepunkter.",
    "too_large": "Bildet er for stort.",
    "photos_off": "Kommunen tar ikke imot bilder nå.",
    "not_in_check": "Bildet hører ikke til et funn i sjekken.",
    "gone": "Serveren har mistet det, og kopien på enheten er slettet for å gi plass. Si fra til leder.",
    "hash_differs": "Bildet er et annet enn det som ble tatt.",
    "rejected": "Leder har bestemt at den ikke skal legges inn.",
}
WAITS = {
    "unknown_kid": "Serveren kjenner ikke nøkkelen den er forseglet med. Den forsegles på nytt når du låser opp.",
    "busy": "Serveren er opptatt. Den sendes på nytt av seg selv.",
    "disk": "Serveren har ikke plass. Den sendes på nytt av seg selv.",
    "too_large": "Serveren sier at den er for stor. Den ligger trygt her. Si fra til leder.",
    "no_check": "Sjekken det hører til, er ikke lagt inn ennå. Det sendes på nytt av seg selv.",
    "hash": "Noe ble borte på veien. Det sendes på nytt av seg selv.",
    "kind_not_taken": "Serveren tar ikke imot denne typen ennå. Den sendes på nytt av seg selv.",
    "newer_app": "Appen er nyere enn serveren. Den sendes på nytt av seg selv når serveren er oppdatert.",
    "unanswered": "Serveren svarer ikke på akkurat denne. Den ligger trygt her og prøves igjen. Si fra til leder.",
}
DECIDED = {
    "accept": "Lagt inn av leder.",
    "assign": "Lagt inn på rett bruker av leder.",
    "unit": "Lagt inn i rett enhet av leder.",
    "reject": "Ikke lagt inn. Leder har bestemt det.",
    "resolved": "Godtatt da den kom på nytt.",
    "move": "Flyttet til riktig bruker.",
    "delete": "Slettet etter vedtak.",
    "block": "Sperret for innsyn.",
}


def said_by(known: Mapping[str, Any], t: Callable[..., str]) -> str:
    """Who decided about a record, in her own words; empty when nobody did."""
    told = known.get("decided") or {}
    return t("%(who)s: «%(reason)s»", who=told["by"], reason=told["reason"]) if told.get("reason") else ""


def sentence(state: str, code: str, t: Callable[..., str]) -> str:
    """In the reader's language. `state` as in the outbox: waiting, quarantined or received (then a decision)."""
    if state == "waiting":
        return t(WAITS.get(code, "Serveren ba om å vente. Den sendes på nytt av seg selv."))
    if state == "received":
        return t(DECIDED[code]) if code in DECIDED else ""
    if code.startswith("not_judged"):
        return t("Svarene kunne ikke vurderes.")
    return t(REFUSED.get(code, "Registreringen kunne ikke godtas."))
