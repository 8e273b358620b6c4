"""SM2 against the standard's own example, and against the openssl program, both ways."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.trust.gateways import openssl
from tongban.foundation.trust.queries import pem_of

# GB/T 32918.5, appendix A: the key, the message, the signature.
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
# RFC 5915 in PKCS#8: what the example's key looks like in a file.
PRIVATE = bytes.fromhex(
    "308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420"
) + SECRET + bytes.fromhex("a144034200") + PUBLIC[-65:]  # fmt: skip
DISTID = "distid:1234567812345678"


def test_the_standards_signature_is_good() -> None:
    assert openssl.algorithm_of(PUBLIC) == "sm2"
    assert openssl.is_signed(PUBLIC, b"message digest", SIGNATURE)
    assert not openssl.is_signed(PUBLIC, b"message digesT", SIGNATURE)


def test_the_standards_key_signs() -> None:
    key = openssl.private_key_from(PRIVATE)
    assert openssl.public_der(key) == PUBLIC
    assert openssl.is_signed(PUBLIC, b"once more", openssl.signer_of(key, "sm2")(b"once more"))


@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_one_changed_bit_of_a_signature_is_seen(data: bytes, place: int) -> None:
    signature = bytearray(openssl.signer_of(openssl.private_key_from(PRIVATE), "sm2")(data))
    assert openssl.is_signed(PUBLIC, data, bytes(signature))
    signature[place // 8 % len(signature)] ^= 1 << place % 8
    assert not openssl.is_signed(PUBLIC, data, bytes(signature))


@given(st.binary(max_size=120), st.binary(max_size=120))
def test_nonsense_is_no_signature(public: bytes, signature: bytes) -> None:
    assert not openssl.is_signed(public, b"data", signature)
    assert not openssl.is_signed(PUBLIC, b"data", signature)


@pytest.mark.parametrize(("algorithm", "digest"), [("sm2", "sm3"), ("p256", "sha256")])
def test_the_openssl_program_agrees_both_ways(tmp_path: Path, algorithm: str, digest: str) -> None:
    key = openssl.new_key(algorithm)
    public = openssl.public_der(key)
    for name, data in {"key": openssl.closed(key, "secret"), "pub": pem_of(public, what="PUBLIC KEY").encode(),
                       "data": "茶叶店".encode(), "sig": openssl.signer_of(key, algorithm)("茶叶店".encode())}.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
    more = ["-sigopt", DISTID] if algorithm == "sm2" else []
    check = ["openssl", "dgst", f"-{digest}", "-verify", "pub", *more, "-signature", "sig", "data"]
    assert b"Verified OK" in subprocess.run(check, cwd=tmp_path, capture_output=True, check=True).stdout
    theirs = [
        "openssl",
        "dgst",
        f"-{digest}",
        "-sign",
        "key",
        "-passin",
        "pass:secret",
        *more,
        "-out",
        "theirs",
        "data",
    ]
    subprocess.run(theirs, cwd=tmp_path, capture_output=True, check=True)
    assert openssl.is_signed(public, "茶叶店".encode(), (tmp_path / "theirs").read_bytes())
