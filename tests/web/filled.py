"""An office in which something has happened: there is a thing behind every address the app knows."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.conftest import sign_in
from tests.device import Tablet, Vault
from tests.fixtures.shared_files import TEXT
from tests.people import BERIT, KARI, SOLVEIG, ref
from tests.web import office
from tests.web.sync.reading import all_of, ask
from webapp.models import AccessLink, AccessLog, AccessPending, Base, Flag, Lookup, Quarantine, WorkFile

PROJECT = "Færre skader"
NETWORK = "Trygge rom"


class Filled:
    """A unit with checks, flags, a draft, a device and a refused record: something behind every URL."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        berit = sign_in(app.test_client(), BERIT)
        self.tablet = Tablet.enrol(app, berit)
        self.vault: Vault = self.tablet.open_vault(berit)
        self.check = office.record(berit, "Astrid Lunde", "urgent", answers={"remark": "Ømhet"}, note="Gruer seg")
        self.correction = office.correct(berit, self.check, "high", "Feil svar")
        self.draft = UUID(office.start(berit, "Odd Brekke"))
        self.flag = all_of(app, Flag, Flag.closed_at.is_(None))[0].id
        unknown = self.tablet.check(self.vault, str(ref("Astrid Lunde")), office.FORM, {"level": "calm"}, bv=9)
        sealed = self.tablet.seal(self.vault, unknown, version=1)  # a form that nobody knows cannot be packed
        assert self.tablet.verdicts([sealed])[0]["verdict"] == "quarantined"
        self.lookup = self._looked_up()
        self.photo = uuid4()  # one that is not there: whose it would be, nobody learns
        self.envelope = all_of(app, Quarantine)[0].envelope_hash
        self.project = self._improved()
        self.network = self._improved("/network/new", NETWORK)
        self.post = self._improved(f"/network/{self.network}/posts", "Prøve", story="Prøve", files=(BytesIO(TEXT), "logg.txt"))
        self.file = all_of(app, WorkFile)[0].item

    def _looked_up(self) -> UUID:
        """Kari of another unit, on Inger."""
        said = {"name": "Inger Tangen", "born": "1949-07-14", "reason": "Vikar denne kvelden"}
        assert sign_in(self.app.test_client(), KARI).post("/lookups", data=said).status_code == 303
        return UUID(str(all_of(self.app, Lookup)[0].id))

    def _improved(self, path: str = "/improvement/new", title: str = PROJECT, **more: Any) -> UUID:
        """A project or a network of Solveig's, or what stands in one."""
        ident = uuid4()
        said = {"title": title, "state": "active", "item": str(ident)} | more
        assert sign_in(self.app.test_client(), SOLVEIG).post(path, data=said).status_code == 303
        return ident

    def urls(self, rule: Rule) -> Iterator[str]:
        """Real addresses of a rule."""
        values: dict[str, list[Any]] = {
            "ref": [ref("Astrid Lunde")], "check_id": [self.check, self.correction, self.draft], "flag_id": [self.flag],
            "photo_id": [self.photo], "passkey_id": [uuid4()], "session_id": [uuid4()], "lookup_id": [self.lookup],
            "link_id": [uuid4()], "address_id": [uuid4()], "token": ["x" * 43], "import_id": [uuid4()],
            "code_id": [uuid4()], "decision_id": [uuid4()], "token_id": [uuid4()], "ending": ["csv"],
            "item_id": [self.project], "network_id": [self.network], "file_id": [self.file], "user_id": [KARI.id],
            "device_id": [self.tablet.device_id],
            "bundle_id": ["prove"], "envelope_hash": [self.envelope], "filename": ["css/app.css"], "name": ["device.js"],
        }  # fmt: skip
        names = sorted(rule.arguments)
        for chosen in product(*(values[name] for name in names)):
            with self.app.test_request_context():
                yield rule.build(dict(zip(names, chosen, strict=True)), append_unknown=False)[1]  # type: ignore[index]


def contents(app: Flask, *but: type[Base]) -> dict[str, list[Any]]:
    """Every row of every table; with the access log its chain is left out."""
    skipped = {one.__tablename__ for one in (*but, *((AccessLink, AccessPending) if AccessLog in but else ()))}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in skipped]
    return ask(app, lambda session: {one.name: sorted(map(repr, session.execute(select(one)).all())) for one in tables})  # type: ignore[no-any-return]
