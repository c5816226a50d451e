"""`webapp backup` and `webapp restore` as somebody types them: a passphrase that nobody sees, one sentence for each trouble."""

from __future__ import annotations

import os
import pty
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.databases import Template, empty_database
from tests.fixtures.servers import ROOT
from tests.web.test_start import stopped, webapp

PASSPHRASE = "riktig hest batteri"
VARIABLE = "TRYGGRUNDE_BACKUP_PASSPHRASE"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed") / "data"
    assert webapp("migrate", DATA_DIR=str(folder)).returncode == 0
    assert webapp("keys", "show", DATA_DIR=str(folder)).returncode == 0
    return folder


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> dict[str, str]:
    """A server with one unit in it, and the passphrase in the environment."""
    return {"DATA_DIR": str(shutil.copytree(installed, tmp_path / "data")), VARIABLE: PASSPHRASE}


def test_the_whole_way_there_and_back(server: dict[str, str], tmp_path: Path) -> None:
    file, secret = tmp_path / "x.backup", tmp_path / "passphrase"
    made = webapp("backup", str(file), **server)
    assert (made.returncode, made.stderr) == (0, "")
    assert "read back whole" in made.stdout
    assert "opens what devices seal today" in made.stdout
    secret.write_text(PASSPHRASE + "\nwhatever else\n")
    checked = webapp("backup", "--check", str(file), "--passphrase-file", str(secret), DATA_DIR=server["DATA_DIR"])
    assert (checked.returncode, checked.stderr, "whole, made" in checked.stdout) == (0, "", True)
    elsewhere = {**server, "DATA_DIR": str(tmp_path / "elsewhere")}
    back = webapp("restore", str(file), **elsewhere)
    assert (back.returncode, back.stderr, "New timeline" in back.stdout) == (0, "", True)
    again = webapp("backup", "--check", str(file), **elsewhere)
    assert "opens what devices seal today" in again.stdout
    (tmp_path / "elsewhere" / "keys.json").write_text("{")
    stopped(webapp("serve", **elsewhere), "damaged", "webapp restore --keys-only FILE")
    assert webapp("restore", "--keys-only", str(file), **elsewhere).returncode == 0
    shown = [webapp("keys", "show", **one).stdout.split()[1] for one in (elsewhere, server)]
    assert shown[0] == shown[1]


def test_after_a_rotation_the_check_asks_for_a_new_backup(server: dict[str, str], tmp_path: Path) -> None:
    old, new = str(tmp_path / "old.backup"), str(tmp_path / "new.backup")
    webapp("backup", old, **server)
    assert "webapp backup FILE" in webapp("keys", "rotate", **server).stdout
    waiting = webapp("backup", "--check", old, **server)
    assert (waiting.returncode, "Take a new backup" in waiting.stdout) == (0, True)
    webapp("backup", new, **server)
    stopped(webapp("backup", "--check", old, **server), "made before", "Take a new backup")
    assert webapp("backup", "--check", new, **server).returncode == 0


def test_trouble_is_one_sentence(server: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "x.backup"
    file.write_text("mine")
    stopped(webapp("backup", str(file), **server), "there already", "--replace")
    stopped(webapp("backup", str(tmp_path), **server), "no ordinary file")
    stopped(webapp("backup", str(tmp_path / "no" / "x"), **server), "no folder")
    for short in ("", "short"):
        stopped(webapp("backup", str(tmp_path / "y"), **{**server, VARIABLE: short}), "passphrase")
    stopped(webapp("backup", str(tmp_path / "y"), "--passphrase-file", str(tmp_path / "none"), **server), "cannot be read")
    stopped(webapp("restore", str(file), **server), "not a backup")
    stopped(webapp("restore", str(tmp_path / "none"), **server), "cannot be read")
    nowhere = {**server, "DATA_DIR": str(tmp_path / "nowhere")}
    stopped(webapp("backup", str(tmp_path / "y"), **nowhere), "no database at")
    assert file.read_text() == "mine"
    assert not (tmp_path / "y").exists()


def test_a_passphrase_typed_in_a_terminal_is_asked_for_twice_and_never_shown(server: dict[str, str], tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": server["DATA_DIR"]}

    def type_in(*words: str) -> tuple[int, str]:
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", "webapp.cli", "backup", str(tmp_path / "x.backup")], env)  # noqa: S606
        said, waiting = b"", list(words)
        try:
            while heard := os.read(terminal, 1000):
                said += heard
                if said.endswith((b"backup: ", b"again: ")) and waiting:
                    os.write(terminal, waiting.pop(0).encode() + b"\n")
        except OSError:  # the other end is closed
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()

    code, said = type_in(PASSPHRASE, "another one, longer")
    assert (code, "not the same" in said, (tmp_path / "x.backup").exists()) == (2, True, False)
    code, said = type_in(PASSPHRASE, PASSPHRASE)
    assert (code, "read back whole" in said, PASSPHRASE in said) == (0, True, False)
    assert webapp("backup", "--check", str(tmp_path / "x.backup"), **server).returncode == 0


def test_a_disk_without_room_leaves_no_file_and_says_so(server: dict[str, str], tmp_path: Path) -> None:
    photos = Path(server["DATA_DIR"]) / "photos"
    photos.mkdir()
    (photos / "one").write_bytes(os.urandom(2_000_000))
    file = tmp_path / "x.backup"
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "backup", str(file)], cwd=ROOT, env={**os.environ, **server}, capture_output=True,
        text=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000)),
    )  # fmt: skip
    stopped(done, "no room left")
    assert [one.name for one in tmp_path.iterdir() if "x.backup" in one.name] == []
    assert [one.name for one in Path(server["DATA_DIR"]).iterdir() if one.name.startswith(".backup")] == []


