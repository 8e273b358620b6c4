"""The address register of three invented departments that contradict each other, in a lake of the test's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tongban.data.lake import actions as lake
from tongban.data.lake.queries import datasets_named
from tongban.data.registries import actions as registries
from tongban.data.registries.models import Register
from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.tests.factories import make_department

HAND = installer("lake.write", "lake.read", "registries.manage", "registries.see")
COLUMNS = {
    "police_doors": ["code", "division", "road", "number", "building", "room", "state", "seen_on"],
    "place_names": ["code", "road", "seen_on"],
    "survey_points": ["code", "number", "lon", "lat", "seen_on"],
}
TITLES = {
    "police_doors": "区公安分局 · 标准地址库",
    "place_names": "区民政局 · 地名库",
    "survey_points": "区自然资源局 · 测绘点",
}
D = "511602001001"
ROWS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "police_doors": [
        (f"{D}000001", D, "翠屏路", "18号", "2", "301", "在用", "2026-10-01"),
        (f"{D}000002", D, "五福街", "7", "", "", "在用", "2026-10-01"),
        (f"{D}000003", D, "厚街", "9", "", "", "注销", "2026-10-01"),
    ],
    "place_names": [(f"{D}000002", "五福东街", "2026-09-01")],
    "survey_points": [
        (f"{D}000001", "18", "106.641", "30.471", "2026-08-01"),
        (f"{D}000003", "9", "206.6", "30.4", "2026-08-01"),
    ],
}
CONTENT: dict[str, Any] = {
    "personal": False,
    "key": {"name": "code", "check": ""},
    "search": "road",
    "sources": [{"dataset": name, "title": title, "key": "code", "as_of": "seen_on", "since": ""} for name, title in TITLES.items()],
    "elements": [
        {"name": "code", "title": "地址编码", "by": "order", "tells": False,
         "from": [{"dataset": name, "column": "code"} for name in COLUMNS]},
        {"name": "division", "title": "行政区划", "by": "order",
         "from": [{"dataset": "police_doors", "column": "division", "check": "division"}]},
        {"name": "road", "title": "街路巷", "by": "order", "tells": True,
         "from": [{"dataset": "place_names", "column": "road"}, {"dataset": "police_doors", "column": "road"}]},
        {"name": "number", "title": "门牌号", "by": "order", "from": [{"dataset": "police_doors", "column": "number"}]},
        {"name": "building", "title": "楼栋", "by": "order", "from": [{"dataset": "police_doors", "column": "building"}]},
        {"name": "room", "title": "户室", "by": "order", "from": [{"dataset": "police_doors", "column": "room"}]},
        {"name": "state", "title": "状态", "by": "order", "from": [{"dataset": "police_doors", "column": "state"}]},
        {"name": "position", "title": "位置", "by": "order", "tells": False,
         "from": [{"dataset": "survey_points", "columns": {"lon": "lon", "lat": "lat"}}]},
    ],
}  # fmt: skip


def build_addresses(*, moved: bool = False) -> None:
    """Poured, ruled and built; `moved`: the survey has measured the first door again."""
    for name, rows in ROWS.items():
        if moved and name == "survey_points":
            rows = [(rows[0][0], "18", "106.7", "30.5", "2026-11-01"), *rows[1:]]
        _pour(name, rows)
    if not Register.objects.filter(pk="addresses").exists():
        registries.create_register(
            actor=HAND, code="addresses", title="地址库", personal=False, department_id=make_department("区公安分局").pk
        )
        proposed = registries.propose_ruling(actor=HAND, register="addresses", content=CONTENT, note="示例")
        registries.publish_ruling(actor=HAND, ruling_id=proposed.pk)
    registries.build_now(actor=HAND, register="addresses")


def _pour(name: str, rows: Sequence[tuple[str, ...]]) -> None:
    columns = COLUMNS[name]
    if name not in datasets_named([name]):
        lake.create_dataset(
            actor=HAND, key=name, title=TITLES[name], keys=["code"], department_id=make_department(f"示例{name}").pk,
            columns=[{"name": column, "kind": "text"} for column in columns],
        )  # fmt: skip

    def write(path: Path, first: int) -> Mapping[str, Any]:
        with duckdb.connect() as duck:
            duck.execute(f"create table part (_row bigint, {', '.join(f'{column} varchar' for column in columns)})")
            marks = ", ".join("?" * (len(columns) + 1))
            duck.executemany(f"insert into part values ({marks})", [[at, *row] for at, row in enumerate(rows, first)])
            duck.execute(f"copy part to '{path}' (format parquet)")
        return {}

    batch = lake.begin_batch(actor=HAND, dataset_id=datasets_named([name])[name].pk, whole=True)
    lake.land_part(actor=HAND, batch_id=batch.pk, number=1, write=write)
    lake.seal_batch(actor=HAND, batch_id=batch.pk)
    work = {"columns": [{"name": column, "source": column, "kind": "text"} for column in columns], "newest": ""}
    lake.merge_batch(actor=HAND, batch_id=batch.pk, work=work)
