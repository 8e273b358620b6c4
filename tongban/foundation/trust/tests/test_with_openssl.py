"""The openssl program reads what we issue and agrees: certificates, lists, states, time stamps."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from asn1crypto.crl import CertificateList
from django.test import Client

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.actions import key_for, ready_authority, time_stamp
from tongban.foundation.trust.gateways.keyring import Key
from tongban.foundation.trust.models import Certificate
from tongban.foundation.trust.queries import chain_of, crl, judge_stamp, pem_of, stands

BOTH = pytest.mark.parametrize("algorithm", ["sm2", "p256"])
OWNER = "department:01900000-0000-7000-8000-000000000001"
CHAIN = ["-CAfile", "root.pem", "-untrusted", "issuing.pem"]


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr + f"\nexit {done.returncode}"


def laid_out(folder: Path, algorithm: str) -> Key:
    """Root, issuing and own certificate as files."""
    ready_authority()
    key = key_for(OWNER, "letters", algorithm, title="卫生健康局")
    own, issuing, root = chain_of(key.certificate)
    for name, der in {"own": own, "issuing": issuing, "root": root}.items():
        (folder / f"{name}.pem").write_text(pem_of(der))
    return key


def revoke(key: Key, reason: str = "key_compromise") -> None:
    state = "suspended" if reason == "certificate_hold" else "revoked"
    Certificate.objects.filter(pk=key.certificate_id).update(state=state, reason=reason, state_at=now())


def test_p256_certificates_lead_to_the_root(db, tmp_path: Path) -> None:
    laid_out(tmp_path, "p256")
    assert "own.pem: OK" in run(tmp_path, "verify", "-x509_strict", *CHAIN, "own.pem")


def test_sm2_certificates_lead_to_the_root_link_by_link(db, tmp_path: Path) -> None:
    """OpenSSL 3.0 gives the signer's identity to the certificate in question alone, not to those above it."""
    laid_out(tmp_path, "sm2")
    identity = ["-vfyopt", "distid:1234567812345678", "-x509_strict", "-partial_chain"]
    assert "own.pem: OK" in run(tmp_path, "verify", *identity, "-trusted", "issuing.pem", "own.pem")
    assert "issuing.pem: OK" in run(tmp_path, "verify", *identity, "-trusted", "root.pem", "issuing.pem")


@BOTH
def test_a_certificate_says_what_it_is_for(db, tmp_path: Path, algorithm: str) -> None:
    laid_out(tmp_path, algorithm)
    text = run(tmp_path, "x509", "-in", "own.pem", "-noout", "-text", "-nameopt", "utf8")
    for words in ("CA:FALSE", "Digital Signature, Non Repudiation", f"/trust/crl/{algorithm}.crl", "卫生健康局"):
        assert words in text


def test_the_list_of_p256_names_who_was_revoked(db, tmp_path: Path) -> None:
    key = laid_out(tmp_path, "p256")
    check = ["verify", "-crl_check_all", "-CRLfile", "lists.pem", *CHAIN, "own.pem"]

    def lists() -> str:
        return "".join(pem_of(crl("p256", kind), what="X509 CRL") for kind in ("issuing", "root"))

    (tmp_path / "lists.pem").write_text(lists())
    assert "own.pem: OK" in run(tmp_path, *check)
    revoke(key)
    (tmp_path / "lists.pem").write_text(lists())
    assert "certificate revoked" in run(tmp_path, *check)


def test_the_list_of_sm2_is_signed(db, tmp_path: Path) -> None:
    """`openssl crl` knows no way to name the identity, so what was signed is taken out and checked by itself."""
    key = laid_out(tmp_path, "sm2")
    revoke(key)
    (tmp_path / "list").write_bytes(crl("sm2"))
    text = run(tmp_path, "crl", "-inform", "DER", "-in", "list", "-noout", "-text")
    assert "Key Compromise" in text
    signed = CertificateList.load(crl("sm2"))
    (tmp_path / "body").write_bytes(signed["tbs_cert_list"].dump())
    (tmp_path / "signature").write_bytes(signed["signature"].native)
    run(tmp_path, "x509", "-in", "issuing.pem", "-noout", "-pubkey", "-out", "pub")
    check = ["dgst", "-sm3", "-verify", "pub", "-sigopt", "distid:1234567812345678", "-signature", "signature", "body"]
    assert "Verified OK" in run(tmp_path, *check)


