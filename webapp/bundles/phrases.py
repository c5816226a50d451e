"""The words of `explain`, in bokmål, nynorsk and English. {a} {b} … are filled in."""

from __future__ import annotations

LANGS = ("nb", "nn", "en")

_TABLE: dict[str, tuple[str, str, str]] = {
    # conditions
    "eq": ("{a} er {b}", "{a} er {b}", "{a} is {b}"),
    "ne": ("{a} er besvart med noe annet enn {b}", "{a} er svart med noko anna enn {b}", "{a} is answered other than {b}"),
    "lt": ("{a} er under {b}", "{a} er under {b}", "{a} is below {b}"),
    "le": ("{a} er høyst {b}", "{a} er høgst {b}", "{a} is at most {b}"),
    "gt": ("{a} er over {b}", "{a} er over {b}", "{a} is above {b}"),
    "ge": ("{a} er minst {b}", "{a} er minst {b}", "{a} is at least {b}"),
    "before": ("{a} er før {b}", "{a} er før {b}", "{a} is before {b}"),
    "until": ("{a} er {b} eller før", "{a} er {b} eller før", "{a} is {b} or earlier"),
    "after": ("{a} er senere enn {b}", "{a} er seinare enn {b}", "{a} is later than {b}"),
    "from": ("{a} er {b} eller senere", "{a} er {b} eller seinare", "{a} is {b} or later"),
    "not_in": ("{a} er noe annet enn {b}", "{a} er noko anna enn {b}", "{a} is something else than {b}"),
    "includes": ("{a} har med {b}", "{a} har med {b}", "{a} includes {b}"),
    "set_is": ("{a} er bare {b}", "{a} er berre {b}", "{a} is only {b}"),
    "set_is_not": ("{a} er noe annet enn bare {b}", "{a} er noko anna enn berre {b}", "{a} is not only {b}"),
    "not_eq": ("{a} er ikke {b}", "{a} er ikkje {b}", "{a} is not {b}"),
    "not_plain": ("ikke {a}", "ikkje {a}", "not {a}"),
    "not": ("ikke ({a})", "ikkje ({a})", "not ({a})"),
    "answered": ("{a} er besvart", "{a} er svart på", "{a} is answered"),
    "not_answered": ("{a} er ikke besvart", "{a} er ikkje svart på", "{a} is not answered"),
    "is_date": ("{a} er en dato", "{a} er ein dato", "{a} is a date"),
    "surely_after": ("{a} er helt sikkert etter {b}", "{a} er heilt sikkert etter {b}", "{a} is surely after {b}"),
    "and": (", og ", ", og ", ", and "),
    "or": (", eller ", ", eller ", ", or "),
    "one_of": (" eller ", " eller ", " or "),
    "any": ("minst ett {a} der {b}", "minst eitt {a} der {b}", "at least one {a} where {b}"),
    "any_plain": ("minst ett {a}", "minst eitt {a}", "at least one {a}"),
    "all": ("hvert {a} har at {b}", "kvart {a} har at {b}", "every {a} has that {b}"),
    "count": ("antall {a} der {b}", "talet på {a} der {b}", "the number of {a} where {b}"),
    "count_plain": ("antall {a}", "talet på {a}", "the number of {a}"),
    "raised": ("siste sjekk ga {a}", "siste sjekk gav {a}", "the latest check raised {a}"),
    "open_code": ("{a} er åpent", "{a} er ope", "{a} is open"),
    "known": ("kjent fra før", "kjent frå før", "known from before"),
    "always": ("alltid", "alltid", "always"),
    # values
    "today": ("dagen for sjekken", "dagen for sjekken", "the day of the check"),
    "now": ("i dag", "i dag", "today"),
    "days_since": ("dager siden {a}", "dagar sidan {a}", "days since {a}"),
    "days_between": ("dager fra {a} til {b}", "dagar frå {a} til {b}", "days from {a} to {b}"),
    "after_workdays": ("{b} virkedager etter {a}", "{b} verkedagar etter {a}", "{b} working days after {a}"),
    "add": ("{a} + {b}", "{a} + {b}", "{a} + {b}"),
    "subtract": ("{a} − {b}", "{a} − {b}", "{a} − {b}"),
    "default": ("{a}, ellers {b}", "{a}, elles {b}", "{a}, otherwise {b}"),
    "lower": ("den laveste av {a} og {b}", "den lågaste av {a} og {b}", "the lower of {a} and {b}"),
    "higher": ("den høyeste av {a} og {b}", "den høgaste av {a} og {b}", "the higher of {a} and {b}"),
    "if": ("{b} når {a}, ellers {c}", "{b} når {a}, elles {c}", "{b} when {a}, otherwise {c}"),
    "last": ("{a} i forrige sjekk", "{a} i førre sjekk", "{a} in the last check"),
    "last_of": ("{a} i siste «{b}»", "{a} i siste «{b}»", "{a} in the latest “{b}”"),
    "prior": ("{a} forrige gang", "{a} førre gong", "{a} last time"),
    "then": ("{a} den gangen", "{a} den gongen", "{a} that time"),
    "day_of": ("dagen for siste «{a}»", "dagen for siste «{a}»", "the day of the latest “{a}”"),
    "past": ("tidligere «{a}»", "tidlegare «{a}»", "earlier “{a}”"),
    "open": ("åpent «{a}»", "ope «{a}»", "open “{a}”"),
    "earlier": ("tidligere registrering av samme kort", "tidlegare registrering av same kort", "earlier record of the same card"),
    "card": ("kort under «{a}»", "kort under «{a}»", "card under “{a}”"),
    "group": ("punkt i «{a}»", "punkt i «{a}»", "item in “{a}”"),
    "element": ("det", "det", "it"),
    "trigger": ("dagen for «{a}»", "dagen for «{a}»", "the day of “{a}”"),
    "param": ("{a}", "{a}", "{a}"),
    "performed_on": ("dagen for siste sjekk", "dagen for siste sjekk", "the day of the latest check"),
    "record_on": ("dagen den ble registrert", "dagen det vart registrert", "the day it was recorded"),
    "opened_on": ("dagen den først ble registrert", "dagen det først vart registrert", "the day it was first recorded"),
    "outcome": ("utfallet", "utfallet", "the outcome"),
    "context": ("anledningen", "høvet", "the occasion"),
    "actions": ("tiltakene", "tiltaka", "the actions"),
    "not_done_reason": ("grunnen", "grunnen", "the reason"),
    "fall_group": ("bruker er i fallgruppa (65 år eller eldre, eller satt av personalet)",
                   "brukaren er i fallgruppa (65 år eller eldre, eller sett av personalet)",
                   "the user is in the fall group (65 or older, or set by staff)"),
    "end_of_life": ("livets sluttfase er satt", "livets sluttfase er sett", "end of life is set"),
    "age": ("alder", "alder", "age"),
    "true": ("ja", "ja", "yes"),
    "false": ("nei", "nei", "no"),
}

