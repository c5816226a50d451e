"""The measures that are defined and that what is recorded here cannot carry, with what is missing: said, not left out in silence."""

from __future__ import annotations

from collections.abc import Collection

from webapp.words import Translate

WHAT_IS_MISSING = {
    "F-P2": "Andel i risiko med individuelle tiltak: ansvarlig person for hvert tiltak registreres ikke.",
    "F-P4": "Andel overganger med fallinformasjon overført: overganger og hva som ble sendt, registreres ikke.",
    "F-B1, S-B1": "Minutter per sjekk og registreringstid per bruker: tiden en sjekk tar, registreres ikke.",
    "K-P3": "Andel ansatte med gjennomført opplæring: opplæring registreres ikke.",
    "L-R3": "Legemiddelavvik: avvik meldes i et annet system.",
    "S-P3, S-P4": "Tavlemøter og kommenterte signaler: det registreres ikke om møtet ble holdt, eller når et signal ble kommentert.",
    "H-R1": "Skadefri: det finnes ikke noe tidsvindu for en felles kartlegging.",
}


def listed(counted: Collection[str], t: Translate) -> list[dict[str, str]]:
    """Those of which nothing is counted."""
    return [{"id": names, "text": t(WHAT_IS_MISSING[names])} for names in WHAT_IS_MISSING if not set(names.split(", ")) & set(counted)]
