"""What is written is read again; what is no seal is said to be none, whatever its bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.seals.rules import (
    Face,
    SealData,
    Unreadable,
    read_seal,
    read_signature,
    seal_content,
    seal_of,
    signature_of,
    to_sign,
)
from tongban.foundation.seals.rules import shapes as old

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
DATA = SealData(
    "511602000001-01",
    1,
    "广安市广安区示例局",
    (b"one", b"two"),
    AT,
    AT,
    AT.replace(year=2031),
    Face("PNG", b"png", 42, 42),
)


def signature(data: SealData = DATA) -> bytes:
    seal = seal_of(seal_content(data), maker=b"maker", signature=b"by the maker")
    signed = to_sign(seal, at=AT, digest=b"d" * 32, property_info="/Doc_0/Signs/Sign_0/Signature.xml")
    return signature_of(signed, certificate=b"one", signature=b"by the signer", time_stamp=b"stamp")


moments = st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
seals = st.builds(
    SealData,
    number=st.text("0123456789-", min_size=1, max_size=16),
    type=st.integers(1, 9),
    name=st.text(max_size=60),
    certificates=st.lists(st.binary(max_size=40), min_size=1, max_size=3).map(tuple),
    made_at=moments,
    valid_from=moments,
    valid_until=moments,
    face=st.builds(Face, st.sampled_from(["PNG", "SVG", "OFD"]), st.binary(), st.integers(1, 60), st.integers(1, 60)),
    version=st.sampled_from([4, 5]),
)


@given(seals, st.binary(min_size=1), st.binary(min_size=1))
def test_a_seal_is_read_as_it_was_written(data, maker, value):
    content = seal_content(data)
    read = read_seal(seal_of(content, maker=maker, signature=value))
    assert (read.data, read.maker, read.signature, read.signed) == (data, maker, value, content)


@given(seals, st.binary(), moments, st.text("/abc_.", max_size=40))
def test_a_signature_is_read_as_it_was_written(data, digest, at, place):
    seal = seal_of(seal_content(data), maker=b"m", signature=b"s")
    signed = to_sign(seal, at=at, digest=digest, property_info=place)
    read = read_signature(signature_of(signed, certificate=b"c", signature=b"v"))
    assert (read.seal.der, read.at, read.digest, read.property_info) == (seal, at, digest, place)
    assert (read.signed, read.time_stamp) == (signed, None)


def test_digests_stand_in_the_place_of_certificates():
    data = replace(DATA, certificates=(), digests=(("SM3", b"1" * 32), ("SM3", b"2" * 32)))
    assert read_seal(seal_of(seal_content(data), maker=b"m", signature=b"s")).data == data


@pytest.mark.parametrize("version", [0, 6, 400])
def test_an_unknown_version_is_no_seal_we_read(version):
    with pytest.raises(Unreadable):
        read_signature(signature(replace(DATA, version=version)))


def test_every_truncation_is_unreadable():
    whole = signature()
    for length in range(len(whole)):
        with pytest.raises(Unreadable):
            read_signature(whole[:length])
    with pytest.raises(Unreadable):
        read_signature(whole + b"\0")


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_no_fault(junk):
    for read in (read_seal, read_signature):
        with pytest.raises(Unreadable):
            read(junk)


@given(st.data())
def test_altered_bytes_are_read_or_refused_but_never_a_fault(data):
    whole = bytearray(signature())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = read_signature(bytes(whole))
    except Unreadable:
        return
    assert read.digest is not None


def test_what_is_too_large_is_not_even_opened():
    with pytest.raises(Unreadable):
        read_signature(b"\x30" * 5_000_000)


def test_a_seal_of_the_first_version():
    content = {
        "header": {"id": "ES", "version": 1, "vendor": "OLD"},
        "number": "1",
        "property": {
            "type": 1,
            "name": "旧章",
            "certificates": [b"one"],
            "made_at": AT,
            "valid_from": AT,
            "valid_until": AT.replace(year=2030),
        },
        "picture": {"type": "PNG", "data": b"png", "width": 42, "height": 42},
    }
    algorithm = old.SM2_WITH_SM3
    signing = {"certificate": b"maker", "algorithm": algorithm, "signature": core.OctetBitString(b"value")}
    seal = old.OldSeal({"content": content, "signing": signing})
    read = read_seal(seal.dump())
    assert (read.data.name, read.data.version, read.data.certificates) == ("旧章", 1, (b"one",))
    assert old.OldSigned.load(read.signed)["certificate"].native == b"maker"
    signed = {
        "version": 1,
        "seal": seal,
        "at": core.OctetBitString(b"20260301080000Z"),
        "digest": core.OctetBitString(b"d"),
        "property_info": "",
        "certificate": b"one",
        "algorithm": algorithm,
    }
    whole = old.OldSignature({"to_sign": signed, "signature": core.OctetBitString(b"value")})
    assert (read_signature(whole.dump()).at, read_signature(whole.dump()).certificate) == (AT, b"one")
