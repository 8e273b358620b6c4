"""One invented person and one invented company; other rooms' tests may use them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tongban.data.registries.actions import load_sample
from tongban.data.registries.models import Amendment, Conflict, Pair, Record, Register, Ruling
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today

LIHUA: dict[str, Any] = {
    "name": "李华",
    "id_number": "511602199003071013",
    "sex": "1",
    "birth_on": "1990-03-07",
    "nation": "01",
    "phone": "19900000001",
    "division": "511602001001",
    "detail": "翠屏路18号",
}
ZHANGWEI = LIHUA | {"name": "张伟", "id_number": "511602198501210130", "birth_on": "1985-01-21", "phone": "19900000003"}
TEAHOUSE: dict[str, Any] = {
    "name": "清渠茶馆（个体工商户）（示例）",
    "uscc": "92511602MA6A1X010T",
    "kind": "self_employed",
    "legal_person_name": "李华",
    "legal_person_id_number": LIHUA["id_number"],
    "division": "511602001001",
    "detail": "翠屏路20号",
    "registered_on": "2024-05-08",
    "capital_fen": 5_000_000,
    "phone": "19900000001",
    "scope": "茶馆服务",
}


def registers() -> None:
    load_sample(persons=[LIHUA, ZHANGWEI], companies=[TEAHOUSE])


def make_known_register(steward: Actor, other: Actor) -> dict[str, str]:
    """A register that a steward's department keeps, with a record, a conflict, a pair and rules somebody else drafted; no lake."""
    assert steward.department_id is not None
    serial = uuid4().hex[:8]
    register = Register.objects.create(
        code=f"r{serial}", title="人口库（示例）", personal=True, department_id=steward.department_id, made_at=now()
    )
    content = {
        "personal": True, "key": {"name": "id_number", "check": ""}, "search": "name",
        "sources": [{"dataset": f"d{serial}", "title": "示例", "key": "id_number", "as_of": "", "since": ""}],
        "elements": [{"name": "id_number", "title": "公民身份号码", "by": "order", "tells": False,
                      "from": [{"dataset": f"d{serial}", "column": "id_number"}]}],
    }  # fmt: skip
    for version, status in ((1, "published"), (2, "in_review")):
        ruling = Ruling.objects.create(
            register=register,
            version=version,
            status=status,
            effective_on=today(),
            drafted_by=other.account_id,
            content=content,
        )
    amendment = Amendment.objects.create(
        register=register, title_before=register.title, title="人口总库（示例）", department_before_id=register.department_id,
        department_id=register.department_id, reason="示例", asked_by=other.account_id, asked_at=now(),
    )  # fmt: skip
    entry = {"value": "示例", "source": "示例", "as_of": "2026-10-31"}
    origin = {"dataset": f"d{serial}", "batch": "b", "row": 1, "since": "2026-10-31", "losers": []}
    record = Record.objects.create(
        register=register.code, key_index=serial, values={"name": entry}, origins={"name": origin}, known_at=now()
    )
    conflict = Conflict.objects.create(
        register=register.code, record=record, element="name", digest="x", datasets=[f"d{serial}"], found_at=now(),
        state=Conflict.State.RETURNED, returned_to=steward.department_id,
    )  # fmt: skip
    pair = Pair.objects.create(
        register=register, left={"key": "1"}, right={"key": "2"}, sides="x", probability=0.9, found_at=now()
    )
    return {
        "register_code": register.code, "record_id": str(record.pk), "conflict_id": str(conflict.pk), "pair_id": str(pair.pk),
        "ruling_id": str(ruling.pk), "amendment_id": str(amendment.pk),
    }  # fmt: skip
