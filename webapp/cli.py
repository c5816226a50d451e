"""`webapp …`: what the person who runs the server types."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from webapp import config

# The rest is imported by the command that needs it: half of what this file does is to say one sentence.


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
    given = sys.argv[1:] if argv is None else argv
    if given and given[0] in ("backup", "restore"):
        from webapp.backup import command as backup_command

        backup_command.arguments(commands.choices["backup"], commands.choices["restore"])
    chosen = parser.parse_args(given)
    try:
        return COMMANDS[chosen.command][0](chosen)
    except config.ConfigProblem as wrong:
        return _stop(str(wrong))
    except _key_file_trouble() as wrong:
        return _stop(str(wrong))
    except _database_error() as wrong:
        from sqlalchemy import make_url

        where = make_url(config.from_environment()["DATABASE_URL"]).render_as_string(hide_password=True)
        why = str(getattr(wrong, "orig", wrong)).splitlines()[0].rstrip(".")
        return _stop(f"The database {where} cannot be reached or read: {why}. Check DATABASE_URL and that the server runs.")


def _stop(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 2


def _key_file_trouble() -> type[Exception]:
    from webapp.sync.keyfile import KeyFileTrouble

    return KeyFileTrouble


def _database_error() -> type[Exception]:
    from sqlalchemy.exc import DatabaseError

    return DatabaseError


def _migrate(_chosen: argparse.Namespace) -> int:
    settings = config.from_environment()
    from webapp import db, migrate

    engine = db.make_engine(settings["DATABASE_URL"])
    migrate.upgrade(engine)
    if problem := migrate.problem(engine):
        return _stop(problem)
    _read_refused()
    return 0


def _read_refused() -> None:
    """What an earlier version kept in quarantine, read with this one."""
    from sqlalchemy import select

    from webapp import db
    from webapp.models import Quarantine

    if _ready():
        return  # said when it is served
    engine = db.make_engine(config.from_environment()["DATABASE_URL"])
    with db.open_session(engine, write=False) as session:
        kept = session.scalar(select(Quarantine.envelope_hash).limit(1))
    engine.dispose()
    if kept:
        from webapp import create_app
        from webapp.sync import repair

        with create_app().app_context(), db.open_session(db.engine(), write=True) as session:
            repair.read_again(session)
            session.commit()


def _ready() -> str:
    """What keeps the app from working, before anything is served or filled: empty, or a sentence."""
    settings = config.from_environment()
    from webapp import db, migrate
    from webapp.sync import keyfile

    engine = db.make_engine(settings["DATABASE_URL"])
    try:
        return migrate.problem(engine) or keyfile.problem(settings["DATA_DIR"])
    finally:
        engine.dispose()


def _seed(_chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp import create_app
    from webapp.demo import seed

    with create_app().app_context():
        sys.stdout.write(seed.fill_if_empty() + "\n")
    return 0


def _serve(_chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp import serve

    return serve.run(config.from_environment())


def _lan(_chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp import lan

    return lan.run()


def _keys(chosen: argparse.Namespace) -> int:
    settings = config.from_environment()
    from webapp.sync import keys_command

    return keys_command.run(chosen.action, settings, chosen.file)


def _rescue(chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp.sync import rescue_command

    return rescue_command.run(chosen.file)


def _backup(chosen: argparse.Namespace) -> int:
    settings = config.from_environment()
    from webapp.backup import command

    return command.run(chosen, settings)


def _audit(chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp.accounts import audit_command

    return audit_command.run(config.from_environment()["DATABASE_URL"], chosen.number, chosen.hash)


def _oidc(chosen: argparse.Namespace) -> int:
    from webapp.accounts import oidc_command

    if chosen.action == "key":
        return oidc_command.new_key(chosen.name)
    if problem := _ready():
        return _stop(problem)
    return oidc_command.link(config.from_environment()["DATABASE_URL"], chosen.name, chosen.by)


def _administrator(chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp.accounts import administrator_command

    return administrator_command.run(config.from_environment()["DATABASE_URL"], chosen.username, chosen.name)


def _measures(chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp.measures import command

    return command.run(chosen.action)


def _summary(_chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp.summary import command

    return command.run()


def _set(chosen: argparse.Namespace) -> int:
    if problem := _ready():
        return _stop(problem)
    from webapp import settings_command

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