_MORE: dict[str, tuple[str, str, str]] = {
    # sections and lines
    "questions": ("Spørsmål: {a}", "Spørsmål: {a}", "Questions: {a}"),
    "values": ("Utregnede verdier: {a}", "Utrekna verdiar: {a}", "Worked-out values: {a}"),
    "flags": ("Flagg: {a}", "Flagg: {a}", "Flags: {a}"),
    "due": ("Når sjekken skal gjøres: {a}", "Når sjekken skal gjerast: {a}", "When the check is due: {a}"),
    "checks": ("Kontroll av svar: {a}", "Kontroll av svar: {a}", "Checks of answers: {a}"),
    "parameters": ("Tall kommunen kan endre", "Tal kommunen kan endre", "Numbers the municipality may change"),
    "sources": ("Kilder", "Kjelder", "Sources"),
    "when": ("Når: {a}.", "Når: {a}.", "When: {a}."),
    "asked": ("Spørres når: {a}.", "Blir spurt når: {a}.", "Asked when: {a}."),
    "required": ("Må besvares når: {a}.", "Må svarast på når: {a}.", "Required when: {a}."),
    "optional": ("Valgfritt.", "Valfritt.", "Optional."),
    "options": ("Svar: {a}.", "Svar: {a}.", "Answers: {a}."),
    "range": ("Fra {a} til {b}.", "Frå {a} til {b}.", "From {a} to {b}."),
    "warns": ("Varsler under {a} eller over {b}.", "Varslar under {a} eller over {b}.", "Warns below {a} or above {b}."),
    "warns_below": ("Varsler under {a}.", "Varslar under {a}.", "Warns below {a}."),
    "warns_above": ("Varsler over {a}.", "Varslar over {a}.", "Warns above {a}."),
    "prefilled": ("Fylles ut fra forrige sjekk og bekreftes.", "Blir fylt ut frå førre sjekk og stadfesta.",
                  "Filled in from the last check and confirmed."),
    "suggested": ("Foreslås ut fra det som er kjent.", "Blir føreslått ut frå det som er kjent.",
                  "Suggested from what is known."),
    "rule": ("Regel {a}.", "Regel {a}.", "Rule {a}."),
    "timed": ("Kommer av seg selv når tiden er ute.", "Kjem av seg sjølv når tida er ute.", "Comes by itself when time is up."),
    "per_card": ("Ett flagg per kort under «{a}».", "Eitt flagg per kort under «{a}».", "One flag per card under “{a}”."),
    "latest_days": ("{a} dager etter siste sjekk.", "{a} dagar etter siste sjekk.", "{a} days after the latest check."),
    "trigger_days": ("{a} dager etter: {b}.", "{a} dagar etter: {b}.", "{a} days after: {b}."),
    "days_before": ("{a} dager før: {b}.", "{a} dagar før: {b}.", "{a} days before: {b}."),
    "trigger_workdays": ("{a} virkedager etter: {b}.", "{a} verkedagar etter: {b}.", "{a} working days after: {b}."),
    "on_day": ("{a}.", "{a}.", "{a}."),
    "next_visit": ("Gjøres allerede ved neste besøk.", "Blir gjort alt ved neste besøk.", "Done already at the next visit."),
    "otherwise": ("Bare når ingen av grunnene over gjelder.", "Berre når ingen av grunnane over gjeld.",
                  "Only when none of the reasons above applies."),
    "applies": ("Gjelder bare når: {a}.", "Gjeld berre når: {a}.", "Only applies when: {a}."),
    "case": ("{b}: {a}.", "{b}: {a}.", "{b}: {a}."),
    "else": ("Ellers: {a}.", "Elles: {a}.", "Otherwise: {a}."),
    "is": ("Er: {a}.", "Er: {a}.", "Is: {a}."),
    "param_line": ("{a} (fra {b} til {c}).", "{a} (frå {b} til {c}).", "{a} (from {b} to {c})."),
    "stop": ("Kan ikke lagres", "Kan ikkje lagrast", "Cannot be saved"),
    "warn": ("Varsel, bekreftes", "Varsel, blir stadfesta", "Warning, to be confirmed"),
    "urgent": ("Nå", "No", "Now"),
    "high": ("Høy", "Høg", "High"),
    "medium": ("Middels", "Middels", "Medium"),
    "info": ("Til orientering", "Til orientering", "Info"),
    # codes every form has
    "done": ("Gjort", "Gjort", "Done"),
    "partly_done": ("Delvis gjort", "Delvis gjort", "Partly done"),
    "not_done": ("Ikke gjort", "Ikkje gjort", "Not done"),
    "planned_visit": ("Planlagt besøk", "Planlagt besøk", "Planned visit"),
    "after_hospital": ("Etter sykehus eller korttid", "Etter sjukehus eller korttid", "After hospital or short stay"),
    "after_event": ("Etter hendelse", "Etter hending", "After event"),
    "by_phone": ("Per telefon", "Per telefon", "By phone"),
    "gp_contacted": ("Kontaktet fastlege", "Kontakta fastlege", "Contacted GP"),
    "ooh_contacted": ("Kontaktet legevakt", "Kontakta legevakt", "Contacted out-of-hours"),
    "emergency_113": ("Ringt 113", "Ringt 113", "Called 113"),
    "fixed_now": ("Rettet nå", "Retta no", "Fixed now"),
    "planned": ("Satt i plan", "Sett i plan", "Put in plan"),
    # triggers
    "service_start": ("oppstart av tjeneste", "oppstart av teneste", "start of service"),
    "discharge": ("utskriving", "utskriving", "discharge"),
    "acute_illness": ("akutt sykdom", "akutt sjukdom", "acute illness"),
    "fall": ("fall", "fall", "fall"),
    "weight_loss": ("vekttap", "vekttap", "weight loss"),
    "mobility_change": ("endret bevegelighet", "endra rørsleevne", "change in mobility"),
    "new_device": ("nytt utstyr", "nytt utstyr", "new equipment"),
    "med_change": ("legemiddelendring", "legemiddelendring", "medicine change"),
    "new_catheter": ("nytt kateter", "nytt kateter", "new catheter"),
    "dizziness": ("svimmelhet", "svimmelheit", "dizziness"),
    "review_planned": ("planlagt gjennomgang", "planlagd gjennomgang", "planned review"),
}

TRIGGER_WORDS = ("service_start", "discharge", "acute_illness", "fall", "weight_loss", "mobility_change", "new_device",
                 "med_change", "new_catheter", "dizziness", "review_planned")


_SINGULAR = {"1 dager ": "1 dag ", "1 dagar ": "1 dag ", "1 virkedager ": "1 virkedag ", "1 verkedagar ": "1 verkedag ",
             "1 days ": "1 day ", "1 working days ": "1 working day "}


def say(key: str, lang: str, **parts: str) -> str:
    """A phrase with its parts filled in."""
    entry = _TABLE.get(key) or _MORE[key]
    text = entry[LANGS.index(lang)]
    for name, value in parts.items():
        text = text.replace("{" + name + "}", value)
    for many, one in _SINGULAR.items():
        if text.startswith(many):
            text = one + text[len(many):]
    return text


def knows(key: str) -> bool:
    return key in _TABLE or key in _MORE
