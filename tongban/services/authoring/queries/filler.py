"""A value of the right shape for every element, to stand in for what is not written yet. Shown to nobody as if it were."""

from __future__ import annotations

from typing import Any

FILLER: dict[str, Any] = {
    "code": "draft", "sample": False, "version": 1, "effective_on": "2100-01-01", "task_name": "…", "plain_name": "…",
    "summary": "…", "synonyms": [], "catalog_code": "000100000000", "task_code": "", "task_type": "01",
    "use_level": "4", "power_source": "1", "power_divide": "", "exercise_content": "", "department": "…",
    "dept_type": "1", "entrust_name": "", "by_law": [{"law": "…", "clause": "…", "text": "…"}],
    "server_type": ["1", "2"], "applicants": ["person"], "assurance_level": 2, "project_type": "2",
    "review_type": "前审后批", "statutory": None, "promise": {"days": 1, "unit": "1"}, "accept_conditions": ["…"],
    "handle_type": ["1"], "visits": 0, "visits_explain": "", "online_depth": ["2", "4"],
    "identity_proof_online": True, "obstacles": [], "special_procedures": [], "extension": None, "handle_area": "4",
    "entry_center": True, "schedule": False, "mail_result": False, "mail_materials": False, "terminals": False,
    "other_dept": [], "service_type": "", "locations": [], "consult_phone": "…", "complaint_phone": "…",
    "topics": {"person": [], "company": []}, "fees": [], "pay_online": False, "results": [], "limit_explain": "",
    "questions": [], "situations": [], "materials": [], "form": {"title": "…", "groups": []},
    "flow": {"accept": {"post": "clerk", "limit_days": 1},
             "stages": [{"key": "decide", "name": "决定", "kind": "decide", "limit_days": 1,
                         "parts": [{"department": "self", "post": "approver"}]}]},
    "letters": {"abbreviation": "…"},
}  # fmt: skip
