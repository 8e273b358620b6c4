"""The basic list (目录清单): what a published row says of it, and how an implementation list begins from a line of it."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .listed import AREA, LEVEL_IN_NAME
from .words import fold, syllables

COUNTY = "4"
LEVELS = {"省": "2", "市": "3", "县": "4", "区": "4"}
LONGEST_CODE = 60
MOST_SYLLABLES = 8
CATALOG_CODE = re.compile(r"[0-9A-Z]{12}")
INSTANT_TYPES = {"20"}  # public services are mostly answered at once


def basic_code(item_code: str) -> str:
    """The part of a province's code that names the matter and not the office: all before the division's 12 digits."""
    found = AREA.search(item_code)
    return (item_code[: found.start()] if found else item_code)[:50]


def levels_in(name: str) -> list[str]:
    """The levels a name gives away in brackets (市级/县级); the district's own where it says nothing."""
    found = LEVEL_IN_NAME.search(name)
    return sorted({LEVELS[word] for word in found.group() if word in LEVELS}) if found else [COUNTY]


def bare_name(name: str) -> str:
    """A name without its level in brackets, which belongs into 行使层级."""
    return LEVEL_IN_NAME.sub("", name).strip()


def slug(name: str, taken: Container[str]) -> str:
    """A code for a new item that can be read aloud: the sounds of its name, and a number where that is taken."""
    sounds = [part for part in syllables(fold(name)) if part.isascii() and part.isalnum()][:MOST_SYLLABLES]
    base = "-".join(sounds)[:50].strip("-")
    if not base[:1].isalpha():
        base = f"item-{base}".rstrip("-")
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


@dataclass(frozen=True)
class Office:
    """What is known of the department that takes an item up."""

    name: str
    phone: str = ""
    hall: str = ""
    address: str = ""
    hours: str = ""


def beginning(
    *, name: str, code: str, office: Office, today: date, catalog_code: str = "", task_type: str = "",
    level: str = COUNTY, basis: list[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A first text of an implementation list: all that is known, and what is usual where the law leaves a choice.

    What nobody can know (materials, conditions, who may apply) is left out, so that the findings ask for it.
    """
    instant = task_type in INSTANT_TYPES
    known: dict[str, Any] = {
        "code": code,
        "sample": False,
        "version": 1,
        "effective_on": today.isoformat(),
        "task_name": bare_name(name)[:200],
        "plain_name": bare_name(name)[:60],
        "use_level": level,
        "power_source": "1",
        "department": office.name,
        "dept_type": "1",
        "by_law": [dict(law) for law in basis or []],
        "assurance_level": 2,
        "project_type": "1" if instant else "2",
        "review_type": "即审即办" if instant else "前审后批",
        "handle_type": ["1", "2", "3"],
        "visits": 0,
        "online_depth": ["2", "4", "5", "6"],
        "identity_proof_online": True,
        "complaint_phone": "0826-12345",
        "fees": [],
        "pay_online": False,
        "results": [],
        "materials": [],
        "situations": [],
        "form": {"title": f"{bare_name(name)[:50]}申请表", "groups": [APPLICANT]},
        "flow": INSTANT_FLOW if instant else USUAL_FLOW,
    }
    if CATALOG_CODE.fullmatch(catalog_code):
        known["catalog_code"] = catalog_code
    if task_type:
        known["task_type"] = task_type
    if office.phone:
        known["consult_phone"] = office.phone
    if office.hall:
        known["locations"] = [{"hall": office.hall, "address": office.address, "hours": office.hours}]
    return known


def _stage(kind: str, name: str, post: str, days: int) -> dict[str, Any]:
    part = {"department": "self", "post": post}
    return {"key": kind, "name": name, "kind": kind, "limit_days": days, "parts": [part]}


USUAL_FLOW: dict[str, Any] = {
    "accept": {"post": "clerk", "limit_days": 1},
    "stages": [
        _stage("review", "审查", "reviewer", 3),
        _stage("decide", "决定", "approver", 1),
        _stage("certify", "制证", "clerk", 1),
        _stage("deliver", "送达", "clerk", 1),
    ],
}
INSTANT_FLOW: dict[str, Any] = {
    "accept": {"post": "clerk", "limit_days": 1},
    "stages": [_stage("instant", "当场办结", "clerk", 1)],
}
APPLICANT: dict[str, Any] = {
    "key": "applicant",
    "title": "申请人",
    "fields": [
        {"key": "applicant_name", "label": "申请人姓名", "type": "text", "required": True, "max": 50,
         "element": "person.name"},
        {"key": "applicant_phone", "label": "手机", "type": "phone", "required": True, "element": "person.phone"},
    ],
    "checks": [],
}  # fmt: skip
