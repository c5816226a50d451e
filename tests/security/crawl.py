"""wapiti at the running app: a real gunicorn on a temporary database with something behind every address, as each role and as nobody."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from tests.conftest import sign_in
from tests.fixtures.databases import free_port, sqlite_template
from tests.fixtures.servers import Gunicorn
from tests.people import BERIT, JORUNN, PER, SOLVEIG, STINE, Actor
from tests.security.code import ToolTrouble
from tests.security.findings import Finding
from tests.web.conftest import BUNDLES
from tests.web.filled import Filled
from webapp import create_app

ROOT = Path(__file__).parents[2]
WAPITI = ROOT / ".venv-security" / "crawler" / "bin" / "wapiti"
# Not ssrf, log4shell, nikto, wapp, htp and the like: they ask a server on the internet, or look for other people's programs.
MODULES = "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,sql,timesql,upload,xss,xxe"
# The same for everybody: templates as JavaScript, in which wapiti takes forms that a device answers for forms of the server.
PROGRAM = ("/static/", "/sw/", "/device/modules/", "/shell.pack", "/shell.later.pack")
MEDIUM = 2
NEVER_SMALL = {"Open Redirect"}  # wapiti says low; a log-in page that leads elsewhere is not
READERS: tuple[Actor | None, ...] = (None, BERIT, SOLVEIG, STINE, PER, JORUNN)


@dataclass
class Crawl:
    """What one reader's crawl came to."""

    who: str
    pages: int
    found: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@contextmanager
def served(folder: Path) -> Iterator[tuple[Filled, Gunicorn]]:
    """An office in which something has happened, and the program that `make run` starts on its database."""
    url, _drop = sqlite_template(folder).copy(folder)
    own = {"BUNDLE_DIRS": str(BUNDLES), "TRYGGRUNDE_RATELIMIT": "0", "LOG_LEVEL": "error"}
    os.environ.update(own)
    app = create_app({"TESTING": True, "DATABASE_URL": url, "DATA_DIR": folder / "data", "BUNDLE_DIRS": [BUNDLES]})
    filled = Filled(app)
    server = Gunicorn(url, folder / "data", free_port())
    try:
        yield filled, server
    finally:
        server.stop()
        app.extensions["engine"].dispose()


def addresses(filled: Filled) -> list[str]:
    """Every address that a GET reaches, with something behind it; not what is the same for everybody and never changes."""
    rules = [rule for rule in filled.app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    return sorted({url for rule in rules for url in filled.urls(rule) if not url.startswith(PROGRAM)})


def cookies(app: Flask, actor: Actor | None) -> tuple[list[str], str]:
    """(what wapiti sends with everything, the session's cookie): logged in, and with the CSRF token that a page's script would send."""
    client = sign_in(app.test_client(), actor) if actor else app.test_client()
    client.get("/login")
    held = {name: cookie.value for name in ("tr_session", "csrf") if (cookie := client.get_cookie(name))}
    line = "; ".join(f"{name}={value}" for name, value in held.items())
    return ["-C", line, "--drop-set-cookie", "-H", f"X-CSRFToken: {held['csrf']}"], line


def crawl(filled: Filled, server: Gunicorn, actor: Actor | None, folder: Path, seconds: int) -> Crawl:
    """One reader's crawl and attacks. A log-in that did not last to the end makes it worth nothing."""
    words, line = cookies(filled.app, actor)
    starts = [word for address in addresses(filled) for word in ("-s", server.url + address)]
    told = wapiti(server.url, MODULES, folder, seconds, *words, *starts, "-x", server.url + "/logout")
    if actor and not still_in(server, line):
        raise ToolTrouble(f"{actor.username} was logged out while wapiti was at it: what it saw after that was the log-in page")
    return read(actor.username if actor else "nobody", told)


def wapiti(url: str, modules: str, folder: Path, seconds: int, *more: str) -> dict[str, Any]:
    """Its report."""
    work = Path(tempfile.mkdtemp(dir=folder))
    command: list[str | Path] = [WAPITI, "-u", url + "/", "-m", modules, "-f", "json", "-o", work / "report.json", *more]
    command += ["--scope", "folder", "--no-bugreport", "-v", "0", "-S", "normal", "--max-links-per-page", "60", "-dr", "1"]
    command += ["--flush-session", "--max-scan-time", str(4 * seconds), "--max-attack-time", str(seconds)]
    command += ["--store-session", work / "sessions", "--store-config", work / "config"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    report = work / "report.json"
    if not report.exists():
        raise ToolTrouble(f"wapiti wrote no report (exit {done.returncode}): {(done.stderr or done.stdout).strip()[-400:]}")
    return dict(json.loads(report.read_text("utf-8")))


class Weak(BaseHTTPRequestHandler):
    """A page that says back what it was asked, and goes where it is told: a scan that does not see that sees nothing."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        self.send_response(302 if "next" in asked else 200)
        if "next" in asked:
            self.send_header("Location", asked["next"][0])
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<html><body><a href='/?q=1'>q</a><a href='/?next=/'>n</a>{asked.get('q', [''])[0]}</body></html>".encode())

    def log_message(self, *_words: Any) -> None:
        """Nothing."""


def control(folder: Path, seconds: int) -> list[str]:
    """What of the planted weaknesses wapiti did not find."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Weak)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        told = wapiti(f"http://127.0.0.1:{server.server_port}", "xss,redirect", folder, seconds)
    finally:
        server.shutdown()
        server.server_close()
    kinds = {one.rule for one in read("control", told).found}
    return sorted({"Reflected Cross Site Scripting", "Open Redirect"} - kinds)


def still_in(server: Gunicorn, line: str) -> bool:
    """Whether these cookies still open the account page."""
    asked = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Cookie: {line}", server.url + "/account"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "200"


def read(who: str, told: dict[str, Any]) -> Crawl:
    """A report's findings of medium or worse, and every answer that was a bug of ours."""
    made = Crawl(who, int(told["infos"]["crawled_pages_nbr"]))
    for kind, ones in told["vulnerabilities"].items():
        grave = [one for one in ones if int(one["level"]) >= MEDIUM or kind in NEVER_SMALL]
        made.found += [Finding("wapiti", kind, place(one), one["info"]) for one in grave]
    for kind, ones in told["anomalies"].items():
        made.broken += [f"{kind} {one['method']} {one['path']}: {one['info']}" for one in ones]
    return made


def place(one: dict[str, Any]) -> str:
    """The address with ids replaced: a finding is about a page, not about whom it shows."""
    parts = ["…" if len(part) > 30 else part for part in urlsplit(one["path"]).path.split("/")]
    return f"{one['method']} {'/'.join(parts)}"
