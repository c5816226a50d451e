"""Records in somebody's name that she did not sign as they are: whole and right but for that, and never taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.device import Tablet, Vault
from tests.people import AMINA, ref
from tests.web.sync.reading import all_of, count
from tests.web.sync.test_devices import Login
from webapp.models import CheckRecord, Quarantine
from webapp.sync import crypto, envelope

ASTRID = str(ref("Astrid Lunde"))
FORM = "hud_sjekk"


class Forger:
    """A tablet that both use, and somebody who can put together whatever he likes on it."""

    def __init__(self, tablet: Tablet, berit: Vault, amina: Vault, version: int) -> None:
        self.tablet, self.berit, self.amina, self.version = tablet, berit, amina, version
        self.true = tablet.check(berit, ASTRID, FORM, {"red": "no"})

    def carried(self, payload: dict[str, Any]) -> bytes:
        return self.tablet.carried(payload, self.version)

    def header(self, payload: dict[str, Any]) -> envelope.Header:
        return envelope.Header(self.version, envelope.CHECK, self.tablet.kid, self.tablet.installation, UUID(payload["id"]))

    def signature(self, payload: dict[str, Any], private: crypto.PrivateKey) -> bytes:
        said = self.header(payload).signed + self.carried(payload)
        return crypto.sign(private, envelope.SIGNED[self.version] + said)

    def sealed(self, payload: dict[str, Any], signature: bytes) -> bytes:
        return envelope.seal_signed(self.header(payload), self.carried(payload), signature, self.tablet.seal_to)


def unsigned(it: Forger) -> bytes:
    return it.sealed(it.true, bytes(64))


def altered(it: Forger) -> bytes:
    return it.sealed(it.true | {"a": it.tablet.check(it.berit, ASTRID, FORM, {"red": "yes"})["a"]}, it.signature(it.true, it.berit.private))


def of_somebody_else(it: Forger) -> bytes:
    return it.sealed(it.true | {"p": str(ref("Odd Brekke"))}, it.signature(it.true, it.berit.private))


def by_a_colleague(it: Forger) -> bytes:
    return it.sealed(it.true, it.signature(it.true, it.amina.private))


def as_a_colleague(it: Forger) -> bytes:
    named = it.true | {"key": it.amina.key_id}
    return it.sealed(named, it.signature(named, it.berit.private))


def with_the_signature_of_another(it: Forger) -> bytes:
    other = it.tablet.check(it.berit, ASTRID, FORM, {"red": "no"})
    return it.sealed(it.true, it.signature(other, it.berit.private))


def under_another_id(it: Forger) -> bytes:
    other = it.tablet.check(it.berit, ASTRID, FORM, {"red": "no"})
    head = envelope.Header(it.version, envelope.CHECK, it.tablet.kid, it.tablet.installation, UUID(other["id"]))
    return envelope.seal_signed(head, it.carried(it.true), it.signature(it.true, it.berit.private), it.tablet.seal_to)


FORGED: list[Callable[[Forger], bytes]] = [
    unsigned, altered, of_somebody_else, by_a_colleague, as_a_colleague, with_the_signature_of_another, under_another_id,
]  # fmt: skip


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("forge", FORGED, ids=lambda one: one.__name__)
def test_it_is_kept_apart_and_the_true_one_is_taken_in_beside_it(
    app: Flask, tablet: Tablet, vault: Vault, login: Login, forge: Callable[[Forger], bytes], version: int
) -> None:
    it = Forger(tablet, vault, tablet.open_vault(login(AMINA)), version)
    (verdict,) = tablet.verdicts([forge(it)])
    reason = "id_mismatch" if (forge, version) == (under_another_id, 1) else "signature"
    assert (verdict["verdict"], verdict["reasons"]) == ("quarantined", [reason])
    assert (count(app, CheckRecord), [row.user_id for row in all_of(app, Quarantine)]) == (0, [None]), "nobody is its author"
    (verdict,) = tablet.verdicts([it.sealed(it.true, it.signature(it.true, vault.private))])
    assert verdict["verdict"] == "accepted"
    (check,) = all_of(app, CheckRecord)
    assert (str(check.id), check.author_name, check.answers) == (it.true["id"], "Berit Nygård", {"red": "no"})
