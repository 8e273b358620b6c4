"""A definition with every element that may be left out written in, so that nothing later asks whether it is there."""

from __future__ import annotations

import copy
from typing import Any

ITEM: dict[str, Any] = {
    "synonyms": [], "task_code": "", "power_divide": "", "exercise_content": "", "entrust_name": "", "statutory": None,
    "visits_explain": "", "identity_proof_online": False, "obstacles": [], "special_procedures": [], "extension": None,
    "handle_area": "4", "entry_center": True, "schedule": False, "mail_result": False, "mail_materials": False,
    "terminals": False, "other_dept": [], "service_type": "", "limit_explain": "", "questions": [], "situations": [],
}  # fmt: skip
MATERIAL = {
    "when": "", "issuing_dept": "", "basis": "", "copies": 1, "page_format": "", "original": False, "standard": "",
    "fill_explain": "", "waive": [], "tolerance": None, "main": False, "sample": "", "blank": "", "handle_case": "",
    "form": "", "self_present": False, "remark": "",
}  # fmt: skip
LAW = {"doc_no": "", "issuer": "", "effective_on": "", "url": "", "text_source": ""}
FEE = {"amount_fen": 0, "reduction": None, "when": "", "unit": "", "quantity": ""}
RESULT = {"validity": "", "sample": False, "delivery": []}
SPECIAL = {"limit_days": None, "basis": "", "explain": ""}
PLACE = {"window": "", "phone": ""}
LISTS: dict[str, dict[str, Any]] = {
    "materials": MATERIAL, "by_law": LAW, "fees": FEE, "results": RESULT, "special_procedures": SPECIAL,
    "locations": PLACE,
}  # fmt: skip


def complete(definition: dict[str, Any]) -> dict[str, Any]:
    """A copy with the defaults filled in; what is written stays as written."""
    item = copy.deepcopy(ITEM) | copy.deepcopy(definition)
    for name, defaults in LISTS.items():
        item[name] = [copy.deepcopy(defaults) | row for row in item[name]]
    for limit in (item["statutory"], item["promise"], item["extension"]):
        if limit is not None:
            limit.setdefault("explain", "")
    return item
