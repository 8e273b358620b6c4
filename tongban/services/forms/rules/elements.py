"""Data elements: what a field means wherever it stands, and where the city already knows it. The order is that of trust."""

from __future__ import annotations

from typing import Any

IDENTITY, POPULATION, LEGAL_PERSONS, BOOK = "identity", "population", "legal_persons", "address_book"

PROJECT = "project.code"  # 投资项目代码: one code through all cases of a project (投资项目在线审批监管平台)

# element → the sources that know it, best first, each with its own name for it
ELEMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "person.name": ((POPULATION, "name"), (IDENTITY, "name")),
    "person.id_number": ((IDENTITY, "id_number"),),  # one's own number is what one was identified by
    "person.phone": ((IDENTITY, "phone"), (POPULATION, "phone")),  # the account's phone was confirmed by a code
    "person.birth_on": ((POPULATION, "birth_on"),),
    "person.sex": ((POPULATION, "sex"),),
    "person.nation": ((POPULATION, "nation"),),
    "person.address": ((POPULATION, "address"), (BOOK, "address")),
    "company.name": ((LEGAL_PERSONS, "name"), (IDENTITY, "company_name")),
    "company.uscc": ((IDENTITY, "uscc"),),
    "company.legal_person": ((LEGAL_PERSONS, "legal_person"), (IDENTITY, "legal_person")),
    "company.legal_person_id": ((LEGAL_PERSONS, "legal_person_id"),),
    "company.address": ((LEGAL_PERSONS, "address"), (BOOK, "address")),
    "company.registered_on": ((LEGAL_PERSONS, "registered_on"),),
    "company.scope": ((LEGAL_PERSONS, "scope"),),
    "company.capital": ((LEGAL_PERSONS, "capital"),),
    "company.phone": ((LEGAL_PERSONS, "phone"),),
    # Where and how one wants to be reached about this case: nobody knows that better than he.
    "contact.name": ((BOOK, "name"), (IDENTITY, "name")),
    "contact.phone": ((BOOK, "phone"), (IDENTITY, "phone")),
    "contact.address": ((BOOK, "address"), (POPULATION, "address")),
    "contact.postcode": ((BOOK, "postcode"),),
    # Which investment project a case belongs to: said by whoever applies, known to no register of ours.
    PROJECT: (),
}
# Never taken over from an earlier case: a promise, a signature and a file are given anew each time.
NEVER_CARRIED = frozenset({"boolean", "signature", "file", "notice"})

CODES: dict[str, dict[str, str]] = {
    "person.sex": {"1": "男", "2": "女"},
    "person.nation": {
        "01": "汉族", "02": "蒙古族", "03": "回族", "04": "藏族", "05": "维吾尔族", "06": "苗族", "07": "彝族", "08": "壮族",
        "09": "布依族", "10": "朝鲜族", "11": "满族", "12": "侗族", "13": "瑶族", "14": "白族", "15": "土家族",
    },
}  # fmt: skip


def fitted(element: str, kind: str, options: dict[str, str], value: Any) -> Any:
    """A register's value as a field of this type takes it; None if it cannot. `options` are the field's, value → label."""
    if options:
        return _option(element, options, str(value))
    if element in CODES:
        return CODES[element].get(str(value), value)
    shapes = {"address": dict, "money": int, "integer": int}
    wanted = shapes.get(kind, str)
    if kind == "number" or isinstance(value, bool) or not isinstance(value, wanted):
        return None
    return value


def _option(element: str, options: dict[str, str], value: str) -> str | None:
    """The option that means a code: by its value, or by a label that begins with the code's word (`汉` for 汉族)."""
    if value in options:
        return value
    word = CODES.get(element, {}).get(value, value)
    same = [key for key, label in options.items() if label == word or label == word.removesuffix("族") or key == word]
    return same[0] if same else None
