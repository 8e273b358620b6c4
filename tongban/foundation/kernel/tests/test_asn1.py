"""Encoded values stay as they came, whatever their length looks like."""

from __future__ import annotations

from typing import ClassVar

from asn1crypto import algos, cms, core

from tongban.foundation.kernel.asn1 import settled


def test_a_length_that_ends_in_80_is_no_indefinite_one() -> None:
    """A set in no order of DER's is signed as it stands; encoded anew it would be another."""
    parts = [core.OctetString(letter * size).dump() for letter, size in ((b"b", 60), (b"a", 60))]
    body = b"\x31" + bytes([sum(map(len, parts))]) + b"".join(parts)
    whole = b"\x30\x81\x80" + body + core.OctetString(b"x" * (0x80 - len(body) - 2)).dump()

    class Parts(core.SetOf):
        _child_spec = core.OctetString

    class Whole(core.Sequence):
        _fields: ClassVar = [("parts", Parts), ("rest", core.OctetString)]

    value = Whole.load(whole)
    assert value["parts"][0].native == b"b" * 60
    assert value.dump() == whole


def test_what_has_no_length_is_given_one() -> None:
    endless = b"\x30\x80" + core.Integer(5).dump() + b"\x00\x00"
    assert core.SequenceOf.load(endless, spec=core.Integer).dump() == b"\x30\x03\x02\x01\x05"


def test_a_change_below_is_encoded() -> None:
    method = algos.DigestAlgorithm({"algorithm": "sha256"})
    info = settled(cms.EncapsulatedContentInfo({"content_type": "data", "content": b"x" * 0x71}))
    assert settled(method).dump() == method.dump()
    for size in range(0x70, 0x90):  # among them lengths that end in 80
        info["content"] = b"y" * size
        assert cms.EncapsulatedContentInfo.load(info.dump())["content"].native == b"y" * size
