"""Files that stand with posts of a learning network: who may put, fetch and take them away, and what is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.fixtures.shared_files import GOOD, PDF, TEXT, WRONG, document, photo, workbook
from tests.html import Page
from tests.web.naughty import STRINGS
from tests.web.sync.places import Places, backup, put_back
from tests.web.sync.reading import all_of, ask, count
from tests.web.test_improvement import made
from tests.web.test_network import HERE, THERE, VALID, code, join
from webapp.improvement import attached, files, work
from webapp.models import AccessLog, WorkFile, WorkVersion

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MEGABYTE = 1024 * 1024
Given = Iterable[tuple[str, bytes]]


@pytest.fixture
def network(solveig: FlaskClient, hans: FlaskClient) -> UUID:
    """Solveig's, with Hans's unit in it."""
    found = made(solveig, "/network/new", {"unit": HERE, "title": "Trygge rom"})
    assert join(hans, THERE, code(solveig, found)) == 303
    return found


def form(given: Given, **more: str) -> dict[str, Any]:
    """A body as a browser sends it, made here: the test client's own leaves large ones in a file that nobody closes."""
    said: dict[str, Any] = {"title": "Lys", "story": "Vi prøvde lys", **more}
    said["files"] = [FileStorage(io.BytesIO(data), name) for name, data in given]
    boundary, body = encode_multipart(MultiDict(said))
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def posted(client: FlaskClient, network: UUID, *given: tuple[str, bytes], **more: str) -> TestResponse:
    return client.post(f"/network/{network}/posts", **form(given, **more))


def urls(client: FlaskClient, network: UUID) -> dict[str, str]:
    """The files that stand on the network's page: name -> address."""
    text = client.get(f"/network/{network}").text
    return {name: url for url, name in re.findall(r'<a href="([^"]*/files/[^"]*)"[^>]*>([^<]*)</a>', text)}


def shared(app: Flask) -> tuple[int, int, int]:
    return count(app, WorkFile), count(app, WorkVersion, WorkVersion.kind == "file"), count(app, WorkVersion, WorkVersion.kind == "post")


def test_what_one_unit_shares_the_others_fetch_as_it_was(solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID) -> None:
    pdf, text = ("plan.pdf", PDF), ("Dagens logg.txt", TEXT)
    assert posted(hans, network, pdf, text).status_code == 303
    page = solveig.get(f"/network/{network}").text
    assert "Dagens logg.txt</a><span class=\"muted small\">1 kB</span>" in page
    for name, data in (pdf, text):
        answer = solveig.get(urls(solveig, network)[name])
        assert (answer.status_code, answer.data) == (200, data)
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    fetched = all_of(app, AccessLog, AccessLog.action == "network_file")
    assert [one.detail["network"] for one in fetched] == [str(network)] * 2
    assert count(app, AccessLog, AccessLog.action == "network_file_added") == 1


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_that_may_be_shared_comes_under_its_own_type(solveig: FlaskClient, network: UUID, name: str) -> None:
    assert posted(solveig, network, (name, GOOD[name])).status_code == 303
    answer = solveig.get(urls(solveig, network)[name])
    assert answer.mimetype == files.TYPES[name.rpartition(".")[2]].partition(";")[0]


def test_the_bytes_are_sealed_in_the_database_and_a_file_cannot_be_changed_into_another_item(
    solveig: FlaskClient, app: Flask, network: UUID
) -> None:
    posted(solveig, network, ("logg.txt", TEXT))
    (stored,) = all_of(app, WorkFile)
    assert b"lys" not in stored.content
    assert solveig.get(f"/improvement/items/{stored.item}").status_code == 404
    assert solveig.post(f"/improvement/items/{stored.item}/undo", data={"seen": "1"}).status_code == 404


@pytest.mark.parametrize("why", WRONG)
def test_what_may_not_be_shared_is_refused_with_the_post_kept_in_the_form(
    solveig: FlaskClient, app: Flask, network: UUID, why: str
) -> None:
    answer = posted(solveig, network, ("plan.pdf", PDF), WRONG[why])
    assert answer.status_code == 422
    assert "Ingenting er lagret. Velg filene på nytt." in answer.text
    assert "Vi prøvde lys</textarea>" in answer.text
    assert shared(app) == (0, 0, 0)


