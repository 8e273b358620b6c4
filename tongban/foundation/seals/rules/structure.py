"""Writing electronic seals and signatures as GB/T 38540-2020 (version 4) lays down, and reading versions 1 to 5. What cannot be read
is said to be so in one way, whatever bytes come."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core

from . import shapes
from .shapes import CERTIFICATES, DIGESTS, SM2_WITH_SM3

VERSION = 4
KNOWN = range(1, 6)
MARK = "ES"
VENDOR = "TONGBAN"
LARGEST = 4_000_000  # bytes; the pictures of real seals stay below a tenth of it
# What the reader meets in bytes that are no seal. Everything else would be a fault of ours.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError, AttributeError)


class Unreadable(ValueError):
    """These bytes are no seal, or no signature with one, of any version known here."""


@dataclass(frozen=True)
class Face:
    """What one sees of a seal: a picture of a kind (PNG, SVG …), millimetres wide and high."""

    kind: str
    data: bytes
    width_mm: int
    height_mm: int


@dataclass(frozen=True)
class SealData:
    """What an electronic seal says of itself. `certificates` (or their digests, hex) are of those who may sign with it."""

    number: str
    type: int
    name: str
    certificates: tuple[bytes, ...]
    made_at: datetime
    valid_from: datetime
    valid_until: datetime
    face: Face
    version: int = VERSION
    vendor: str = VENDOR
    digests: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class ReadSeal:
    """A seal that was read: what it says, who made it, and the very bytes he signed."""

    data: SealData
    maker: bytes
    algorithm: str
    signature: bytes
    signed: bytes
    der: bytes


@dataclass(frozen=True)
class ReadSignature:
    """A signature with a seal. `at` is None where its moment is only in a time stamp this reader does not open."""

    seal: ReadSeal
    version: int
    at: datetime | None
    digest: bytes
    property_info: str
    certificate: bytes
    algorithm: str
    signature: bytes
    signed: bytes
    time_stamp: bytes | None = None


def seal_content(data: SealData) -> bytes:
    """SES_SealInfo in DER: what the seal's maker signs. Times are written in whole seconds of UTC."""
    return bytes(_content(data).dump())


def _content(data: SealData) -> shapes.SealContent:
    if data.digests:
        listed: Any = shapes.CertificateDigests([{"type": kind, "value": value} for kind, value in data.digests])
    else:
        listed = shapes.Certificates(list(data.certificates))
    return shapes.SealContent(
        {
            "header": {"id": MARK, "version": data.version, "vendor": data.vendor},
            "number": data.number,
            "property": {
                "type": data.type,
                "name": data.name,
                "list_type": DIGESTS if data.digests else CERTIFICATES,
                "certificates": listed,
                "made_at": _second(data.made_at),
                "valid_from": _second(data.valid_from),
                "valid_until": _second(data.valid_until),
            },
            "picture": {
                "type": data.face.kind,
                "data": data.face.data,
                "width": data.face.width_mm,
                "height": data.face.height_mm,
            },
        }
    )


def seal_of(content: bytes, *, maker: bytes, signature: bytes) -> bytes:
    """SESeal in DER, from the content and the maker's signature over it."""
    return bytes(
        shapes.Seal(
            {
                "content": shapes.SealContent.load(content),
                "certificate": maker,
                "algorithm": SM2_WITH_SM3,
                "signature": core.OctetBitString(signature),
            }
        ).dump()
    )


def to_sign(seal: bytes, *, at: datetime, digest: bytes, property_info: str) -> bytes:
    """TBS_Sign in DER: what whoever uses the seal signs."""
    return bytes(
        shapes.ToSign(
            {
                "version": VERSION,
                "seal": shapes.Seal.load(seal),
                "at": _second(at),
                "digest": core.OctetBitString(digest),
                "property_info": property_info,
            }
        ).dump()
    )


def signature_of(signed: bytes, *, certificate: bytes, signature: bytes, time_stamp: bytes | None = None) -> bytes:
    """SES_Signature in DER."""
    whole: dict[str, Any] = {
        "to_sign": shapes.ToSign.load(signed),
        "certificate": certificate,
        "algorithm": SM2_WITH_SM3,
        "signature": core.OctetBitString(signature),
    }
    if time_stamp is not None:
        whole["time_stamp"] = core.OctetBitString(time_stamp)
    return bytes(shapes.Signature(whole).dump())


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def read_seal(der: bytes) -> ReadSeal:
    """The seal in these bytes, of any version known; `Unreadable` when there is none."""
    return _reading(_seal, der)


