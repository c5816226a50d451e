"""What may stand in the environment: all of it, none of it, or a sentence before anything is served."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.web.test_start import stopped, webapp
from webapp.accounts.oidc_command import new_key
from webapp.accounts.oidc_settings import read
from webapp.config import ConfigProblem, from_environment

RSA = rsa.generate_private_key(65537, 2048)
CURVE = ec.generate_private_key(ec.SECP384R1())
PEM = CURVE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """As operations.md says it."""
    key = tmp_path / "client.jwk"
    key.write_text(json.dumps(ECKey.generate_key("P-256", private=True).as_dict(private=True)))
    return {
        "OIDC_ISSUER": "https://helseid-sts.test.nhn.no", "OIDC_CLIENT_ID": "client", "OIDC_PRIVATE_KEY_FILE": str(key),
        "OIDC_REDIRECT_URI": "https://rounds.example.no/login/oidc/answer",
    }  # fmt: skip


def test_four_settings_are_enough_and_mean_helseid(env: dict[str, str]) -> None:
    found = read(env)
    assert found is not None
    assert (found.name, found.level, found.key_algorithm, found.loopback) == ("HelseID", "4", "ES256", False)
    assert found.scopes == "openid helseid://scopes/hpr/hpr_number helseid://scopes/identity/security_level"


def test_nothing_set_is_no_provider(tmp_path: Path) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path)})["OIDC"] is None
    assert read({"OIDC_ISSUER": " "}) is None


@pytest.mark.parametrize("name", ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_PRIVATE_KEY_FILE", "OIDC_REDIRECT_URI"])
def test_half_set_is_refused_by_the_name_of_what_is_missing(env: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigProblem, match=f"half set: {name} must be set too"):
        read({**env, name: ""})


UNUSABLE = {
    "in clear": ("OIDC_ISSUER", "http://helseid-sts.nhn.no"), "this machine": ("OIDC_ISSUER", "http://127.0.0.1:8000"),
    "with a question": ("OIDC_ISSUER", "https://x.no/?a=b"), "with a password": ("OIDC_ISSUER", "https://a:b@x.no"),
    "no address": ("OIDC_ISSUER", "helseid"), "a port that is none": ("OIDC_ISSUER", "https://x.no:abc"), "no host": ("OIDC_ISSUER", "https://"),
    "back in clear": ("OIDC_REDIRECT_URI", "http://x.no/login/oidc/answer"), "back elsewhere": ("OIDC_REDIRECT_URI", "https://x.no/"),
    "no openid": ("OIDC_SCOPES", "profile"), "a token to keep": ("OIDC_SCOPES", "openid offline_access"),
    "a secret everybody knows": ("OIDC_ALGORITHMS", "RS256 HS256"), "unsigned": ("OIDC_ALGORITHMS", "none"),
    "no key": ("OIDC_PRIVATE_KEY_FILE", "/nowhere/at/all"), "a folder": ("OIDC_PRIVATE_KEY_FILE", "/"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_refused_by_its_name(env: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(ConfigProblem, match=name):
        read({**env, name: value})


def test_a_half_set_provider_stops_the_server_with_a_sentence(tmp_path: Path) -> None:
    stopped(webapp("serve", DATA_DIR=str(tmp_path), OIDC_CLIENT_ID="client"), "half set", "OIDC_ISSUER")


def jwk(key: ECKey | RSAKey | OctKey, private: bool) -> str:
    return json.dumps(key.as_dict(private=private))


USABLE = {
    "RSA": (jwk(RSAKey.import_key(RSA), True), "PS256"), "PEM": (PEM, "ES384"), "curve": (jwk(ECKey.import_key(CURVE), True), "ES384"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "algorithm"), USABLE.values(), ids=USABLE)
def test_a_key_is_a_jwk_or_a_pem_and_signs_as_its_kind_does(env: dict[str, str], text: str, algorithm: str) -> None:
    Path(env["OIDC_PRIVATE_KEY_FILE"]).write_text(text)
    found = read(env)
    assert found is not None
    assert found.key_algorithm == algorithm
    assert found.key.kid


BAD_KEYS = {
    "empty": "", "rubbish": "{", "a list": "[]", "an object": "{}", "a secret": '{"kty": "oct", "k": "AAAA"}',
    "public": jwk(ECKey.import_key(CURVE), False),
    "public PEM": CURVE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    "half a PEM": PEM[:90], "another curve": jwk(ECKey.generate_key("secp256k1", private=True), True),
    "short RSA": rsa.generate_private_key(65537, 1024)  # noqa: S505
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_KEYS.values(), ids=BAD_KEYS)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_what_is_no_private_key_is_refused_without_showing_it(env: dict[str, str], text: str) -> None:
    Path(env["OIDC_PRIVATE_KEY_FILE"]).write_text(text)
    with pytest.raises(ConfigProblem, match="OIDC_PRIVATE_KEY_FILE") as refused:
        read(env)
    assert not text or text not in str(refused.value)


def test_a_new_key_is_for_nobody_elses_eyes_and_never_replaces_one(
    env: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.jwk"
    assert new_key(str(path)) == 0
    shown, kept = json.loads(capsys.readouterr().out), json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "d" not in shown
    assert kept == {**shown, "d": kept["d"]}
    found = read({**env, "OIDC_PRIVATE_KEY_FILE": str(path)})
    assert found is not None
    assert found.key.kid == shown["kid"]
    with pytest.raises(ConfigProblem, match="never replaced"):
        new_key(str(path))
    assert json.loads(path.read_text()) == kept