@pytest.mark.parametrize(("given", "words"), [
    ([("a.pdf", PDF + b" " * 5 * MEGABYTE)], "En fil er større enn 5 MB."),
    ([("a.txt", b"")], "En fil er tom."),
    ([(f"{n}.txt", b"%d" % n) for n in range(6)], "høyst 5 filer, og 15 MB til sammen"),
    ([(f"{n}.txt", b"%d " % n * 2_000_000) for n in range(4)], "høyst 5 filer, og 15 MB til sammen"),
    ([(f"{VALID}.pdf", PDF)], "En fil har et fødselsnummer"),
    ([("a.txt", f"født {VALID}".encode())], "En fil har et fødselsnummer"),
    ([("Astrid Lunde.pdf", PDF)], "navnet til en som får tjenester her"),
    ([("a.docx", document("<w:t>Hos Astrid</w:t><w:t> Lunde</w:t>"))], "navnet til en som får tjenester her"),
    ([("a.xlsx", workbook("Astrid Lunde"))], "navnet til en som får tjenester her"),
], ids=["large", "empty", "many", "together", "number in its name", "number", "name in its name", "document", "workbook"])  # fmt: skip
def test_too_much_and_what_seems_to_be_about_a_person_is_refused(
    solveig: FlaskClient, app: Flask, network: UUID, given: list[tuple[str, bytes]], words: str
) -> None:
    answer = posted(solveig, network, *given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Vi prøvde lys</textarea>" in answer.text
    assert shared(app) == (0, 0, 0)


def test_what_is_far_too_large_is_not_read_and_a_stranger_gets_no_room(app: Flask, solveig: FlaskClient, network: UUID) -> None:
    huge = posted(solveig, network, ("film.pdf", PDF + bytes(41 * MEGABYTE)))
    assert (huge.status_code, "Ingenting er endret." in huge.text) == (413, True)
    assert app.test_client().post(f"/network/{network}/posts", **form([("a.pdf", PDF + bytes(3 * MEGABYTE))])).status_code == 413
    assert shared(app) == (0, 0, 0)


class Slowly(io.BytesIO):
    """A body in the midst of which something else happens."""

    meanwhile: Callable[[], None] | None = None

    def readinto(self, into: WriteableBuffer, /) -> int:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            other = Thread(target=happens)  # a request of its own, with a database session of its own
            other.start()
            other.join()
        return super().readinto(into)


def test_others_can_write_while_a_large_file_is_on_its_way(solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID) -> None:
    said, done = form([("plan.pdf", PDF)]), []
    body = Slowly(said["data"])
    body.meanwhile = lambda: done.append(posted(hans, network, ("logg.txt", TEXT)).status_code)
    how = {"content_type": said["content_type"], "content_length": len(said["data"])}
    answer = solveig.post(f"/network/{network}/posts", input_stream=body, **how)
    assert (answer.status_code, done) == (303, [303])
    assert shared(app) == (2, 2, 2)


def test_sent_twice_is_there_once_and_a_post_never_has_more_than_five(solveig: FlaskClient, app: Flask, network: UUID) -> None:
    ident = "01890000-0000-7000-8000-000000000001"
    for _ in range(2):
        assert posted(solveig, network, ("a.txt", b"a"), item=ident).status_code == 303
    assert shared(app) == (1, 1, 1)
    edit = form([("a.txt", b"a"), ("b.txt", b"b")], seen="1")
    assert solveig.post(f"/improvement/items/{ident}", **edit).status_code == 303
    assert shared(app) == (2, 2, 1)
    more = form([(f"{n}.txt", b"%d" % n) for n in range(4)], seen="1", story="En annen tekst")
    answer = solveig.post(f"/improvement/items/{ident}", **more)
    assert answer.status_code == 422
    assert "En annen tekst</textarea>" in answer.text
    assert shared(app) == (2, 2, 1)


def test_a_network_has_room_for_so_much(solveig: FlaskClient, app: Flask, network: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "MOST_OF_NETWORK", 10)
    assert posted(solveig, network, ("a.txt", b"1234567")).status_code == 303
    assert "Nettverket har ikke plass til flere filer." in posted(solveig, network, ("b.txt", b"abcdefg")).text
    assert shared(app) == (1, 1, 1)


@pytest.mark.parametrize("kind", STRINGS)
def test_a_file_may_be_called_anything_and_is_fetched_by_a_name_of_ours(solveig: FlaskClient, network: UUID, kind: str) -> None:
    assert posted(solveig, network, (STRINGS[kind] or "x", PDF)).status_code == 303
    page = solveig.get(f"/network/{network}").text
    assert Page(page).problems == []
    ((name, url),) = urls(solveig, network).items()
    said = solveig.get(url).headers["Content-Disposition"]
    assert said.isascii()
    assert not {part for part in ("/", "\\", "..", "\r", "\n", "<") if part in said}, said
    assert name.endswith(".pdf")


def test_a_unit_that_is_not_in_the_network_and_other_roles_get_nothing(
    solveig: FlaskClient, hans: FlaskClient, berit: FlaskClient, app: Flask, network: UUID
) -> None:
    posted(solveig, network, ("plan.pdf", PDF))
    (url,) = urls(hans, network).values()
    other = made(hans, "/network/new", {"unit": THERE, "title": "Et annet"})
    assert hans.get(url.replace(str(network), str(other))).status_code == 404, "only where it stands"
    assert hans.post(f"{url}/removal").status_code == 404, "whose post it is, may take it away"
    assert hans.post(f"/network/{network}/leaving", data={"unit": THERE}).status_code == 303
    before = count(app, AccessLog, AccessLog.action == "refused")
    assert (hans.get(url).status_code, berit.get(url).status_code) == (404, 403)
    assert app.test_client().get(url).status_code == 302
    assert count(app, AccessLog, AccessLog.action == "refused") == before + 2
    assert solveig.get(url).status_code == 200


def test_a_file_goes_with_its_post_and_comes_back_with_it(solveig: FlaskClient, hans: FlaskClient, network: UUID) -> None:
    post = UUID(re.findall(r"item=([0-9a-f-]{36})", posted(solveig, network, ("plan.pdf", PDF)).headers["Location"])[0])
    (url,) = urls(hans, network).values()
    solveig.post(f"/improvement/items/{post}/removal", data={"seen": "1"})
    assert hans.get(url).status_code == 404
    solveig.post(f"/improvement/items/{post}/undo", data={"seen": "2"})
    assert hans.get(url).data == PDF


def test_who_wrote_the_post_takes_a_file_away_for_good_and_it_is_told(
    solveig: FlaskClient, hans: FlaskClient, app: Flask, network: UUID
) -> None:
    post = re.findall(r"item=([0-9a-f-]{36})", posted(solveig, network, ("plan.pdf", PDF), ("tavle.jpg", photo())).headers["Location"])[0]
    kept = urls(solveig, network)
    form_page = solveig.get(f"/improvement/items/{post}").text
    assert f'action="{kept["plan.pdf"]}/removal"' in form_page
    assert solveig.post(f"{kept['plan.pdf']}/removal").status_code == 303
    assert hans.get(kept["plan.pdf"]).status_code == 404
    assert list(urls(hans, network)) == ["tavle.jpg"]
    assert "En fil er tatt bort av Solveig Dahl, i dag" in hans.get(f"/network/{network}").text
    assert shared(app) == (1, 3, 1), "the bytes are gone; that it was there stays"
    assert count(app, AccessLog, AccessLog.action == "network_file_removed") == 1
    assert solveig.post(f"{kept['plan.pdf']}/removal").status_code == 404
    again = solveig.post(f"/improvement/items/{post}", **form([("plan.pdf", PDF)], seen="1"))
    assert again.status_code == 303
    assert hans.get(urls(hans, network)["plan.pdf"]).data == PDF


@pytest.mark.parametrize(("lang", "words"), [
    ("nb", "Ingen skal kunne kjennes igjen i en fil"), ("nn", "Ingen skal kunne kjennast igjen i ei fil"),
    ("en", "Nobody may be recognisable in a file"),
])  # fmt: skip
def test_the_form_warns_before_a_file_is_chosen(solveig: FlaskClient, network: UUID, lang: str, words: str) -> None:
    solveig.post("/account/language", data={"language": lang})
    text = solveig.get(f"/network/{network}/posts").text
    assert words in text
    assert 'enctype="multipart/form-data"' in text


def test_a_backup_brings_the_files_back(solveig: FlaskClient, app: Flask, network: UUID, tmp_path: Path) -> None:
    posted(solveig, network, ("logg.txt", TEXT))
    places = Places(app, tmp_path)
    try:
        backup(places.here, tmp_path / "x.backup")
        there = places.empty()
        put_back(there, tmp_path / "x.backup")
        copy = places.serve(there)
        with copy.app_context():
            (file,) = ask(copy, lambda session: work.read(session, WorkVersion.kind == "file"))
            assert ask(copy, lambda session: attached.content(session, file)) == TEXT
    finally:
        places.close()
