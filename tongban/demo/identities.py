"""The invented people and companies that every room's demo data shares, with their check digits put on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tongban.foundation.kernel.identifiers import citizen_id_birth, citizen_id_check, citizen_id_sex, uscc_check

SOURCE = Path(__file__).with_name("identities.yaml")


def _person(entry: dict[str, Any]) -> dict[str, Any]:
    number = entry["id_stem"] + citizen_id_check(entry["id_stem"])
    return entry | {"id_number": number, "birth_on": citizen_id_birth(number), "sex": citizen_id_sex(number)}


def _company(entry: dict[str, Any], persons: dict[str, dict[str, Any]]) -> dict[str, Any]:
    holder = persons[entry["legal_person"]]
    return entry | {
        "uscc": entry["uscc_stem"] + uscc_check(entry["uscc_stem"]),
        "legal_person_name": holder["name"],
        "legal_person_id_number": holder["id_number"],
    }


@cache
def identities() -> dict[str, dict[str, dict[str, Any]]]:
    """`{"persons": {key: …}, "companies": {key: …}}`; entries as in the file plus `id_number`, `birth_on`, `sex` or `uscc`."""
    content = yaml.safe_load(SOURCE.read_text())
    persons = {entry["key"]: _person(entry) for entry in content["persons"]}
    return {
        "persons": persons,
        "companies": {entry["key"]: _company(entry, persons) for entry in content["companies"]},
    }