def read_signature(der: bytes) -> ReadSignature:
    """The signature in these bytes; `Unreadable` when there is none."""
    return _reading(_signature, der)


def _reading(read: Any, der: bytes) -> Any:
    if len(der) > LARGEST:
        raise Unreadable("too large")
    try:
        return read(der)
    except _UNREADABLE as error:
        raise Unreadable(str(error)) from error


def _seal(der: bytes) -> ReadSeal:
    outer = core.Sequence.load(der, strict=True)
    return (
        _old_seal(shapes.OldSeal.load(der, strict=True))
        if len(outer) == 2
        else _new_seal(shapes.Seal.load(der, strict=True))
    )


def _new_seal(seal: shapes.Seal) -> ReadSeal:
    return ReadSeal(
        data=_said(seal["content"]),
        maker=seal["certificate"].native,
        algorithm=seal["algorithm"].dotted,
        signature=seal["signature"].native,
        signed=seal["content"].dump(),
        der=seal.dump(),
    )


def _old_seal(seal: shapes.OldSeal) -> ReadSeal:
    signing = seal["signing"]
    signed = shapes.OldSigned(
        {"content": seal["content"], "certificate": signing["certificate"], "algorithm": signing["algorithm"]}
    )
    return ReadSeal(
        data=_said(seal["content"]),
        maker=signing["certificate"].native,
        algorithm=signing["algorithm"].dotted,
        signature=signing["signature"].native,
        signed=signed.dump(),
        der=seal.dump(),
    )


def _said(content: Any) -> SealData:
    header, said, picture = content["header"], content["property"], content["picture"]
    if header["id"].native != MARK or header["version"].native not in KNOWN:
        raise ValueError("not the mark or a version of a seal")
    listed = said["certificates"].native
    _ = content["extensions"].native
    data = SealData(
        number=content["number"].native,
        type=said["type"].native,
        name=said["name"].native,
        certificates=(),
        made_at=_moment(said["made_at"].native),
        valid_from=_moment(said["valid_from"].native),
        valid_until=_moment(said["valid_until"].native),
        face=Face(
            kind=picture["type"].native.upper(),
            data=picture["data"].native,
            width_mm=picture["width"].native,
            height_mm=picture["height"].native,
        ),
        version=header["version"].native,
        vendor=header["vendor"].native,
    )
    if listed and not isinstance(listed[0], bytes):
        return replace(data, digests=tuple((entry["type"], entry["value"]) for entry in listed))
    return replace(data, certificates=tuple(listed))


def _moment(value: Any) -> datetime:
    """An aware moment; one written without its zone is read as UTC."""
    if not isinstance(value, datetime):  # the year 0, which the library keeps in a class of its own
        raise ValueError("no such year")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _signature(der: bytes) -> ReadSignature:
    outer = core.Sequence.load(der, strict=True)
    return _old_signature(der) if len(outer) == 2 else _new_signature(der)


def _new_signature(der: bytes) -> ReadSignature:
    whole = shapes.Signature.load(der, strict=True)
    said = whole["to_sign"]
    if said["version"].native not in KNOWN:
        raise ValueError("unknown version")
    _ = said["extensions"].native
    return ReadSignature(
        seal=_new_seal(said["seal"]),
        version=said["version"].native,
        at=_moment(said["at"].native),
        digest=said["digest"].native,
        property_info=said["property_info"].native,
        certificate=whole["certificate"].native,
        algorithm=whole["algorithm"].dotted,
        signature=whole["signature"].native,
        signed=said.dump(),
        time_stamp=whole["time_stamp"].native,
    )


def _old_signature(der: bytes) -> ReadSignature:
    whole = shapes.OldSignature.load(der, strict=True)
    said = whole["to_sign"]
    if said["version"].native not in KNOWN:
        raise ValueError("unknown version")
    return ReadSignature(
        seal=_old_seal(said["seal"]),
        version=said["version"].native,
        at=_written_moment(said["at"].native),
        digest=said["digest"].native,
        property_info=said["property_info"].native,
        certificate=said["certificate"].native,
        algorithm=said["algorithm"].dotted,
        signature=whole["signature"].native,
        signed=said.dump(),
    )


def _written_moment(value: bytes) -> datetime | None:
    """`20260101080000Z` or `260101080000Z` as old writers put it; None for a time stamp, which is not opened here."""
    found = re.fullmatch(rb"(?:20)?(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z", value)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(digits) for digits in found.groups())
    return datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
