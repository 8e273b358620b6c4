"""Filling the registers with invented people and companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from tongban.data.registries.models import Record, Register, RegisterState
from tongban.data.registries.queries import Parts
from tongban.data.registries.rules import CREDIT, LEGAL_PERSONS, POPULATION
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.secrets import blind_index

POLICE = "区公安分局 · 人口库"
CIVIL = "区行政审批局 · 个人信息库"
MARKET = "区市监局 · 法人库"
CREDIT_OFFICE = "区发展改革局 · 公共信用信息平台"


def _entry(value: Any, source: str, as_of: str) -> dict[str, Any]:
    return {"value": value, "source": source, "as_of": as_of}


def person_values(person: dict[str, Any]) -> dict[str, dict[str, Any]]:
    # Every fifth person's address and phone are years old, so that staleness is seen in the demo city.
    day = "2026-10-31"
    touched = "2019-06-30" if int(person["id_number"][14:17]) % 5 == 2 else day
    address = {"division": person["division"], "detail": person["detail"]}
    return {
        "name": _entry(person["name"], POLICE, day),
        "id_number": _entry(person["id_number"], POLICE, day),
        "sex": _entry(person["sex"], POLICE, day),
        "birth_on": _entry(str(person["birth_on"]), POLICE, day),
        "nation": _entry(person["nation"], POLICE, day),
        "address": _entry(address, POLICE, touched),
        "phone": _entry(person["phone"], CIVIL, touched),
    }


def company_values(company: dict[str, Any]) -> dict[str, dict[str, Any]]:
    day = "2026-10-31"
    values = {
        "name": company["name"],
        "uscc": company["uscc"],
        "kind": company["kind"],
        "legal_person": company["legal_person_name"],
        "legal_person_id": company["legal_person_id_number"],
        "address": {"division": company["division"], "detail": company["detail"]},
        "registered_on": str(company["registered_on"]),
        "capital": company["capital_fen"],
        "scope": company["scope"],
        "phone": company["phone"],
    }
    return {element: _entry(value, MARKET, day) for element, value in values.items()}


@transaction.atomic
def load_sample(*, persons: Iterable[dict[str, Any]], companies: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Put invented people and companies (as `tongban.demo.identities` gives them) into the registers. Safe to repeat."""
    counts = {"persons": 0, "companies": 0}
    for person in persons:
        _deliver(POPULATION, blind_index(person["id_number"]), person_values(person))
        counts["persons"] += 1
    for company in companies:
        _deliver(LEGAL_PERSONS, company["uscc"], company_values(company))
        counts["companies"] += 1
    return counts


def _deliver(register: str, key_index: str, values: dict[str, Any]) -> None:
    said = {"values": values, "name_index": blind_index(values["name"]["value"]), "known_at": now()}
    Record.objects.update_or_create(register=register, key_index=key_index, defaults=said)


@transaction.atomic
def load_credit(*, marks: Mapping[str, list[dict[str, Any]]], as_of: date) -> int:
    """Deliver the credit register by hand: number → its credit records, each with `no`, `kind`, `since` … as the register's elements
    are called. Whoever is not named has nothing against him. What was built from departments' data stays."""
    made = []
    for number, found in marks.items():
        for place, mark in enumerate(found):
            said = {"no": f"{blind_index(number)}:{place}"} | mark | {"subject_number": number}
            values = {name: _entry(value, CREDIT_OFFICE, as_of.isoformat()) for name, value in said.items() if value}
            made.append(
                Record(register=CREDIT, key_index=blind_index(said["no"].upper()), name_index=blind_index(number),
                       values=values, known_at=now())
            )  # fmt: skip
    Record.objects.filter(register=CREDIT, build_id=None).delete()
    Record.objects.bulk_create(made, ignore_conflicts=True)
    RegisterState.objects.update_or_create(name=CREDIT, defaults={"source": CREDIT_OFFICE, "as_of": as_of})
    return len(marks)


def index_names(*, most: int = 5_000) -> int:
    """Give records that came before names were indexed their name's index, and those from before names were found in part theirs; how many
    were. Run until it says 0."""
    done = []
    waiting = Record.objects.filter(register__in=(POPULATION, LEGAL_PERSONS), name_index="", build_id=None)
    for one in waiting.order_by("id")[:most]:
        name = one.values.get("name", {}).get("value")
        if name:
            one.name_index = blind_index(str(name))
            done.append(one)
    for parts in (Parts(one) for one in Register.objects.filter(personal=False)):
        field = parts.name["name"] if parts.name else ""
        without = Record.objects.filter(register=parts.register.code, parts=None)
        for one in without.order_by("id")[:most] if parts.has else ():
            one.parts = parts.of(str(one.values.get(field, {}).get("value", "")))
            done.append(one)
    Record.objects.bulk_update(done, ["name_index", "parts"], batch_size=500)
    return len(done)