@pytest.mark.parametrize(
    ("reason", "said"), [(None, "good"), ("superseded", "revoked"), ("certificate_hold", "certificateHold")]
)
def test_the_state_of_one_certificate_is_told(db, tmp_path: Path, client: Client, reason, said: str) -> None:
    key = laid_out(tmp_path, "p256")
    if reason:
        revoke(key, reason)
    run(tmp_path, "ocsp", "-issuer", "issuing.pem", "-cert", "own.pem", "-reqout", "question")
    answer = client.post("/trust/ocsp/", (tmp_path / "question").read_bytes(), content_type="application/ocsp-request")
    assert answer.headers["Content-Type"] == "application/ocsp-response"
    (tmp_path / "answer").write_bytes(answer.content)
    heard = run(tmp_path, "ocsp", "-reqin", "question", "-respin", "answer", "-resp_text", "-CAfile", "root.pem",
                "-verify_other", "issuing.pem")  # fmt: skip
    assert "Response verify OK" in heard
    assert said in heard


def test_a_state_may_be_asked_by_get_and_of_sm2(db, tmp_path: Path, client: Client) -> None:
    laid_out(tmp_path, "sm2")
    run(tmp_path, "ocsp", "-issuer", "issuing.pem", "-cert", "own.pem", "-reqout", "question")
    base64 = run(tmp_path, "base64", "-A", "-in", "question").splitlines()[0]
    answer = client.get("/trust/ocsp/" + base64.replace("/", "%2F").replace("+", "%2B"))
    (tmp_path / "answer").write_bytes(answer.content)
    heard = run(tmp_path, "ocsp", "-respin", "answer", "-resp_text", "-noverify")
    assert "Cert Status: good" in heard


@pytest.mark.parametrize("method", ["-sha256", "-sha512", "-sm3"])
def test_a_time_stamp_is_accepted(db, tmp_path: Path, client: Client, method: str) -> None:
    laid_out(tmp_path, "p256")
    (tmp_path / "data").write_bytes("茶叶店".encode())
    run(tmp_path, "ts", "-query", "-data", "data", method, "-cert", "-out", "query")
    answer = client.post("/trust/tsa/", (tmp_path / "query").read_bytes(), content_type="application/timestamp-query")
    (tmp_path / "reply").write_bytes(answer.content)
    assert "Verification: OK" in run(tmp_path, "ts", "-verify", "-in", "reply", "-queryfile", "query", *CHAIN)
    (tmp_path / "data").write_bytes(b"other")
    assert "FAILED" in run(tmp_path, "ts", "-verify", "-in", "reply", "-data", "data", *CHAIN)


def test_a_request_we_cannot_serve_is_told_why(db, tmp_path: Path, client: Client) -> None:
    laid_out(tmp_path, "p256")
    (tmp_path / "data").write_bytes(b"data")
    for more, why in (
        (["-sha1"], "unrecognized or unsupported algorithm"),
        (["-sha256", "-tspolicy", "1.2.3.4"], "policy"),
    ):
        run(tmp_path, "ts", "-query", "-data", "data", *more, "-out", "query")
        answer = client.post(
            "/trust/tsa/", (tmp_path / "query").read_bytes(), content_type="application/timestamp-query"
        )
        (tmp_path / "reply").write_bytes(answer.content)
        assert why in run(tmp_path, "ts", "-reply", "-in", "reply", "-text")


@BOTH
def test_our_own_check_of_a_time_stamp(db, algorithm: str) -> None:
    digest = bytes.fromhex(sm3(b"data")) if algorithm == "sm2" else hashlib.sha256(b"data").digest()
    token = time_stamp(digest, algorithm)
    steps, at = judge_stamp(token, digest)
    assert stands(steps) is True
    assert at is not None
    assert abs((now() - at).total_seconds()) < 60
    for wrong in (token[:-1], token[:-9] + b"\0" + token[-8:], token[:200], b""):
        assert stands(judge_stamp(wrong, digest)[0]) is False
    assert stands(judge_stamp(token, bytes(32))[0]) is False


@pytest.mark.parametrize("data", [b"", b"0", b"\x30\x80", b"\x30\x03\x02\x01\x01", bytes(6000), b"\xff" * 300])
def test_nonsense_is_answered_and_no_fault(db, client: Client, data: bytes) -> None:
    assert client.post("/trust/ocsp/", data, content_type="application/ocsp-request").status_code == 200
    assert client.post("/trust/tsa/", data, content_type="application/timestamp-query").status_code == 200
    assert client.post("/trust/tsa/rsa/", data, content_type="application/timestamp-query").status_code == 404
    assert client.get("/trust/ocsp/§§/").status_code == 200
    assert [client.post(f"/trust/{desk}/", {"a": "form"}).status_code for desk in ("ocsp", "tsa")] == [200, 200]
    assert client.get("/trust/crl/none.crl").status_code == 404


def test_the_addresses_answer(db, client: Client) -> None:
    ready_authority()
    key = key_for(OWNER, "letters", "sm2")
    assert client.get("/trust/crl/sm2.crl").headers["Content-Type"] == "application/pkix-crl"
    assert client.get("/trust/crl/p256-root.crl").status_code == 200
    content = client.get("/trust/keys.json").json()
    assert [one["kid"] for one in content["keys"]] == [key.kid]
    assert {one["kind"] for one in content["authorities"]} == {"root", "issuing"}
