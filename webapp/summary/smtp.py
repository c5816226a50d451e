"""E-mail through the municipality's own server: what is set in the environment, and one message to one address."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from webapp.models.base import utc_now

ADDRESS = re.compile(r"[^\s@<>\"',;:\x00-\x1f]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
TLS = ("starttls", "tls", "none")
PATIENCE = 20
LOOPBACK = ("127.0.0.1", "::1", "localhost")
# Why a message did not go; `REFUSED` is not tried again.
DOWN, LOG_IN, CERTIFICATE, SENDER, RECIPIENT, OTHER = "down", "log_in", "tls", "sender", "recipient", "other"
REFUSED = frozenset({RECIPIENT})


class SmtpProblem(Exception):
    """Settings that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where and how messages are handed over."""

    host: str
    port: int
    tls: str
    sender: str
    user: str
    password: str = field(repr=False)
    ca_file: str
    app_url: str


def read(env: Mapping[str, str]) -> Smtp | None:
    """From SMTP_…; None when SMTP_HOST is not set: then nothing is sent."""
    host = env.get("SMTP_HOST", "").strip()
    if not host:
        return None
    tls = env.get("SMTP_TLS", "starttls")
    if tls not in TLS:
        raise SmtpProblem(f"SMTP_TLS is {tls!r}, but must be {', '.join(TLS)}.")
    if tls == "none" and host not in LOOPBACK:
        raise SmtpProblem("SMTP_TLS=none is for a mail server on this machine only. Use starttls or tls.")
    port = env.get("SMTP_PORT") or ("465" if tls == "tls" else "587")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise SmtpProblem(f"SMTP_PORT is {port!r}, but must be a number from 1 to 65535.")
    sender, url = env.get("SMTP_FROM", ""), env.get("SMTP_APP_URL", "").rstrip("/")
    if not ADDRESS.fullmatch(sender):
        raise SmtpProblem(f"SMTP_FROM is {sender!r}, but must be the address that messages come from, such as tryggrunde@kommune.no.")
    if not re.fullmatch(r"https?://[^\s/]+", url):
        raise SmtpProblem("SMTP_APP_URL must be the address people open TryggRunde by, such as https://runde.kommune.no.")
    user, password = env.get("SMTP_USER", ""), _password(env)
    if bool(user) != bool(password):
        raise SmtpProblem("SMTP_USER and SMTP_PASSWORD (or SMTP_PASSWORD_FILE) are set together, or neither.")
    return Smtp(host, int(port), tls, sender, user, password, env.get("SMTP_CA_FILE", ""), url)


def _password(env: Mapping[str, str]) -> str:
    if not (name := env.get("SMTP_PASSWORD_FILE", "")):
        return env.get("SMTP_PASSWORD", "")
    try:
        return Path(name).read_text("utf-8").strip()
    except (OSError, UnicodeError) as wrong:
        raise SmtpProblem(f"SMTP_PASSWORD_FILE {name} cannot be read. Let the user that runs TryggRunde read it.") from wrong


def send(smtp: Smtp, to: str, subject: str, text: str) -> str:
    """Empty when the server has taken the message, else why it did not."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = smtp.sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(utc_now()), make_msgid(domain=smtp.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # no machine answers it
    message.set_content(text)
    try:
        with _connected(smtp) as server:
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        return LOG_IN
    except smtplib.SMTPRecipientsRefused as wrong:
        # 4xx: later, perhaps (a full mailbox, greylisting). 5xx: never.
        return RECIPIENT if all(code >= 500 for code, _says in wrong.recipients.values()) else OTHER
    except smtplib.SMTPSenderRefused:
        return SENDER
    except ssl.SSLError:
        return CERTIFICATE
    except smtplib.SMTPNotSupportedError:
        return CERTIFICATE if not smtp.user or smtp.tls == "starttls" else LOG_IN
    except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected, OSError) as wrong:
        return OTHER if isinstance(wrong, smtplib.SMTPResponseException) else DOWN
    except smtplib.SMTPException:
        return OTHER
    return ""


def _connected(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=smtp.ca_file or None)
    if smtp.tls == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE)
    if smtp.tls == "starttls":
        try:
            server.starttls(context=context)  # refuses a server that offers none: no password goes in clear
        except BaseException:
            server.close()
            raise
    return server
