"""Three departments' invented persons in a lake of the test's own, and a register built from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from tongban.data.lake import actions as lake
from tongban.data.lake.models import Batch
from tongban.data.registries import actions
from tongban.data.registries.models import Register
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_department

HAND = installer("lake.write", "lake.read")
KEEPER = installer("registries.manage", "registries.see", "registries.decide", "registries.look")
COLUMNS = {
    "police": ["id_number", "name", "street", "house", "moved_on", "seen_on"],
    "insurance": ["serial", "id_number", "name", "phone", "seen_on"],
    "market": ["serial", "id_number", "name", "phone", "seen_on"],
}
KEYS = {"police": ["id_number"], "insurance": ["serial"], "market": ["serial"]}
TITLES = {"police": "区公安分局 · 人口库", "insurance": "区人社局 · 参保库", "market": "区市监局 · 经营者库"}
CONTENT: dict[str, Any] = {
    "personal": True,
    "key": {"name": "id_number", "check": "id_number"},
    "search": "name",
    "sources": [
        {"dataset": name, "title": title, "key": "id_number", "as_of": "seen_on", "since": ""} for name, title in TITLES.items()
    ],
    "elements": [
        {"name": "id_number", "title": "公民身份号码", "by": "order", "tells": False,
         "from": [{"dataset": name, "column": "id_number"} for name in TITLES]},
        {"name": "name", "title": "姓名", "by": "order", "tells": True,
         "from": [{"dataset": name, "column": "name"} for name in TITLES]},
        {"name": "address", "title": "住址", "by": "order", "tells": True,
         "from": [{"dataset": "police", "columns": {"division": "street", "detail": "house"}, "since": "moved_on"}]},
        {"name": "phone", "title": "电话", "by": "newest", "tells": False,
         "from": [{"dataset": name, "column": "phone", "check": "mobile"} for name in ("insurance", "market")]},
    ],
}  # fmt: skip
Rows = Sequence[tuple[str, ...]]
WHO, OTHER = "511602199003071013", "511602198501210130"
POLICE: Rows = [
    (WHO, "李华", "511602001001", "翠屏路18号", "2020-05-01", "2026-10-01"),
    (OTHER, "张伟", "511602002001", "思源大道1号", "2018-01-01", "2026-10-01"),
]
INSURANCE: Rows = [("1", WHO, "李花", "13900000001", "2026-09-01"), ("2", OTHER, "张伟", "1390000", "2026-09-01")]
MARKET: Rows = [
    ("1", WHO, "李华", "13900000002", "2026-10-15"),
    ("2", WHO[:-1] + "4", "李华", "13900000009", "2026-10-15"),
]


def office(name: str) -> Department:
    return Department.objects.filter(short_name=name).first() or make_department(name)


def make_datasets() -> dict[str, UUID]:
    return {
        name: lake.create_dataset(
            actor=HAND, key=name, title=TITLES[name], keys=KEYS[name], department_id=office(title.partition(" ")[0]).pk,
            columns=[{"name": column, "kind": "date" if column.endswith("_on") else "text"} for column in COLUMNS[name]],
        ).pk
        for name, title in TITLES.items()
    }  # fmt: skip


def pour(name: str, dataset_id: UUID, rows: Rows, *, whole: bool = True) -> Batch:
    columns = COLUMNS[name]

    def write(path: Path, first: int) -> Mapping[str, Any]:
        with duckdb.connect() as duck:
            duck.execute(f"create table part (_row bigint, {', '.join(f'{column} varchar' for column in columns)})")
            for number, row in enumerate(rows, first):
                duck.execute(f"insert into part values ({', '.join('?' * (len(columns) + 1))})", [number, *row])
            duck.execute(f"copy part to '{path}' (format parquet)")
        return {}

    batch = lake.begin_batch(actor=HAND, dataset_id=dataset_id, whole=whole)
    lake.land_part(actor=HAND, batch_id=batch.pk, number=1, write=write)
    lake.seal_batch(actor=HAND, batch_id=batch.pk)
    kinds = {column: "date" if column.endswith("_on") else "text" for column in columns}
    work = {"columns": [{"name": column, "source": column, "kind": kinds[column]} for column in columns], "newest": ""}
    return lake.merge_batch(actor=HAND, batch_id=batch.pk, work=work)


def make_register(content: Mapping[str, Any] = CONTENT, *, code: str = "population", title: str = "人口库") -> Register:
    register = actions.create_register(
        actor=KEEPER, code=code, title=title, personal=bool(content["personal"]), department_id=office("区公安分局").pk
    )
    rule(content, code=code)
    return register


def rule(content: Mapping[str, Any], *, code: str = "population", actor: Actor = KEEPER) -> None:
    proposed = actions.propose_ruling(actor=actor, register=code, content=content, note="示例")
    actions.publish_ruling(actor=KEEPER, ruling_id=proposed.pk)


def filled() -> dict[str, UUID]:
    """The three sources with their first rows, and the register's rules."""
    datasets = make_datasets()
    for name, rows in (("police", POLICE), ("insurance", INSURANCE), ("market", MARKET)):
        pour(name, datasets[name], rows)
    make_register()
    return datasets
