"""The identifier of a licence (电子证照标识): GB/T 36904, its check character by ISO 7064 MOD 37,36 (GB/T 17710)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tongban.foundation.kernel.identifiers import uscc_fault

ROOT = "1.2.156.3005.2"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TYPE_CODE = re.compile(r"[0-9A-Z]{18}[0-9]{3}")
SERIAL = re.compile(r"[0-9A-Z]{1,32}")
LAST_VERSION = 999


@dataclass(frozen=True)
class Identifier:
    """One identifier taken apart. `faults` names what the standard would not have: data that has them is kept, with a flag."""

    type_code: str
    issuer_code: str
    serial: str
    version: int
    check: str
    faults: tuple[str, ...] = ()


def check_character(body: str) -> str:
    """The check character over type, issuer, serial and version, written without dots and without the root."""
    p = 36
    for char in body:
        p = (p + ALPHABET.index(char)) % 36 or 36
        p = 2 * p % 37
    return ALPHABET[(37 - p) % 36]


def compose(type_code: str, issuer_code: str, serial: str, version: int) -> str:
    """The identifier of one version of one licence."""
    parts = [type_code, issuer_code, serial, f"{version:03d}"]
    return ".".join([ROOT, *parts, check_character("".join(parts))])


def read(text: str) -> Identifier | None:
    """An identifier taken apart; None when it has not even the shape of one. A doubtful one comes with its faults."""
    tidy = "".join(text.split()).upper()
    if not tidy.startswith(f"{ROOT}."):
        return None
    parts = tidy.removeprefix(f"{ROOT}.").split(".")
    if len(parts) != 5 or not all(SERIAL.fullmatch(part) for part in parts) or not parts[3].isdigit():
        return None
    type_code, issuer_code, serial, version, check = parts
    return Identifier(type_code, issuer_code, serial, int(version), check, tuple(_faults(*parts)))


def _faults(type_code: str, issuer_code: str, serial: str, version: str, check: str) -> list[str]:
    faults = {
        "type_code": TYPE_CODE.fullmatch(type_code) is None,
        "issuer_code": uscc_fault(issuer_code) is not None and not re.fullmatch(r"[0-9]{6}", issuer_code),
        "version": not (len(version) == 3 and 1 <= int(version) <= LAST_VERSION),
        "check": check != check_character(type_code + issuer_code + serial + version),
    }
    return [code for code, stands in faults.items() if stands]
