"""The measures that are defined and that what is recorded here cannot carry, with what is missing: said, not left out in silence."""

from __future__ import annotations

from collections.abc import Collection

from webapp.words import Translate

WHAT_IS_MISSING = {
    "F-P2": "Andel i risiko med individuelle tiltak: ansvarlig person for hvert tiltak registreres ikke.",
    "F-P4": "Andel overganger med fallinformasjon overført: overganger og hva som ble sendt, registreres ikke.",
    "F-B1, S-B1": "Minutter per sjekk og registreringstid per bruker: tiden en sjekk tar, registreres ikke.",
    "T-P3": "Andel i risiko med alle tiltak mot trykksår: tiltakene står på sårkort, som ikke telles ennå.",
    "T-R1, T-R2, T-R3, T-B1": "Nye trykksår og forekomst etter kategori: sårkort telles ikke ennå.",
    "K-P3": "Andel ansatte med gjennomført opplæring: opplæring registreres ikke.",
    "K-R2": "Dager mellom kateterinfeksjoner: diagrammet finnes ikke ennå.",
    "K-B1": "Ny kateterisering etter fjerning: fjerning og ny innlegging telles ikke som hendelser.",
    "L-P2, L-R1, L-R2, L-B1": "Samstemte lister og uoverensstemmelser: kortene for uoverensstemmelser telles ikke ennå.",
    "L-P3": "Andel med legemiddelgjennomgang: dato for siste gjennomgang registreres ikke.",
    "L-R3": "Legemiddelavvik: avvik meldes i et annet system.",
    "S-P1, S-P2, S-P3, S-P4": "Visitter, tiltak i tide, tavlemøter og kommenterte signaler: dette er ikke tidsserier ennå.",
    "H-R1": "Skadefri: det finnes ikke noe tidsvindu for en felles kartlegging.",
}


def listed(counted: Collection[str], t: Translate) -> list[dict[str, str]]:
    """Those of which nothing is counted."""
    return [{"id": names, "text": t(WHAT_IS_MISSING[names])} for names in WHAT_IS_MISSING if not set(names.split(", ")) & set(counted)]
