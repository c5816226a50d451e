"""What an access log row says in words."""

from __future__ import annotations

from webapp.words import Translate

ACTIONS = {
    "person": "Så på opplysninger om bruker", "timeline": "Så på tidslinja", "check": "Så på en sjekk", "draft": "Så på eget utkast",
    "photo": "Så på et bilde", "quarantine_record": "Så på en sjekk som ikke er godtatt", "round": "Så på egen rute",
    "people": "Så på lista over brukere", "review_list": "Så på lista over varsler", "quarantine": "Så på lista over ikke godtatte",
    "coverage": "Så på tall for enheter", "sent": "Så på hva som er sendt", "snapshot": "Hentet ruta til en enhet",
    "search": "Søkte etter bruker", "work": "Så på forbedringsarbeid", "work_changed": "Endret forbedringsarbeid",
    "network": "Så på et læringsnettverk", "network_joined": "Tok en enhet med i et læringsnettverk",
    "network_left": "Tok en enhet ut av et læringsnettverk", "network_code": "Skrev en kode for et læringsnettverk",
    "network_file": "Hentet en fil fra et læringsnettverk", "network_file_added": "La en fil ved et innlegg i et læringsnettverk",
    "network_file_removed": "Tok bort en fil fra et læringsnettverk",
    "board": "Så på tavla", "board_names": "Viste navn på tavla", "board_link": "En skjerm uten innlogging viste tavla",
    "board_link_made": "Laget en lenke til tavla", "board_link_withdrawn": "Trakk tilbake en lenke til tavla",
    "check_begun": "Begynte på en sjekk", "check_recorded": "Registrerte en sjekk", "correction_begun": "Begynte på en retting",
    "draft_discarded": "Forkastet et utkast", "flag_closed": "Lukket et varsel", "flag_reopened": "Åpnet et varsel igjen",
    "flag_assigned": "Satte ansvarlig eller frist for et varsel", "quarantine_accept": "La inn en sjekk som ikke var godtatt",
    "quarantine_assign": "La inn en sjekk på riktig bruker", "quarantine_reject": "Lot være å legge inn en sjekk",
    "refused": "Ble nektet tilgang", "login_failed": "Feil ved innlogging", "vault_reopen_refused": "Fikk ikke åpnet data på en enhet",
    "login": "Logget inn", "logout": "Logget ut", "session_ended": "Logget ut et annet sted", "device_enrolled": "Tok i bruk en enhet",
    "device_code_made": "Laget en kode for å ta i bruk en enhet", "device_code_withdrawn": "Trakk tilbake en kode for en enhet",
    "device_code_refused": "Skrev en kode som ikke gjaldt, for å ta i bruk en enhet",
    "device_returned": "Ga en enhet ny informasjonskapsel",
    "device_renamed": "Ga en enhet nytt navn", "device_moved": "Flyttet en enhet til en annen sone",
    "device_revoked": "Sperret en enhet", "device_readmitted": "Enhet ble tatt inn igjen", "vault_made": "Begynte å bruke en enhet",
    "vault_reopened": "Åpnet data på en enhet igjen", "rescue_import": "Tok inn en redningsfil", "passkey_added": "La til en passnøkkel",
    "passkey_removed": "Fjernet en passnøkkel", "account_linked": "Koblet en konto",
    "home_noted": "Lagret avtrykk av gata til en ansatt", "home_removed": "Slettet avtrykk av gata til en ansatt",
    "lookup_begun": "Begynte et begrunnet oppslag",
    "lookup_ended": "Avsluttet et begrunnet oppslag", "lookup_search": "Søkte for å gjøre et begrunnet oppslag",
    "lookups": "Så på begrunnede oppslag", "lookup_reviewed": "Vurderte et begrunnet oppslag", "log": "Så på tilgangsloggen",
    "log_export": "Hentet ut tilgangsloggen", "log_print": "Laget utskrift av tilgangsloggen", "log_search": "Søkte i tilgangsloggen",
    "record_move": "Flyttet en registrering til riktig bruker", "record_delete": "Slettet en registrering etter vedtak",
    "record_block": "Sperret en registrering", "record_unblock": "Opphevet sperringen av en registrering",
    "record_refuse": "Avslo et krav om en registrering", "record_received": "Flyttet en registrering hit fra feil bruker",
    "account_created": "Laget en konto", "account_changed": "Endret en konto", "account_closed": "Stengte en konto",
    "account_reopened": "Åpnet en konto igjen", "account_logged_out": "Logget en ansatt ut overalt",
    "password_reset": "Ga en ansatt engangspassord", "password_changed": "Byttet passord",
    "second_factor_added": "Slo på totrinnsinnlogging", "second_factor_removed": "Slo av totrinnsinnlogging",
    "recovery_codes_made": "Laget nye gjenopprettingskoder",
    "measure_export": "Hentet ut tallene i en måling",
    "measure_token_made": "Laget en nøkkel for tall", "measure_token_revoked": "Trakk tilbake en nøkkel for tall",
    "measure_api": "Et annet system hentet tall", "measure_api_refused": "Et system uten gyldig nøkkel prøvde å hente tall",
    "measure_import": "Importerte eldre tall til en måling", "measure_import_undone": "Angret en import av eldre tall",
    "measure_decided": "Bestemte noe om et diagram", "measure_people": "Så på hvem som er bak et punkt i en måling",
    "unusual": "Så på uvanlige oppslag", "unusual_reviewed": "Vurderte et uvanlig oppslag",
}  # fmt: skip
KINDS: dict[str, tuple[str, ...]] = {
    "seen": ("person", "timeline", "check", "draft", "photo", "quarantine_record"),
    "changed": (
        "check_begun", "check_recorded", "correction_begun", "draft_discarded", "flag_closed", "flag_reopened", "flag_assigned",
        "quarantine_accept", "quarantine_assign", "quarantine_reject", "record_move", "record_delete", "record_block",
        "record_unblock", "record_refuse", "record_received",
    ),
    "lists": (
        "round", "people", "review_list", "quarantine", "coverage", "measure_people", "measure_export", "sent", "snapshot", "search",
        "work", "work_changed", "board", "board_names", "board_link", "board_link_made", "board_link_withdrawn",
        "network", "network_joined", "network_left", "network_code", "network_file", "network_file_added", "network_file_removed",
    ),
    "lookup": ("lookup_begun", "lookup_ended", "lookup_search", "lookups", "lookup_reviewed"),
    "refused": ("refused", "vault_reopen_refused", "device_code_refused"),
    "log": ("log", "log_export", "log_print", "log_search", "unusual", "unusual_reviewed"),
    "login": ("login", "logout", "login_failed", "session_ended", "password_changed", "second_factor_added", "recovery_codes_made"),
    "accounts": (
        "account_created", "account_changed", "account_closed", "account_reopened", "account_logged_out", "account_linked",
        "password_reset", "second_factor_removed", "home_noted", "home_removed",
    ),
    "other": (),
}  # fmt: skip
LABELS = {
    "seen": "Sett på en bruker", "changed": "Registrert eller endret", "lists": "Lister, søk og henting", "lookup": "Begrunnede oppslag",
    "refused": "Nektet", "log": "Bruk av loggen", "login": "Innlogging",
    "accounts": "Kontoer", "other": "Alt annet",
}  # fmt: skip
TRIED = {
    "person": "en bruker", "check": "en sjekk", "photo": "et bilde", "draft": "et utkast", "flag": "et varsel",
    "quarantine": "en sjekk som ikke er godtatt", "lookup": "et begrunnet oppslag", "device_code": "en kode for en enhet",
    "account": "en konto", "work": "et forbedringsarbeid", "network": "et læringsnettverk", "unit": "en enhet i kommunen",
    "device": "en enhet", "snapshot": "en rute",
}  # fmt: skip
REFUSALS = frozenset({"refused", "login_failed", "vault_reopen_refused", "device_code_refused"})
CHANGES = frozenset(KINDS["changed"])
VIEWS = KINDS["seen"]


def action_text(action: str, what: str, t: Translate) -> str:
    """What was done. An action without words of its own is told by its code: it is never left out."""
    if action == "refused":
        return t("Ble nektet å se %(what)s", what=t(TRIED[what])) if what in TRIED else t("Ble nektet en side for en annen rolle")
    return t(ACTIONS[action]) if action in ACTIONS else t("Annet: %(code)s", code=action)
