"""Keys, signatures, and what is thought of them."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import TestCase

from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.actions import key_for, ready_authority, sign, sign_record
from tongban.foundation.trust.errors import KeyOutOfUse, KeyStoreAway
from tongban.foundation.trust.gateways import keyring, openssl
from tongban.foundation.trust.models import Certificate, StoredKey
from tongban.foundation.trust.queries import (
    chain_of,
    check_record,
    check_signature,
    judge_certificate,
    public_keys,
    stands,
)

BOTH = pytest.mark.parametrize("algorithm", ["sm2", "p256"])
DEPARTMENT = "department:01900000-0000-7000-8000-000000000001"


@BOTH
def test_a_signature_is_checked_by_the_certificate(db, algorithm: str) -> None:
    key = key_for(DEPARTMENT, "letters", algorithm, title="卫生健康局")
    signature = sign(key, b"letter")
    assert check_signature(key.certificate, b"letter", signature)
    assert not check_signature(key.certificate, b"Letter", signature)
    assert not check_signature(key.certificate, b"letter", signature[:-1])
    assert not check_signature(b"nonsense", b"letter", signature)


@BOTH
def test_a_certificate_leads_to_the_root(db, algorithm: str) -> None:
    key = key_for(DEPARTMENT, "letters", algorithm)
    assert len(chain_of(key.certificate)) == 3
    assert stands(judge_certificate(key.certificate)) is True


def test_a_certificate_of_another_city_has_no_chain(db) -> None:
    foreign = key_for(DEPARTMENT, "letters", "p256").certificate
    keyring.take_off()
    Certificate.objects.all().update(renews=None, issuer=None)
    Certificate.objects.all().delete()
    StoredKey.objects.all().delete()
    key_for(DEPARTMENT, "letters", "p256")
    assert chain_of(foreign) == [foreign]
    assert stands(judge_certificate(foreign)) is False


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"state": "suspended", "reason": "certificate_hold"}, False),
        ({"state": "revoked", "reason": "superseded"}, False),
        ({"state": "revoked", "reason": "superseded", "later": True}, True),
        ({"state": "revoked", "reason": "key_compromise", "later": True}, None),
    ],
)
def test_revocation_counts_from_its_moment(db, change: dict, good: bool | None) -> None:
    key = key_for(DEPARTMENT, "letters", "p256")
    signed_at = now() + timedelta(hours=1)
    shift = timedelta(hours=1 if change.pop("later", False) else -1)
    Certificate.objects.filter(pk=key.certificate_id).update(**change, state_at=signed_at + shift)
    assert stands(judge_certificate(key.certificate, signed_at)) is good


def test_validity_is_asked_for_the_moment_of_signing(db) -> None:
    key = key_for(DEPARTMENT, "letters", "p256")
    assert stands(judge_certificate(key.certificate, now() - timedelta(days=1))) is False
    assert stands(judge_certificate(key.certificate, now() + timedelta(days=2000))) is False


def test_a_record_carries_two_signatures(db) -> None:
    signed = sign_record("platform:records", "licences", {"name": "茶", "no": 1}, title="通办")
    assert json.loads(signed.text) == {"name": "茶", "no": 1}
    assert [one["alg"] for one in signed.signatures] == ["sm2", "p256"]
    assert stands(check_record(signed.text, signed.signatures)) is True
    assert stands(check_record(signed.text + b" ", signed.signatures)) is False
    assert stands(check_record(signed.text, [])) is False
    assert stands(check_record(signed.text, [{"alg": "sm2", "kid": "0" * 16, "value": "AA=="}])) is None
    swapped = [one | {"alg": "p256" if one["alg"] == "sm2" else "sm2"} for one in signed.signatures]
    assert stands(check_record(signed.text, swapped)) is False


@pytest.mark.parametrize("nonsense", [{"kid": None}, {"value": "§"}, {"value": None}, {"alg": "none"}, {"alg": 1}])
def test_nonsense_in_place_of_a_signature_is_judged(db, nonsense) -> None:
    signed = sign_record("platform:records", "licences", {"no": 1})
    for one in (signed.signatures[0] | nonsense, "x", None, {}):
        assert stands(check_record(signed.text, [one])) is not True


def test_a_warm_record_costs_no_query_and_less_than_a_few_milliseconds(db, django_assert_num_queries) -> None:
    sign_record("platform:records", "licences", {"no": 0})
    with django_assert_num_queries(0):
        begun = time.perf_counter()
        for number in range(20):
            sign_record("platform:records", "licences", {"no": number})
        assert (time.perf_counter() - begun) / 20 < 0.01


def test_keys_are_published_without_those_of_persons(db) -> None:
    key_for("account:01900000-0000-7000-8000-000000000002", "approvals", "p256")
    kid = key_for(DEPARTMENT, "letters", "p256").kid
    assert [(one["kid"], one["alg"]) for one in public_keys()] == [(kid, "p256")]


def test_a_key_is_found_again_by_another_process(db) -> None:
    first = key_for(DEPARTMENT, "letters", "sm2")
    keyring.take_off()
    again = key_for(DEPARTMENT, "letters", "sm2")
    assert again is not first
    assert again == first


def test_the_authority_is_founded_once(db) -> None:
    ready_authority()
    ready_authority()
    assert Certificate.objects.count() == 8


def test_nobody_signs_with_a_suspended_certificate(db) -> None:
    key = key_for(DEPARTMENT, "letters", "sm2")
    Certificate.objects.filter(pk=key.certificate_id).update(state="suspended", reason="certificate_hold")
    keyring.take_off()
    with pytest.raises(KeyOutOfUse):
        key_for(DEPARTMENT, "letters", "sm2")


def test_a_key_whose_certificate_ended_gets_another(db) -> None:
    key = key_for(DEPARTMENT, "letters", "sm2")
    since = now() - timedelta(days=9)
    Certificate.objects.filter(pk=key.certificate_id).update(valid_from=since, valid_until=since + timedelta(days=1))
    keyring.take_off()
    again = key_for(DEPARTMENT, "letters", "sm2")
    assert again.kid == key.kid
    assert again.certificate_id != key.certificate_id


def test_a_store_that_is_gone_is_said_so(db, settings, tmp_path) -> None:
    key_for(DEPARTMENT, "letters", "sm2")
    keyring.take_off()
    settings.KEY_FOLDER = tmp_path
    with pytest.raises(KeyStoreAway):
        key_for(DEPARTMENT, "letters", "sm2")


def test_the_wrong_secret_opens_nothing(db, settings) -> None:
    key_for(DEPARTMENT, "letters", "sm2")
    keyring.take_off()
    settings.KEY_SECRET = "another"
    with pytest.raises(KeyStoreAway):
        key_for(DEPARTMENT, "letters", "sm2")


def test_a_machine_without_sm2_says_what_is_missing(settings) -> None:
    settings.LIBCRYPTO = ["libnothing.so.9"]
    openssl._library.cache_clear()
    try:
        with pytest.raises(KeyStoreAway, match="libssl3"):
            openssl.new_key("sm2")
    finally:
        openssl._library.cache_clear()


def test_a_process_keeps_so_many_keys_and_no_more(db, settings) -> None:
    settings.KEYS_KEPT = 3
    with TestCase.captureOnCommitCallbacks(execute=True):
        keys = [key_for(f"account:01900000-0000-7000-8000-00000000000{n}", "personal", "sm2") for n in range(5)]
    connection.run_on_commit.clear()
    assert [keyring.hanging(key.owner, key.name, key.algorithm) == key for key in keys] == [False] * 2 + [True] * 3
