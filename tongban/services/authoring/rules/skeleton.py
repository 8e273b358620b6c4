"""What a new definition holds before anybody writes: every element, with what law or custom already says."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

WORKING_DAYS = "1"
INSTANT = "1"
# Level of a division (1 province … 5 village) → 行使层级, GB/T 39046 A.2.
USE_LEVEL = {1: "2", 2: "3", 3: "4", 4: "5", 5: "6"}
# 行政许可法第四十二条: twenty working days unless another law says otherwise.
STATUTORY = {"days": 20, "unit": WORKING_DAYS, "explain": "自受理之日起"}
SERVED = {"server_type": ["1", "2"], "applicants": ["person", "company"]}

EMPTY: dict[str, Any] = {
    "plain_name": "", "summary": "", "synonyms": [], "catalog_code": "", "task_code": "", "task_type": "01",
    "power_divide": "", "exercise_content": "", "entrust_name": "", "by_law": [], **SERVED,
    "statutory": STATUTORY, "promise": {"days": 10, "unit": WORKING_DAYS, "explain": ""}, "accept_conditions": [],
    "visits_explain": "", "obstacles": [], "special_procedures": [], "extension": None, "handle_area": "4",
    "entry_center": True, "schedule": True, "mail_result": True, "mail_materials": True, "terminals": False,
    "other_dept": [], "service_type": "", "locations": [], "consult_phone": "", "complaint_phone": "",
    "topics": {"person": [], "company": []}, "fees": [], "results": [], "limit_explain": "", "questions": [],
    "situations": [], "materials": [],
}  # fmt: skip


def skeleton(
    known: Mapping[str, Any], *, level: int, area: str, abbreviation: str, places: list[dict[str, str]]
) -> dict[str, Any]:
    """`known` with everything else a definition holds. `level` is that of the department's division, `area` its
    telephone area code."""
    whole = copy.deepcopy(EMPTY) | copy.deepcopy(dict(known))
    whole["use_level"] = USE_LEVEL.get(level, whole.get("use_level", "4"))
    whole["letters"] = whole.get("letters") or {"abbreviation": abbreviation}
    whole["locations"] = whole["locations"] or places
    if area:
        whole["complaint_phone"] = f"{area}-12345"
    if whole["project_type"] == INSTANT:
        whole["promise"] = {"days": 1, "unit": WORKING_DAYS, "explain": ""}
    if len(whole["catalog_code"]) == 12:
        whole["task_type"] = whole["catalog_code"][2:4]
    return whole
