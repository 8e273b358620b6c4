"""Who may see what of another's licence: shown codes, permissions, scenes (standards §11.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tongban.foundation.kernel.identifiers import citizen_id_fault, uscc_fault

CODE_DIGITS = 12
CODE_LASTS = timedelta(minutes=2)
LONGEST_GRANT = timedelta(days=366)
PURPOSE = (2, 200)
LONGEST_ON_COPY = 40  # characters of what is printed across a copy


def number_kind(number: str, *, today: date) -> str:
    """`person` or `company` for a whole, valid ID number or credit code; empty for anything else, a name above all."""
    if citizen_id_fault(number, today=today) is None:
        return "person"
    return "company" if uscc_fault(number) is None else ""


def look_faults(*, number: str, purpose: str, case_no: str, by_code: bool, today: date) -> list[str]:
    """Codes of what is missing before somebody may ask."""
    faults = {
        "number": not by_code and not number_kind(number, today=today),
        "purpose": not PURPOSE[0] <= len(purpose.strip()) <= PURPOSE[1],
        "case_no": not case_no.strip(),
    }
    return [code for code, stands in faults.items() if stands]


def grant_faults(
    *, fields: Iterable[str], known: Iterable[str], purpose: str, until_on: date | None, once: bool, today: date
) -> list[str]:
    """Codes of what keeps a permission from being given."""
    asked = set(fields)
    faults = {
        "fields": not asked or bool(asked - set(known)),
        "purpose": not PURPOSE[0] <= len(purpose.strip()) <= PURPOSE[1],
        "until_missing": not once and until_on is None,
        "until_past": not once and until_on is not None and until_on < today,
        "until_far": not once and until_on is not None and until_on - today > LONGEST_GRANT,
    }
    return [code for code, stands in faults.items() if stands]


def copy_faults(*, purpose: str, user_name: str, until_on: date | None, today: date) -> list[tuple[str, str]]:
    """(field, code) of what keeps a copy from being made."""
    until = _until_fault(until_on, today)
    faults = {
        ("user_name", "user_missing"): len(user_name) < PURPOSE[0],
        ("user_name", "user_long"): len(user_name) > LONGEST_ON_COPY,
        ("purpose", "purpose"): len(purpose) < PURPOSE[0],
        ("purpose", "purpose_long"): len(purpose) > LONGEST_ON_COPY,
        ("until_on", until): bool(until),
    }
    return [fault for fault, stands in faults.items() if stands]


def _until_fault(until_on: date | None, today: date) -> str:
    if until_on is None:
        return "until_missing"
    if until_on < today:
        return "until_past"
    return "until_far" if until_on - today > LONGEST_GRANT else ""


def chosen(values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Only what was allowed, in the order of the licence."""
    allowed = set(keys)
    return {key: value for key, value in values.items() if key in allowed}