@pytest.fixture
def postgres(postgres_db: Template, tmp_path: Path) -> dict[str, str]:
    url, _drop = postgres_db.copy(tmp_path)
    return {"DATA_DIR": str(tmp_path / "data"), VARIABLE: PASSPHRASE, "DATABASE_URL": url.replace("+psycopg", "")}


def with_tool(folder: Path, says: str | None) -> str:
    """A PATH on which pg_dump is missing, or says that it is this version."""
    folder.mkdir()
    if says:
        (folder / "pg_dump").write_text(f"#!{shutil.which('sh')}\necho '{says}'\n")
        (folder / "pg_dump").chmod(stat.S_IRWXU)
    return str(folder)


@pytest.mark.parametrize(("says", "words"), [(None, "is missing"), ("pg_dump (PostgreSQL) 9.6.24", "version 9"), ("nonsense", "version 0")])
def test_a_pg_dump_that_is_missing_or_too_old(postgres: dict[str, str], tmp_path: Path, says: str | None, words: str) -> None:
    done = webapp("backup", str(tmp_path / "x.backup"), **postgres, PATH=with_tool(tmp_path / "bin", says))
    stopped(done, "pg_dump", words, "postgresql-client")
    assert not (tmp_path / "x.backup").exists()


def test_a_pg_dump_that_fails_makes_no_backup(postgres: dict[str, str], tmp_path: Path) -> None:
    path = with_tool(tmp_path / "bin", None)
    tool = Path(path) / "pg_dump"
    half = "[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\necho half; echo 'error: cut' >&2; exit 1\n"
    tool.write_text(f"#!{shutil.which('sh')}\n{half}")
    tool.chmod(stat.S_IRWXU)
    stopped(webapp("backup", str(tmp_path / "x.backup"), **postgres, PATH=path), "pg_dump stopped", "cut")
    assert [one.name for one in tmp_path.iterdir() if "x.backup" in one.name] == []


def test_postgresql_there_and_back_by_hand(postgres: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file = str(tmp_path / "x.backup")
    made = webapp("backup", file, **postgres)
    assert (made.returncode, made.stderr) == (0, "")
    url, drop = empty_database(postgres["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
    ends: Callable[[], None] = drop
    request.addfinalizer(ends)
    there = {**postgres, "DATABASE_URL": url, "DATA_DIR": str(tmp_path / "there")}
    back = webapp("restore", file, **there)
    assert (back.returncode, back.stderr) == (0, "")
    stopped(webapp("restore", file, **there), "not empty", "--replace")
    assert webapp("restore", file, "--replace", **there).returncode == 0
    assert webapp("backup", "--check", file, **there).returncode == 0


def test_the_password_of_the_database_is_in_no_argument() -> None:
    from webapp.backup.postgresql import connection_of

    where, env = connection_of("postgresql+psycopg://anna:hemmelig@db.example:5433/tr?sslmode=require")
    assert (where, env["PGPASSWORD"]) == ("postgresql://anna@db.example:5433/tr?sslmode=require", "hemmelig")
