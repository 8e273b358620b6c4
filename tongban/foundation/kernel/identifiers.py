"""Check digits of the identifiers China's offices live by: GB 11643, GB 32100, GB 11714, mobile numbers."""

from __future__ import annotations

import re
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
MOBILE = re.compile(r"1[3-9]\d{9}")


def citizen_id_check(first17: str) -> str:
    """The 18th character of a citizen ID number (GB 11643, ISO 7064 MOD 11-2)."""
    return ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def citizen_id_fault(value: str, *, today: date) -> str | None:
    """What is wrong with a citizen ID number, as a code: `length`, `characters`, `birth_date`, `check`; None if nothing."""
    if len(value) != 18:
        return "length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return "characters"
    birth = citizen_id_birth(value)
    if birth is None or not date(1800, 1, 1) <= birth <= today:
        return "birth_date"
    return None if citizen_id_check(value[:17]) == value[17] else "check"


def citizen_id_birth(value: str) -> date | None:
    """The date of birth written in a citizen ID number, or None if no such day exists."""
    try:
        return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return None


def citizen_id_sex(value: str) -> str:
    """Sex by GB/T 2261.1 from the sequence digit: `1` male (odd), `2` female."""
    return "1" if int(value[16]) % 2 else "2"


def organisation_check(first8: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def uscc_check(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(first17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_fault(value: str) -> str | None:
    """What is wrong with a unified social credit code, as a code: `length`, `characters`, `check`; None if nothing."""
    if len(value) != 18:
        return "length"
    if any(char not in USCC_ALPHABET for char in value):
        return "characters"
    return None if uscc_check(value[:17]) == value[17] else "check"


def is_mobile(value: str) -> bool:
    return MOBILE.fullmatch(value) is not None
