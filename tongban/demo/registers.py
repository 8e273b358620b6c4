"""The demo city's base registers: three departments' tables gathered into the lake from their files, and registers built from them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from tongban.data.gathering import actions as gathering
from tongban.data.lake.queries import datasets_named
from tongban.data.registries import actions as registries
from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.organisations.queries import department_by_name

from .departments import FIRMS, PERSONS, City, Row, city

FOLDER = Path(__file__).parent / "definitions" / "registers"
PERSONS_MADE, FIRMS_MADE = 400, 80
# Table → dataset, title, whose, and what each column becomes.
NAMES = {
    "公民身份号码": "id_number", "姓名": "name", "性别": "sex", "出生日期": "born_on", "民族": "nation", "住址区划": "division",
    "住址": "address", "迁入日期": "moved_on", "更新日期": "seen_on", "参保编号": "serial", "档案号": "serial", "联系电话": "phone",
    "登记序号": "serial", "统一社会信用代码": "uscc", "名称": "name", "类型": "kind", "法定代表人": "leader",
    "法定代表人证件": "leader_id", "区划": "division", "地址": "address", "成立日期": "founded_on", "注册资本": "capital_fen",
    "经营范围": "scope", "电话": "phone",
}  # fmt: skip
TABLES = {
    "police": ("police_persons", "常住人口信息（示例）", "区公安分局", "id_number"),
    "insurance": ("insured_persons", "参保人员信息（示例）", "区人社局", "serial"),
    "service": ("served_persons", "办事人员信息（示例）", "区行政审批局", "serial"),
    "market": ("market_firms", "市场主体信息（示例）", "区市监局", "uscc"),
    "taxes": ("tax_firms", "纳税人信息（示例）", "广安区税务局", "serial"),
}


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Code → the register's file."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def content_of(file: dict[str, Any]) -> dict[str, Any]:
    """The rules alone."""
    return {name: file[name] for name in ("personal", "key", "search", "sources", "elements", "link")}


def load() -> str:
    """What is there afterwards. Safe to repeat."""
    if not gather(city(PERSONS_MADE, FIRMS_MADE)):
        return "没有来源部门，没有生成基础库"
    return "，".join(make_registers())


def gather(made: City) -> bool:
    """Every table as its department's file into the lake, once; whether all departments are there."""
    columns = PERSONS | FIRMS
    done = True
    for table, (key, title, office, own) in TABLES.items():
        department = department_by_name(office) or department_by_name("区行政审批局")
        done = done and department is not None
        if department is None or datasets_named([key]):
            continue
        _gathered(department.pk, department.code, key, title, columns[table], made.tables[table], own)
    return done


def _gathered(
    department_id: UUID, code: str, key: str, title: str, columns: Sequence[str], rows: Sequence[Row], own: str
) -> None:
    folder = Path(settings.GATHERING_ROOT) / code / "registers"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{key}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    steward = _steward(department_id)
    source = gathering.connect_source(
        actor=steward,
        kind="files",
        title=f"{title}业务系统",
        place={"folder": "registers"},
        secret={},
        department_id=department_id,
    )
    told = [
        {"name": NAMES[one], "source": one, "title": one, "kind": _kind(NAMES[one]), "required": NAMES[one] == own}
        for one in columns
    ]
    job = gathering.create_job(
        actor=steward,
        source_id=source.pk,
        table=f"{key}.csv",
        key=key,
        title=title,
        columns=told,
        keys=[own],
        starts_at=time(1),
    )
    gathering.gather(run_id=gathering.start_run(actor=steward, job_id=job.pk).pk)


def _kind(name: str) -> str:
    return "date" if name.endswith("_on") else "integer" if name.endswith("_fen") else "text"


def _steward(department_id: UUID) -> Actor:
    found = staff_who_may(department_id, "gathering.manage")
    return actor_of(account(found[0][0])) if found else installer("gathering.manage", "gathering.see")


def make_registers() -> list[str]:
    """Each register by its file, its rules drafted by one administrator and agreed to by another, and built; what each holds."""
    told, drafter = [], _platform()
    keeper = installer("registries.manage", "registries.see")
    for code, file in definitions().items():
        office = department_by_name(file["department"]) or department_by_name("区行政审批局")
        if office is None:
            continue
        one = registries.create_register(
            actor=keeper,
            code=code,
            title=file["title"],
            personal=file["personal"],
            department_id=office.pk,
            place=file["place"],
        )
        if not one.rulings.exists():
            ruling = registries.propose_ruling(
                actor=drafter or keeper, register=code, content=content_of(file), note="第一版（示例）"
            )
            registries.publish_ruling(actor=keeper, ruling_id=ruling.pk)
            registries.build_now(actor=keeper, register=code)
            registries.find_pairs(actor=keeper, register=code)
        built = one.builds.order_by("-began_at").first()
        told.append(f"{file['title']}生成 {built.counts.get('keys', 0) if built else 0} 条")
    return told


def _platform() -> Actor | None:
    offices = sorted(departments_who_may("registries.manage"))
    found = staff_who_may(offices[0], "registries.manage") if offices else []
    return actor_of(account(found[0][0])) if found else None
