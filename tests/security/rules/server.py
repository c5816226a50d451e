import logging
import os
import pickle
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
from flask import Blueprint, make_response, redirect, render_template_string, request, send_file, url_for
from markupsafe import Markup
from sqlalchemy import select, text

from webapp.accounts import policy
from webapp.accounts.policy import by_token, may, public, requires
from webapp.accounts.routes import safe_next
from webapp.security import csrf

bp = Blueprint("example", __name__)
logger = logging.getLogger(__name__)


def words(name, session, connection, user, answer, token):
    # ruleid: markup-of-a-variable
    Markup(name)
    # ok: markup-of-a-variable
    Markup("<b>written here</b>")
    # ruleid: template-from-a-string
    render_template_string(name)
    # ruleid: sql-from-a-string
    session.execute(text(f"SELECT * FROM patient WHERE name = '{name}'"))
    # ruleid: sql-from-a-string
    connection.exec_driver_sql("DELETE FROM patient WHERE name = '%s'" % name)
    # ok: sql-from-a-string
    session.execute(text("SELECT * FROM patient WHERE name = :name"), {"name": name})
    # ok: sql-from-a-string
    session.execute(select(1))
    # ruleid: access-rule-outside-policy
    if user.role == "admin":
        return
    # ruleid: access-rule-outside-policy
    if user.role in ("admin", "nurse"):
        return
    # ok: access-rule-outside-policy
    if may(user, policy.REVIEW):
        return
    # ruleid: cookie-without-httponly
    answer.set_cookie("tr", token, samesite="Strict", secure=True)
    # ok: cookie-without-httponly, cookie-without-samesite
    answer.set_cookie("tr", token, httponly=True, samesite="Strict", secure=True)
    # ruleid: cookie-without-samesite
    answer.set_cookie("tr", token, httponly=True)
    # ruleid: cookie-without-httponly
    answer.headers.add("Set-Cookie", dump_cookie("tr", token, samesite="Strict", secure=True))
    # ruleid: cookie-without-samesite
    answer.headers.add("Set-Cookie", dump_cookie("tr", token, httponly=True))


# ruleid: view-without-access
@bp.get("/forgotten")
def forgotten():
    return ""


# ok: view-without-access
@bp.get("/mine")
@requires("account")
def mine():
    return ""


# ok: view-without-access
@bp.post("/open")
@public("a form for everybody")
def anybody():
    # ruleid: redirect-to-what-was-sent
    return redirect(request.args.get("next"))


@bp.post("/open")
@public("a form for everybody")
def goes_on():
    # ok: redirect-to-what-was-sent
    return redirect(safe_next(request.args.get("next")))


# ruleid: csrf-exempt-without-a-token
@bp.post("/bare")
@requires("account")
@csrf.exempt
def bare():
    return ""


# ok: csrf-exempt-without-a-token
@bp.post("/token")
@by_token("device cookie")
@csrf.exempt
def token():
    return ""


def headers():
    answer = make_response("")
    # ruleid: header-of-what-was-sent
    answer.headers["X-Name"] = request.args["name"]
    # ok: header-of-what-was-sent
    answer.headers["X-Name"] = quote(request.args["name"])
    # ok: header-of-what-was-sent
    answer.headers.setdefault("X-Frame-Options", "DENY")
    # ruleid: file-named-by-what-was-sent
    send_file("/photos/" + request.args["name"])
    # ruleid: file-named-by-what-was-sent
    Path(request.form["name"]).read_bytes()
    # ok: file-named-by-what-was-sent
    Path("static").read_bytes()
    return redirect(url_for("example.mine"))


def logs():
    note = request.form["note"]
    # ruleid: request-body-in-a-log
    logger.warning("refused %s", note)
    # ruleid: request-body-in-a-log
    sys.stderr.write(note)
    # ok: request-body-in-a-log
    logger.warning("refused in %s", request.endpoint)


def programs(name, raw):
    # ruleid: subprocess-shell
    subprocess.run("pg_dump " + name, shell=True)
    # ruleid: subprocess-shell
    os.system("ls")
    # ok: subprocess-shell
    subprocess.run(["pg_dump", name])
    # ruleid: code-from-data
    pickle.loads(raw)
    # ruleid: code-from-data
    eval(name)
    # ok: code-from-data
    int(name)
    # ruleid: certificate-not-checked
    httpx.get("https://id.example", verify=False)
    # ok: certificate-not-checked
    httpx.get("https://id.example")
    context = ssl.create_default_context()
    # ruleid: certificate-not-checked
    context.check_hostname = False
