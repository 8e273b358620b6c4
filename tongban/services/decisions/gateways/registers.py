"""The city's own registers as sources. Another city names its own in `settings.DECISION_SOURCES`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tongban.data.registries.queries import registered
from tongban.foundation.kernel.identifiers import citizen_id_birth, citizen_id_sex
from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.queries import codes_in_force, types_held

from .asking import Contradiction, limit

Values = Mapping[str, Mapping[str, Any]]


def population(number: str, on: date) -> Values | None:
    """The population register on one person; a record at odds with its own number is a contradiction."""
    found = registered("population", number, on, limit_ms=limit())
    if found is None:
        return None
    said = {name: found.get(name, {}).get("value") for name in ("id_number", "birth_on", "sex")}
    if said["id_number"] != number:
        raise Contradiction
    if said["birth_on"] and said["birth_on"] != str(citizen_id_birth(number)):
        raise Contradiction
    if said["sex"] and said["sex"] != citizen_id_sex(number):
        raise Contradiction
    return found


def legal_persons(number: str, on: date) -> Values | None:
    """The legal-person register on one company or self-employed trader."""
    found = registered("legal_persons", number, on, limit_ms=limit())
    if found is not None and found.get("uscc", {}).get("value") != number:
        raise Contradiction
    return found


def credit(number: str, on: date) -> Values | None:
    """The credit register on a person or company: whether anything stands against the number, and of which kinds."""
    return registered("credit", number, on, limit_ms=limit())


def licences(number: str, on: date) -> Values | None:
    """The licence store on a holder: for every type in force, whether he holds one that is valid on the day."""
    held = types_held(holder_index=blind_index(number), on=on, limit_ms=limit())
    entry = {"source": "电子证照库", "as_of": on.isoformat()}
    return {code: entry | {"value": code in held} for code in codes_in_force()}
