"""What the registers hold, and how long a value may be trusted."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

POPULATION, LEGAL_PERSONS, CREDIT, LICENCES = "population", "legal_persons", "credit", "licences"
PERSON_ELEMENTS = ("name", "id_number", "sex", "birth_on", "nation", "phone", "address")
COMPANY_ELEMENTS = (
    "name", "uscc", "kind", "legal_person", "legal_person_id", "address", "registered_on", "capital", "scope", "phone",
)  # fmt: skip
LOOK = "registries.look"
GRADE = 3  # 三级（敏感）: both registers hold ID numbers and phones
# Days after which a value should be looked at again. What is not here does not age (GB 11643: a number is for life).
AGES = {"phone": 365, "address": 365, "name": 3 * 365, "scope": 365, "legal_person": 365, "capital": 2 * 365}

# GB/T 2261.1 and GB/T 3304, as far as our people go.
SEXES = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}
NATIONS = {
    "01": "汉族", "02": "蒙古族", "03": "回族", "04": "藏族", "05": "维吾尔族", "06": "苗族", "07": "彝族", "08": "壮族",
    "09": "布依族", "10": "朝鲜族", "11": "满族", "12": "侗族", "13": "瑶族", "14": "白族", "15": "土家族",
}  # fmt: skip
COMPANY_KINDS = {
    "company": "有限责任公司",
    "self_employed": "个体工商户",
    "cooperative": "农民专业合作社",
    "private_non_enterprise": "民办非企业单位",
}


def is_stale(element: str, as_of: date, today: date) -> bool:
    """Whether a value is so old that the person should look at it again."""
    age = AGES.get(element.rpartition(".")[2])
    return age is not None and (today - as_of).days > age


@lru_cache(maxsize=512)
def _border(name: str, today: date) -> str:
    """The day before which a value is stale, as it stands in a record: texts of days compare as days do."""
    age = AGES.get(name)
    return (today - timedelta(days=age)).isoformat() if age is not None else ""


def with_age(record: dict[str, dict[str, Any]], kind: str, today: date) -> dict[str, dict[str, Any]]:
    """Each value marked `stale` or not. Asked at every look-up, so nothing is parsed here."""
    return {name: {**entry, "stale": entry["as_of"] < _border(name, today)} for name, entry in record.items()}


def purpose_faults(purpose: str, case_no: str) -> list[str]:
    """Codes of what is missing before an officer may look."""
    faults = []
    if len(purpose.strip()) < 2:
        faults.append("purpose")
    if not case_no.strip():
        faults.append("case_no")
    return faults
