"""What may stand on a seal. 电子印章管理办法（国办发〔2025〕33号）: the five kinds; 国发〔1999〕25号: the registered name."""

from __future__ import annotations

import re

KINDS = ("legal", "inner", "branch", "business", "personal")
# SES_ESPropertyInfo.type: a unit's seals and a person's.
STRUCTURE_TYPE = {"legal": 1, "inner": 1, "branch": 1, "business": 1, "personal": 2}
USES = ("licence", "letter", "contract")  # what a seal may be put on without asking each time

LONGEST_NAME, LONGEST_BUSINESS = 40, 14
_SIGNS = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af（）·0-9A-Za-z]+")
_BUSINESS = "专用章"
_NUMBERED = re.compile(r"（\d{1,3}）$")  # 专用章（2）: one of several that are alike
# 县级以上人民政府 has the national emblem, whose drawing is not ours to make (国发〔1999〕25号 二).
_EMBLEM = re.compile(r"(?:省|市|区|县|旗|州)人民政府$")


def name_faults(*, kind: str, name: str, business: str, registered: str, holder: str = "") -> list[tuple[str, str]]:
    """Every (field, code) that keeps a seal from bearing this name. `registered` is the department's full name, `holder` the person's."""
    faults = {
        "kind": ("kind", kind not in KINDS),
        "length": ("name", not 2 <= len(name) <= LONGEST_NAME),
        "signs": ("name", bool(name) and not _SIGNS.fullmatch(name)),
        "emblem": ("name", kind == "legal" and bool(_EMBLEM.search(name))),
    } | _of_kind(kind, name, business, registered, holder)
    return [(field, code) for code, (field, stands) in faults.items() if stands]


def _of_kind(kind: str, name: str, business: str, registered: str, holder: str) -> dict[str, tuple[str, bool]]:
    words = _NUMBERED.sub("", business)
    return {
        "not_registered": ("name", kind in ("legal", "business") and name != registered),
        "not_within": (
            "name",
            kind in ("inner", "branch") and not (name.startswith(registered) and name != registered),
        ),
        "not_the_holder": ("name", kind == "personal" and name != holder),
        "business_missing": ("business", kind == "business" and not words.endswith(_BUSINESS)),
        "business_words": (
            "business",
            kind == "business" and (len(words) <= len(_BUSINESS) or not _fits(business, LONGEST_BUSINESS)),
        ),
        "business_elsewhere": ("business", kind != "business" and bool(business)),
    }


def _fits(words: str, longest: int) -> bool:
    return len(words) <= longest and bool(_SIGNS.fullmatch(words))


def number_of(division: str, serial: int) -> str:
    """印章编码, 13 digits: division 6, serial 7 (GA 241.1)."""
    return f"{division[:6]}{serial % 10**7:07d}"


def edition_number(number: str, edition: int) -> str:
    """esID: the number of the seal and which picture and certificate of it this is."""
    return f"{number}-{edition:02d}"


def key_name(edition: int) -> str:
    """Every making has keys of its own, so that an old one verifies for ever and signs no more."""
    return f"edition-{edition:02d}"
