"""What a credential says, as the claims of a CBOR Web Token (RFC 8392): short, so that it fits a code on paper."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fido2 import cbor

ROOT = "1.2.156.3005.2"  # GB/T 36904: the same in front of every licence identifier, so it is left out
ISSUER, SUBJECT, ISSUED_AT = 1, 2, 6  # RFC 8392 section 4
FACE = -65601  # private use: what stands on the face, in the order of `Claims`
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ."
LONGEST = 200  # characters of one text


class Unreadable(Exception):
    """The text is no credential, or not one of a shape we know."""


@dataclass(frozen=True)
class Claims:
    """What is printed on the face, masked, and where in which list the present status is found."""

    city: str  # 6 digits (GB/T 2260)
    subject: str  # the licence identifier (GB/T 36904), version and check character included
    issued_at: datetime
    kind: str  # the name of the licence's type
    number: str  # masked
    holder: str  # masked
    issuer: str
    valid_from: date
    valid_until: date | None  # the last day; None is for good
    list_no: int
    place: int


def packed(claims: Claims) -> bytes:
    """Equal claims give equal bytes."""
    face = [
        claims.kind,
        claims.number,
        claims.holder,
        claims.issuer,
        _number(claims.valid_from),
        _number(claims.valid_until),
        claims.list_no,
        claims.place,
    ]
    return cbor.encode(
        {
            ISSUER: claims.city,
            SUBJECT: _short(claims.subject),
            ISSUED_AT: int(claims.issued_at.timestamp()),
            FACE: face,
        }
    )


def unpacked(data: bytes) -> Claims:
    """The claims in some bytes; `Unreadable` for anything else, whatever is in them."""
    found = decoded(data)
    try:
        kind, number, holder, issuer, valid_from, valid_until, list_no, place = found[FACE]
        subject, issued_at = _long(found[SUBJECT]), found[ISSUED_AT]
        texts = (found[ISSUER], subject, kind, number, holder, issuer)
        if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            raise Unreadable
        if not all(type(n) is int and 0 <= n < 2**40 for n in (issued_at, list_no, place)):
            raise Unreadable
        first = _day(valid_from)
        if first is None:
            raise Unreadable
        return Claims(
            city=found[ISSUER],
            subject=subject,
            issued_at=datetime.fromtimestamp(issued_at, UTC),
            kind=kind,
            number=number,
            holder=holder,
            issuer=issuer,
            valid_from=first,
            valid_until=_day(valid_until),
            list_no=list_no,
            place=place,
        )
    except (LookupError, TypeError, ValueError, OverflowError, OSError):
        raise Unreadable from None


def decoded(data: bytes) -> Any:
    """The one CBOR value that the bytes are, written as we would write it; everything else is `Unreadable`."""
    try:
        found, rest = cbor.decode_from(data)
        if rest or cbor.encode(found) != data:
            raise Unreadable
    except (ValueError, TypeError, LookupError, RecursionError, struct.error):
        raise Unreadable from None
    return found


def _short(subject: str) -> bytes | str:
    """A licence identifier as one number with 37 signs, two bytes for every three; any other subject as it is."""
    rest = subject.removeprefix(ROOT + ".")
    if rest == subject or not rest or rest[0] == "0" or set(rest) - set(SIGNS):
        return subject
    number = 0
    for sign in rest:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _long(subject: Any) -> str:
    if isinstance(subject, str):
        return subject
    if not isinstance(subject, bytes) or not 0 < len(subject) <= LONGEST:
        raise Unreadable
    number, rest = int.from_bytes(subject, "big"), ""
    while number:
        number, sign = divmod(number, len(SIGNS))
        rest = SIGNS[sign] + rest
    return f"{ROOT}.{rest}"


def _number(day: date | None) -> int:
    return day.year * 10000 + day.month * 100 + day.day if day else 0


def _day(number: Any) -> date | None:
    if type(number) is not int:
        raise Unreadable
    return date(number // 10000, number // 100 % 100, number % 100) if number else None
