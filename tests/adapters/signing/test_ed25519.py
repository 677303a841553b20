"""Signatures are valid for what a known key signed, and for nothing else."""

import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_other
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from sot import InvalidInput
from sot.adapters.signing import Ed25519Signer, Ed25519Verifier
from sot.domain.audit.checkpoint import next_checkpoint
from sot.errors import MissingExtra
from sot.testing.vectors import bundled

# RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def pem_of(secret: str) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_signs_as_the_standard_says(secret, public, message, signature):
    signer = Ed25519Signer.from_pem(pem_of(secret))
    assert signer.sign(bytes.fromhex(message)) == signature
    assert signer.key_id == sha256(bytes.fromhex(public)).hexdigest()[:16]
    assert Ed25519Verifier(signer.public_pem()).verifies(bytes.fromhex(message), signature, signer.key_id)


def test_a_key_survives_being_written_and_read():
    signer = Ed25519Signer.generate()
    for password in (None, b"secret"):
        read = Ed25519Signer.from_pem(signer.private_pem(password), password)
        assert (read.key_id, read.sign(b"x")) == (signer.key_id, signer.sign(b"x"))
    assert b"ENCRYPTED" in signer.private_pem(b"secret")
    assert Ed25519Signer.generate().key_id != signer.key_id


def test_only_what_was_signed_by_a_known_key_verifies():
    mine, former, other = (Ed25519Signer.generate() for _ in range(3))
    verifier = Ed25519Verifier(mine.public_pem(), former.public_pem())
    assert verifier.key_ids == (mine.key_id, former.key_id)
    signature = mine.sign(b"message")
    assert verifier.verifies(b"message", signature, mine.key_id)
    assert verifier.verifies(b"message", former.sign(b"message"), former.key_id)
    assert not verifier.verifies(b"massage", signature, mine.key_id)
    assert not verifier.verifies(b"message", signature, former.key_id)
    assert not verifier.verifies(b"message", other.sign(b"message"), other.key_id)
    assert not verifier.verifies(b"message", other.sign(b"message"), mine.key_id)


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda s: s[:-2], lambda s: s + "00", lambda s: " " + s[1:], lambda s: ""]
)
def test_a_signature_has_one_form(spoil):
    signer = Ed25519Signer.generate()
    spoiled = spoil(signer.sign(b"message"))
    assert not Ed25519Verifier(signer.public_pem()).verifies(b"message", spoiled, signer.key_id)


def test_signs_a_checkpoint():
    signer = Ed25519Signer.generate()
    store_id = "01890a5d-ac96-774b-bcce-b302099a8057"
    blank = next_checkpoint(store_id, datetime(2026, 1, 5, tzinfo=UTC), 7, 7, b"\1" * 32, None)
    signed = blank.changed(signature=signer.sign(blank.signed_text.encode()), key_id=signer.key_id)
    assert signed.signed_text == blank.signed_text
    verifier = Ed25519Verifier(signer.public_pem())
    assert verifier.verifies(signed.signed_text.encode(), signed.signature, signed.key_id)
    assert not verifier.verifies(signed.changed(count=8).signed_text.encode(), signed.signature, signed.key_id)


def test_the_signed_vectors_are_really_signed():
    vectors = [vector for vector in bundled() if "public_key" in vector]
    assert vectors
    for vector in vectors:
        verifier = Ed25519Verifier(vector["public_key"].encode())
        canonical, checkpoint = vector["expect"]["canonical"].encode(), vector["fact"]
        assert verifier.verifies(canonical, checkpoint["signature"], checkpoint["key_id"])


OTHER = generate_other(SECP256R1())
PUBLIC = Ed25519Signer.generate().public_pem()
PRIVATE = Ed25519Signer.generate().private_pem()
ENCRYPTED = Ed25519Signer.generate().private_pem(b"right")


@pytest.mark.parametrize(
    ("pem", "password", "message"),
    [
        (b"", None, "BEGIN PRIVATE KEY"),
        (b"nonsense", None, "BEGIN PRIVATE KEY"),
        (PRIVATE[:-40], None, "BEGIN PRIVATE KEY"),
        (PUBLIC, None, "BEGIN PRIVATE KEY"),
        (PRIVATE.decode(), None, "as bytes"),
        (OTHER.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), None, "another kind"),
        (PRIVATE, b"superfluous", "not encrypted"),
        (ENCRYPTED, None, "its password"),
        (ENCRYPTED, b"wrong", "encrypted with"),
    ],
    ids=["empty", "nonsense", "cut", "public", "text", "other-kind", "superfluous-password", "no-password", "wrong"],
)
def test_a_bad_private_key_is_refused_and_never_shown(pem, password, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        Ed25519Signer.from_pem(pem, password)
    body = (pem if isinstance(pem, bytes) else pem.encode()).splitlines()[1:2]
    shown = f"{caught.value} {caught.value.value}"
    assert all(line.decode() not in shown for line in body)
    assert password is None or password.decode() not in shown


@pytest.mark.parametrize(
    ("pems", "message"),
    [
        ([], "BEGIN PUBLIC KEY"),
        ([b"nonsense"], "BEGIN PUBLIC KEY"),
        ([PUBLIC, PRIVATE], "BEGIN PUBLIC KEY"),
        ([PUBLIC.decode()], "as bytes"),
        ([OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)], "another kind"),
    ],
    ids=["none", "nonsense", "private", "text", "other-kind"],
)
def test_a_bad_public_key_is_refused(pems, message):
    with pytest.raises(InvalidInput, match=message):
        Ed25519Verifier(*pems)


def test_an_empty_password_is_refused():
    with pytest.raises(InvalidInput, match="at least one byte"):
        Ed25519Signer.generate().private_pem(b"")


def test_says_who_they_are_and_nothing_else():
    signer = Ed25519Signer.generate()
    assert repr(signer) == f"Ed25519Signer(key_id='{signer.key_id}')"
    assert repr(Ed25519Verifier(signer.public_pem())) == f"Ed25519Verifier(key_ids=('{signer.key_id}',))"


@pytest.mark.parametrize(
    "use",
    [Ed25519Signer.generate, lambda: Ed25519Signer.from_pem(PRIVATE), lambda: Ed25519Verifier(PUBLIC)],
)
def test_tells_what_to_install(monkeypatch, use):
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match=r"sot-orders\[signing\]") as caught:
        use()
    assert caught.value.extra == "signing"


def test_importing_is_light():
    code = "import sys, sot.adapters.signing; assert 'cryptography' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
