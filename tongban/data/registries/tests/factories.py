"""One invented person and one invented company; other rooms' tests may use them."""

from __future__ import annotations

from typing import Any

from tongban.data.registries.actions import load_sample

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
