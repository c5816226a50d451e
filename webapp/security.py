"""Headers, cookies, CSRF and log-in limits: what every answer has."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.http import dump_cookie
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import db

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "img-src": "'self' data: blob:",
}
KDF_WORKER = "/sw/kdf_worker.js"  # the one script that compiles WebAssembly; it sees a PIN and a salt, nothing else
WORKERS = {KDF_WORKER, "/worker.js"}
PICTURE = "image/svg+xml"  # opened by itself it is a document
PROGRAM = {"text/javascript", "text/css", "text/plain", "image/png", PICTURE, "application/json",
           "application/manifest+json"}  # where a cache may keep it
NOT_KEPT = "no-store"
BODY_LIMIT = 2 * 1024 * 1024
ROOMY = {"rescue.create_import": 65 * 1024 * 1024,  # for whoever is logged in
         "network.create_post": 40 * 1024 * 1024, "improvement.update": 40 * 1024 * 1024}  # fmt: skip


class OnlyWhereItCounts(SecureCookieSessionInterface):
    """What a cache may keep is the same for everybody: it sets no cookie, and is not another file after the next log-in."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """The cookie and `Vary: Cookie`, for answers to somebody."""
        if response.headers.get("Cache-Control", NOT_KEPT) == NOT_KEPT:
            super().save_session(app, session, response)


def init(app: Flask) -> None:
    """Set limits and cookies; add headers to every answer."""
    secure = bool(app.config["SECURE_COOKIES"])
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_PARTS=2000,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        SESSION_COOKIE_NAME="tr_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRFToken"],
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = OnlyWhereItCounts()
    app.before_request(make_room)  # before CSRF reads the form
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(headers)
    believe_proxies(app)


def believe_proxies(app: Flask) -> None:
    """Where proxies of ours stand in front (TRYGGRUNDE_PROXIES), who asks is whom the outermost of them saw: limits count by address, and
    behind a proxy all have one. Of host, scheme and path nothing is taken from them here."""
    if app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"], x_proto=0, x_host=0, x_prefix=0)  # type: ignore[method-assign]


def make_room() -> None:
    """A few addresses take larger bodies, but not from strangers."""
    if request.endpoint in ROOMY and current_user.is_authenticated:
        db.session().commit()  # who this is took SQLite's write lock, and the body may come slowly
        request.max_content_length = ROOMY[request.endpoint]


def headers(answer: Response) -> Response:
    """Security headers, and the CSRF token as a cookie that the page's own script sends back in a header."""
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    program = answer.headers.get("Cache-Control", NOT_KEPT) != NOT_KEPT and answer.mimetype in PROGRAM
    if not program or request.path in WORKERS or answer.mimetype == PICTURE:
        policy = dict(POLICY)
        if request.path == KDF_WORKER:
            policy["script-src"] = "'self' 'wasm-unsafe-eval'"
        answer.headers.setdefault("Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items()))
    if answer.location:
        answer.data = b""  # nobody reads the page that Flask writes into a redirect
    if program:  # public code, the same for everybody: the rest is for pages, and a first load has many files
        return answer
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
    answer.headers.setdefault("Cache-Control", NOT_KEPT)
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if answer.mimetype == "text/html" and answer.headers["Cache-Control"] == NOT_KEPT and not answer.location:
        from flask import current_app

        from webapp.accounts import sessions

        session.modified = session.modified or session.permanent  # a page looked at lengthens the log-in
        sessions.touch()
        # As long as a log-in may last: a browser that starts again still has its session, and needs this beside it.
        secure = bool(current_app.config["SECURE_COOKIES"])
        day = timedelta(hours=24)  # not as a date too, as `set_cookie` says it: every browser that has workers reads the age
        cookie = dump_cookie("csrf", generate_csrf(), max_age=day, samesite="Strict", secure=secure, sync_expires=False)
        answer.headers.add("Set-Cookie", cookie)
    return answer
