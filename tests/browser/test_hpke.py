"""The vendored HPKE library against RFC 9180, and against the server's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.fixtures.javascript import Js
from webapp.sync import crypto, envelope

CASE = json.loads((Path(__file__).parents[1] / "contract" / "cases" / "hpke_rfc9180_a3.json").read_text())

RECIPIENT = """async ({ skRm, enc, info, encryptions, exports }) => {
  const { suite } = await import("/sw/vault.js");
  const { hex, unhex } = await import("/sw/bytes.js");
  const key = await suite.DeserializePrivateKey(unhex(skRm), false);
  const context = await suite.SetupRecipient(key, unhex(enc), { info: unhex(info) });
  const opened = [];
  for (const { ct, aad } of encryptions) opened.push(hex(await context.Open(unhex(ct), unhex(aad))));
  const exported = [];
  for (const one of exports) exported.push(hex(await context.Export(unhex(one), 32)));
  return { opened, exported };
}"""

SEAL = """async ({ publicKey, info, plain }) => {
  const vault = await import("/sw/vault.js");
  const { hex, unhex } = await import("/sw/bytes.js");
  return hex(await vault.sealTo(unhex(publicKey), unhex(info), unhex(plain)));
}"""

ENVELOPE = """async ({ publicKey, kid, installation, id, payload, version }) => {
  const vault = await import("/sw/vault.js");
  const envelope = await import("/sw/envelope.js");
  const { hex, unhex, utf8 } = await import("/sw/bytes.js");
  const seal = { kid: unhex(kid), public: unhex(publicKey) };
  const begun = await vault.begin();
  await begun.finish("739154", installation, installation, seal);
  const signature = await envelope.sign({ version, kind: 1, id, installation }, utf8(payload));
  const sealed = await envelope.seal({ version, kind: 1, id, installation }, utf8(payload), signature, seal);
  vault.close();
  return { bytes: hex(sealed.bytes), hash: sealed.hash, signer: hex(begun.publicKey) };
}"""


def recipient(js: Js, **changed: Any) -> Any:
    in_order = [one for one in CASE["encryptions"] if int(one["sequence_number"]) < 3]
    exports = [one["exporter_context"] for one in CASE["exports"]]
    given = {**{k: CASE[k] for k in ("skRm", "enc", "info")}, "encryptions": in_order, "exports": exports}
    return js.run(RECIPIENT, {**given, **changed})


def test_the_vectors_of_rfc_9180_open_and_export_as_printed(js: Js) -> None:
    found = recipient(js)
    assert found["opened"] == [one["pt"] for one in CASE["encryptions"][:3]]
    assert found["exported"] == [one["exported_value"] for one in CASE["exports"]]


@pytest.mark.parametrize("part", ["info", "enc", "ct", "aad"])
def test_a_vector_with_one_changed_bit_does_not_open(js: Js, part: str) -> None:
    def flip(digits: str) -> str:
        return digits[:-1] + format(int(digits[-1], 16) ^ 1, "x")

    first = CASE["encryptions"][0]
    changed: dict[str, Any] = {"encryptions": [first]}
    if part in ("info", "enc"):
        changed[part] = flip(CASE[part])
    else:
        changed["encryptions"] = [{**first, part: flip(first[part])}]
    with pytest.raises(Exception, match="Error"):
        recipient(js, **changed)


def test_what_the_browser_seals_the_server_opens(js: Js) -> None:
    private = crypto.new_private()
    for plain in (b"", b"x", bytes(range(256)) * 40):
        info = b"tryggrunde envelope" + bytes(42)
        sealed = js.run(SEAL, {"publicKey": crypto.public_bytes(private.public_key()).hex(), "info": info.hex(), "plain": plain.hex()})
        assert crypto.open_sealed(private, info, bytes.fromhex(sealed)) == plain


def test_what_the_browser_seals_opens_with_no_other_info_and_no_other_key(js: Js) -> None:
    private = crypto.new_private()
    public = crypto.public_bytes(private.public_key()).hex()
    sealed = bytes.fromhex(js.run(SEAL, {"publicKey": public, "info": b"one".hex(), "plain": b"two".hex()}))
    with pytest.raises(crypto.NotOpened):
        crypto.open_sealed(private, b"other", sealed)
    with pytest.raises(crypto.NotOpened):
        crypto.open_sealed(crypto.new_private(), b"one", sealed)


@pytest.mark.parametrize("version", [1, 2])
def test_an_envelope_from_the_browser_is_the_same_envelope_to_the_server(js: Js, version: int) -> None:
    private = crypto.new_private()
    public = crypto.public_bytes(private.public_key())
    kid, installation, ident = crypto.key_id(public), "11111111-1111-4111-8111-111111111111", "01890000-0000-7000-8000-000000000001"
    payload = json.dumps({"id": ident, "nt": "Sår på hælen, æøå " * 20})
    head = {"installation": installation, "id": ident, "version": version}
    made = js.run(ENVELOPE, {"publicKey": public.hex(), "kid": kid.hex(), "payload": payload, **head})
    sealed = bytes.fromhex(made["bytes"])
    opened = envelope.open_envelope(sealed, lambda given: private if given == kid else None)
    assert (opened.header.version, opened.body) == (version, payload.encode())
    assert opened.signed_by(crypto.public_from(bytes.fromhex(made["signer"])))
    assert (opened.header.id, opened.header.installation, opened.header.kind) == (UUID(ident), UUID(installation), envelope.CHECK)
    assert made["hash"] == envelope.envelope_hash(sealed)
    assert (len(sealed) - envelope.HEADER.size - crypto.POINT - 16) % envelope.BLOCK == 0
