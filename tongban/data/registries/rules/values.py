"""What the registers hold, how long a value may be trusted, and how it is masked for an officer (standards §28.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tongban.foundation.kernel import masks

POPULATION, LEGAL_PERSONS, CREDIT = "population", "legal_persons", "credit"
PERSON_ELEMENTS = ("name", "id_number", "sex", "birth_on", "nation", "phone", "address")
COMPANY_ELEMENTS = (
    "name", "uscc", "kind", "legal_person", "legal_person_id", "address", "registered_on", "capital", "scope", "phone",
)  # fmt: skip
LOOK = "registries.look"
GRADE = 3  # 三级（敏感）: both registers hold ID numbers and phones
# What may stand against somebody in the credit register.
CREDIT_MARKS = {"dishonest": "失信被执行人", "abnormal": "经营异常名录", "seriously_illegal": "严重违法失信名单"}

# Days after which a value should be looked at again. What is not here does not age (GB 11643: a number is for life).
AGES = {"phone": 365, "address": 365, "name": 3 * 365, "scope": 365, "legal_person": 365, "capital": 2 * 365}

CREDIT_DAYS = 31  # the credit register is delivered monthly; older than that it proves nothing

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

MASKS: dict[str, Callable[[str], str]] = {
    "person.name": masks.mask_name,
    "person.id_number": masks.mask_id_number,
    "person.phone": masks.mask_phone,
    "person.birth_on": lambda day: f"{day[:4]}-**-**",  # else it would give away what the number's mask hides
    "company.phone": masks.mask_phone,
    "company.legal_person_id": masks.mask_id_number,
}


def is_stale(element: str, as_of: date, today: date) -> bool:
    """Whether a value is so old that the person should look at it again."""
    age = AGES.get(element.rpartition(".")[2])
    return age is not None and (today - as_of).days > age


def masked(element: str, value: Any) -> Any:
    """A value as an officer sees it before he has given a reason to see more. An address keeps its division only."""
    if element.endswith(".address") and isinstance(value, dict):
        return {"division": value.get("division", ""), "detail": "***"}
    mask = MASKS.get(element)
    return mask(str(value)) if mask and value else value


def with_age(record: dict[str, dict[str, Any]], kind: str, today: date) -> dict[str, dict[str, Any]]:
    """Each value marked `stale` or not."""
    return {
        element: entry | {"stale": is_stale(f"{kind}.{element}", date.fromisoformat(entry["as_of"]), today)}
        for element, entry in record.items()
    }


def credit_values(marks: list[dict[str, Any]], source: str, as_of: date, today: date) -> dict[str, dict[str, Any]]:
    """Each kind of mark as yes or no, and whether there is any; one that has run out stands no longer."""
    standing = {mark["kind"] for mark in marks if not mark.get("until") or mark["until"] >= today.isoformat()}
    said = {kind: kind in standing for kind in CREDIT_MARKS} | {"marked": bool(standing)}
    entry = {"source": source, "as_of": as_of.isoformat(), "stale": (today - as_of).days > CREDIT_DAYS}
    return {element: entry | {"value": value} for element, value in said.items()}


def purpose_faults(purpose: str, case_no: str) -> list[str]:
    """Codes of what is missing before an officer may look."""
    faults = []
    if len(purpose.strip()) < 2:
        faults.append("purpose")
    if not case_no.strip():
        faults.append("case_no")
    return faults
