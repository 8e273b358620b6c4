"""The demo city's registers: the shared identities, and enough further invented people and companies around them."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.data.registries.actions import load_sample
from tongban.foundation.kernel.identifiers import (
    citizen_id_birth,
    citizen_id_check,
    citizen_id_sex,
    organisation_check,
    uscc_check,
)

from .identities import identities

SEED = 5116
PERSONS, COMPANIES = 32, 8  # beside those every room shares
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑罗梁谢宋唐许邓冯韩曹".strip()
GIVEN = [
    "建国",
    "淑芬",
    "伟",
    "敏",
    "磊",
    "婷",
    "志强",
    "桂英",
    "浩然",
    "雨桐",
    "思远",
    "秀兰",
    "子轩",
    "欣怡",
    "明",
    "静",
]
TRADES = [("便利店", "食品、日用品零售"), ("口腔诊所", "口腔诊疗"), ("汽修厂", "机动车维修"), ("幼儿园", "学前教育")]
PLACES = [
    "511602001001",
    "511602001004",
    "511602002001",
    "511602002003",
    "511602005001",
    "511602101001",
    "511602103202",
]


def surnames() -> list[str]:
    """The commonest surnames: from the data folder where it lies, else our own short list."""
    source = Path(settings.DATA_FOLDER) / "names" / "chinese-surnames.csv"
    if not source.is_file():
        return list(SURNAMES)
    with source.open(encoding="utf-8") as rows:
        return [row["surname"] for row in csv.DictReader(rows)][:120]


def _person(chance: random.Random, number: int, family_names: list[str]) -> dict[str, Any]:
    born = f"{chance.randint(1945, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    stem = f"511602{born}{400 + number}"
    id_number = stem + citizen_id_check(stem)
    return {
        "name": chance.choice(family_names) + chance.choice(GIVEN),
        "id_number": id_number,
        "sex": citizen_id_sex(id_number),
        "birth_on": citizen_id_birth(id_number),
        "nation": chance.choice(["01"] * 12 + ["03", "15"]),
        "phone": f"199000001{number:02}",
        "division": chance.choice(PLACES),
        "detail": f"{chance.randint(1, 200)}号",
    }


def _company(chance: random.Random, number: int, holder: dict[str, Any]) -> dict[str, Any]:
    trade, scope = TRADES[number % len(TRADES)]
    body = f"MA6B2X{number:02}"
    first17 = f"92511602{body}{organisation_check(body)}"
    return {
        "name": f"广安区{holder['name'][0]}记{trade}{number + 1}号店（个体工商户）（示例）",
        "uscc": first17 + uscc_check(first17),
        "kind": "self_employed",
        "legal_person_name": holder["name"],
        "legal_person_id_number": holder["id_number"],
        "division": holder["division"],
        "detail": f"{chance.randint(1, 200)}号",
        "registered_on": f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "capital_fen": chance.randint(1, 50) * 1_000_000,
        "phone": holder["phone"],
        "scope": scope,
    }


def invented() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Everybody in the registers; the same people every time."""
    chance = random.Random(SEED)  # noqa: S311 — invented people, not secrets
    family_names = surnames()
    more = [_person(chance, number, family_names) for number in range(PERSONS)]
    firms = [_company(chance, number, more[number]) for number in range(COMPANIES)]
    shared = identities()
    return [*shared["persons"].values(), *more], [*shared["companies"].values(), *firms]


def load() -> dict[str, int]:
    """Fill the registers. Safe to repeat."""
    persons, companies = invented()
    return load_sample(persons=persons, companies=companies)
