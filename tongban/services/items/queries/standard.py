"""An item's definition under the names of the national exchange library (task_general_basic, task_general_extend)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.services.items.models import ItemVersion

JOIN = "^"  # how the exchange library joins several codes in one field
NOWHERE = {"days": None, "unit": None, "explain": ""}


def general_basic(version: ItemVersion, content: Mapping[str, Any]) -> dict[str, Any]:
    """实施清单基本信息."""
    statutory = content["statutory"] or NOWHERE
    return {
        "row_guid": str(version.pk),
        "task_name": content["task_name"],
        "catalog_code": content["catalog_code"],
        "task_code": content["task_code"],
        "task_type": content["task_type"],
        "by_law": content["by_law"],
        "power_source": content["power_source"],
        "use_level": content["use_level"],
        "power_divide": content["power_divide"],
        "exercise_content": content["exercise_content"],
        "dept_name": content["department"],
        "dept_code": content["dept_code"],
        "dept_type": content["dept_type"],
        "entrust_name": content["entrust_name"],
        "anticipate_day": statutory["days"],
        "anticipate_type": statutory["unit"],
        "anticipate_explain": statutory["explain"],
        "promise_day": content["promise"]["days"],
        "promise_type": content["promise"]["unit"],
        "promise_explain": content["promise"]["explain"],
        "accept_condition": content["accept_conditions"],
        "handle_flow": [stage["name"] for stage in content["flow"]["stages"]],
        "special_procedure": content["special_procedures"] or "无",
        "is_fee": int(bool(content["fees"])),
        "fee_basis": "；".join(fee["basis"] for fee in content["fees"]),
        "server_type": JOIN.join(content["server_type"]),
        "project_type": content["project_type"],
        "handle_type": JOIN.join(content["handle_type"]),
        "limit_scene_num": content["visits"],
        "transact_addr": [place["address"] for place in content["locations"]],
        "transact_time": [place["hours"] for place in content["locations"]],
        "link_way": content["consult_phone"],
        "supervise_way": content["complaint_phone"],
        "task_state": "1",
        "task_version": version.version,
        "plan_effective_date": version.effective_on.strftime("%Y%m%d"),
    }


def general_extend(content: Mapping[str, Any]) -> dict[str, Any]:
    """实施清单扩展信息."""
    topics = content["topics"]
    return {
        "is_entry_center": content["entry_center"],
        "handle_area": content["handle_area"],
        "other_dept": content["other_dept"],
        "service_type": content["service_type"],
        "limit_explain": content["limit_explain"],
        "result_name": [result["name"] for result in content["results"]],
        "result_type": [result["type"] for result in content["results"]],
        "is_schedule": content["schedule"],
        "is_pay_online": content["pay_online"],
        "is_mail_material": content["mail_materials"],
        "is_mail_result": content["mail_result"],
        "is_service_terminals": content["terminals"],
        "user_topic_type": JOIN.join(topics.get("person", [])),
        "corp_topic_type": JOIN.join(topics.get("company", [])),
        "is_online": {"2", "4"} <= set(content["online_depth"]),
        "online_handle_depth": JOIN.join(content["online_depth"]),
        "online_handle_url": f"/apply/{content['code']}/",
        "limit_scene_explain": content["visits_explain"],
    }
