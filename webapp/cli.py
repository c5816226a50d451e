"""`webapp …`: what the person who runs the server types."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from sqlalchemy import make_url, select
from sqlalchemy.exc import DatabaseError

from webapp import config, db, migrate
from webapp.backup import command as backup_command
from webapp.sync import keyfile
from webapp.sync.keyfile import KeyFileTrouble


def main(argv: list[str] | None = None) -> int:
    """Run one command; trouble is a sentence on stderr and exit code 2."""
    parser = argparse.ArgumentParser(prog="webapp", description="TryggRunde")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, says) in COMMANDS.items():
        commands.add_parser(name, help=says)
    commands.choices["set"].add_argument("name", help="BUNDLE.NUMBER")
    commands.choices["set"].add_argument("value", help="a whole number")
    commands.choices["keys"].add_argument("action", choices=["show", "rotate", "rotate-signing", "backed-up", "merge"])
    commands.choices["keys"].add_argument("file", nargs="?", help="the other key file, for merge")
    commands.choices["rescue"].add_argument("action", choices=["import"])
    commands.choices["rescue"].add_argument("file", help="the file a device wrote")
    commands.choices["audit"].add_argument("action", choices=["verify"])
    commands.choices["audit"].add_argument("number", nargs="?", type=int, help="of a link that was noted")
    commands.choices["audit"].add_argument("hash", nargs="?", help="of that link")
    commands.choices["oidc"].add_argument("action", choices=["key", "link"])
    commands.choices["oidc"].add_argument("name", help="the file for a new key, or the account to link")
    commands.choices["oidc"].add_argument("by", nargs="?", default="", help="for link: an HPR number, the code a person was shown, or none")
    commands.choices["administrator"].add_argument("username", help="what she logs in as")
    commands.choices["administrator"].add_argument("name", nargs="?", default="", help="her whole name, for a new account")
    commands.choices["measures"].add_argument("action", choices=["settle", "rebuild"])
    commands.choices["summary"].add_argument("action", choices=["send"])
    backup_command.arguments(commands.choices["backup"], commands.choices["restore"])
    chosen = parser.parse_args(argv)
    try:
        return COMMANDS[chosen.command][0](chosen)
    except config.ConfigProblem as wrong:
        return _stop(str(wrong))
    except KeyFileTrouble as wrong:
        return _stop(str(wrong))
    except DatabaseError as wrong:
        where = make_url(config.from_environment()["DATABASE_URL"]).render_as_string(hide_password=True)
        why = str(wrong.orig).splitlines()[0].rstrip(".")
        return _stop(f"The database {where} cannot be reached or read: {why}. Check DATABASE_URL and that the server runs.")


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


def _migrate(_chosen: argparse.Namespace) -> int:
    engine = db.make_engine(config.from_environment()["DATABASE_URL"])
    migrate.upgrade(engine)
    if problem := migrate.problem(engine):
        return _stop(problem)
    _read_refused()
    return 0


def _read_refused() -> None:
    """What an earlier version kept in quarantine, read with this one."""
    from webapp import create_app
    from webapp.models import Quarantine
    from webapp.sync import repair

    if _ready():
        return  # said when it is served
    with create_app().app_context(), db.open_session(db.engine(), write=True) as session:
        if session.scalar(select(Quarantine.envelope_hash).limit(1)):
            repair.read_again(session)
            session.commit()


def _ready() -> str:
    """What keeps the app from working, before anything is served or filled: empty, or a sentence."""
    settings = config.from_environment()
    engine = db.make_engine(settings["DATABASE_URL"])
    try:
        return migrate.problem(engine) or keyfile.problem(settings["DATA_DIR"])
    finally:
        engine.dispose()


def _seed(_chosen: argparse.Namespace) -> int:
    from webapp import create_app
    from webapp.demo import seed

    if problem := _ready():
        return _stop(problem)
    with create_app().app_context():
        sys.stdout.write(seed.fill_if_empty() + "\n")
    return 0


def _serve(_chosen: argparse.Namespace) -> int:
    from webapp import serve

    if problem := _ready():
        return _stop(problem)
    return serve.run(config.from_environment())


def _lan(_chosen: argparse.Namespace) -> int:
    from webapp import lan

    if problem := _ready():
        return _stop(problem)
    return lan.run()


def _keys(chosen: argparse.Namespace) -> int:
    from webapp.sync import keys_command

    return keys_command.run(chosen.action, config.from_environment(), chosen.file)


def _rescue(chosen: argparse.Namespace) -> int:
    from webapp.sync import rescue_command

    if problem := _ready():
        return _stop(problem)
    return rescue_command.run(chosen.file)


def _backup(chosen: argparse.Namespace) -> int:
    return backup_command.run(chosen, config.from_environment())


def _audit(chosen: argparse.Namespace) -> int:
    from webapp.accounts import audit_command

    if problem := _ready():
        return _stop(problem)
    return audit_command.run(config.from_environment()["DATABASE_URL"], chosen.number, chosen.hash)


def _oidc(chosen: argparse.Namespace) -> int:
    from webapp.accounts import oidc_command

    if chosen.action == "key":
        return oidc_command.new_key(chosen.name)
    if problem := _ready():
        return _stop(problem)
    return oidc_command.link(config.from_environment()["DATABASE_URL"], chosen.name, chosen.by)


def _administrator(chosen: argparse.Namespace) -> int:
    from webapp.accounts import administrator_command

    if problem := _ready():
        return _stop(problem)
    return administrator_command.run(config.from_environment()["DATABASE_URL"], chosen.username, chosen.name)


def _measures(chosen: argparse.Namespace) -> int:
    from webapp.measures import command

    if problem := _ready():
        return _stop(problem)
    return command.run(chosen.action)


def _summary(_chosen: argparse.Namespace) -> int:
    from webapp.summary import command

    if problem := _ready():
        return _stop(problem)
    return command.run()


def _set(chosen: argparse.Namespace) -> int:
    from webapp import settings_command

    if problem := _ready():
        return _stop(problem)
    return settings_command.run(chosen.name, chosen.value, config.from_environment()["DATABASE_URL"])


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "migrate": (_migrate, "bring the database to this version"),
    "seed": (_seed, "fill an empty database with a made-up municipality"),
    "serve": (_serve, "serve with gunicorn on HOST:PORT"),
    "lan": (_lan, "serve over HTTPS on the local network"),
    "set": (_set, "set one of the municipality's numbers, for instance whether findings may carry photos"),
    "keys": (_keys, "rotate or show the sealing keys"),
    "rescue": (_rescue, "take in a file of unsent records that was carried here from a device"),
    "audit": (_audit, "whether the access log is whole: no row taken away, changed or slipped in"),
    "oidc": (_oidc, "a key for log-in by an OpenID provider, and whose account is whose"),
    "administrator": (_administrator, "a one-time password for the first administrator, or for one who is locked out"),
    "measures": (_measures, "bring what measures count up to date (every night), or make all of it anew"),
    "summary": (_summary, "send each unit's week to its addresses by e-mail: once a week, however often this is run"),
    "backup": (_backup, "an encrypted copy of database, files and keys, made while the server runs"),
    "restore": (_backup, "put a backup back, into an empty place or with --replace"),
}

if __name__ == "__main__":
    sys.exit(main())
