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
from tongban.data.places.actions import follow_addresses
from tongban.data.registries import actions as registries
from tongban.data.registries.queries import registers
from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.licences.actions import begin_delivery, deliver

from .catalogue import mapped
from .departments import FIRMS, PERSONS, City, Row, city
from .doors import DOORS, doors
from .ledgers import LEDGERS, ledgers

FOLDER = Path(__file__).parent / "definitions" / "registers"
PERSONS_MADE, FIRMS_MADE = 400, 80
# Table → dataset, title, whose, and what each column becomes.
NAMES = {
    "公民身份号码": "id_number", "姓名": "name", "性别": "sex", "出生日期": "born_on", "民族": "nation", "住址区划": "division",
    "住址": "address", "迁入日期": "moved_on", "更新日期": "seen_on", "参保编号": "serial", "档案号": "serial", "联系电话": "phone",
    "登记序号": "serial", "统一社会信用代码": "uscc", "名称": "name", "类型": "kind", "法定代表人": "leader",
    "法定代表人证件": "leader_id", "区划": "division", "地址": "address", "成立日期": "founded_on", "注册资本": "capital_fen",
    "经营范围": "scope", "电话": "phone",
    "证照类型代码": "type_code", "证照类型": "type_name", "许可证编号": "number", "经营者": "holder_name", "经营者代码": "holder_number",
    "持证主体类别": "holder_kind", "发证机关": "issuer", "发证日期": "issued_on", "有效期至": "valid_until", "证照状态": "state",
    "记录编号": "no", "主体名称": "subject_name", "主体代码": "subject_number", "信息类别": "kind", "事由": "matter",
    "文书号": "document_no", "认定单位": "authority", "认定日期": "since_on", "截止日期": "until_on", "修复状态": "repair",
    "异议状态": "dispute",
    "指标代码": "indicator", "指标名称": "indicator_name", "时期": "period", "数值": "value", "计量单位": "unit",
    "修订": "revision",
    "地址编码": "code", "街路巷": "road", "门牌号": "number", "小区或村组": "estate", "楼栋": "building", "单元": "unit", "户室": "room",
    "全称": "line", "状态": "state", "曾用名": "former", "地名编号": "serial", "测绘编号": "serial", "经度": "lon", "纬度": "lat",
}  # fmt: skip
TABLES = {
    "police": ("police_persons", "常住人口信息（示例）", "区公安分局", "id_number"),
    "insurance": ("insured_persons", "参保人员信息（示例）", "区人社局", "serial"),
    "service": ("served_persons", "办事人员信息（示例）", "区行政审批局", "serial"),
    "market": ("market_firms", "市场主体信息（示例）", "区市监局", "uscc"),
    "taxes": ("tax_firms", "纳税人信息（示例）", "广安区税务局", "serial"),
    "food": ("food_permits", "食品经营许可台账（示例）", "区市监局", "number"),
    "freight": ("freight_permits", "道路运输经营许可台账（示例）", "区交通运输局", "number"),
    "credit": ("credit_records", "公共信用信息（示例）", "区发改局", "no"),
    "penalties": ("market_penalties", "行政处罚台账（示例）", "区市监局", "no"),
    "statistics": ("statistics_figures", "主要指标（示例）", "区统计局", ("indicator", "period", "division")),
    "monitoring": ("economy_figures", "经济运行监测（示例）", "区发改局", ("indicator", "period", "division")),
    "doors": ("police_doors", "标准地址信息（示例）", "区公安分局", "code"),
    "roads": ("place_names", "地名信息（示例）", "区民政局", "serial"),
    "points": ("survey_points", "门牌测绘点（示例）", "区自然资源局", "serial"),
}
# Which resource of the catalogue a table fills.
RESOURCES = {
    "police_persons": "户籍人口基本信息", "insured_persons": "灵活就业人员参保信息", "market_firms": "企业登记基本信息",
    "freight_permits": "道路货物运输许可信息", "credit_records": "公共信用信息",
}  # fmt: skip


@cache
def definitions() -> dict[str, dict[str, Any]]:
    """Code → the register's file."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}


def content_of(file: dict[str, Any]) -> dict[str, Any]:
    """The rules alone."""
    names = ("personal", "key", "search", "about", "sources", "elements", "link")
    return {name: file[name] for name in names if name in file}


def load() -> str:
    """What is there afterwards. Safe to repeat."""
    if not gather(city(PERSONS_MADE, FIRMS_MADE)):
        return "没有来源部门，没有生成基础库"
    told = make_registers()
    return "，".join([*told, f"地图上 {follow_addresses(anew=True)} 个地址"])


def gather(made: City) -> bool:
    """Every table as its department's file into the lake, once; whether all departments are there."""
    columns, tables = PERSONS | FIRMS | LEDGERS | DOORS, made.tables | ledgers(made).tables | doors().tables
    done = True
    for table, (key, title, office, own) in TABLES.items():
        department = department_by_name(office) or department_by_name("区行政审批局")
        done = done and department is not None
        if department is None or datasets_named([key]):
            continue
        _gathered(department.pk, department.code, key, title, columns[table], tables[table], own)
    keeper = department_by_name("区行政审批局")
    if keeper is not None:
        begin_delivery(actor=installer("licences.manage"), department_id=keeper.pk)
        deliver()
    return done


def _gathered(
    department_id: UUID,
    code: str,
    key: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    own: str | Sequence[str],
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
    keys = [own] if isinstance(own, str) else list(own)
    told = [
        {"name": NAMES[one], "source": one, "title": one, "kind": _kind(NAMES[one]), "required": NAMES[one] in keys}
        for one in columns
    ]
    resource_id, told = mapped(department_id, RESOURCES.get(key, ""), told)
    job = gathering.create_job(
        actor=steward,
        source_id=source.pk,
        table=f"{key}.csv",
        key=key,
        title=title,
        columns=told,
        keys=keys,
        resource_id=resource_id,
        starts_at=time(1),
    )
    gathering.gather(run_id=gathering.start_run(actor=steward, job_id=job.pk).pk)


def _kind(name: str) -> str:
    return (
        "date"
        if name.endswith("_on")
        else "integer"
        if name.endswith("_fen")
        else "number"
        if name == "value"
        else "text"
    )


def _steward(department_id: UUID) -> Actor:
    found = staff_who_may(department_id, "gathering.manage")
    return actor_of(account(found[0][0])) if found else installer("gathering.manage", "gathering.see")


def follow_licences() -> str:
    """What the network has issued by now goes into the lake, and into the register of licences."""
    delivered = deliver()
    if delivered:
        registries.build_now(actor=installer("registries.manage"), register="licences")
    return f"{delivered} 张证照归集入湖"


def make_registers() -> list[str]:
    """Each register by its file, its rules drafted by one administrator and agreed to by another, and built; what each holds."""
    drafter = _platform()
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
            if "link" in file:
                registries.find_pairs(actor=keeper, register=code)
        while registries.index_names():  # what was delivered by hand
            pass
    return [f"{one.register.title} {one.records} 条" for one in registers(actor=keeper)]


def _platform() -> Actor | None:
    offices = sorted(departments_who_may("registries.manage"))
    found = staff_who_may(offices[0], "registries.manage") if offices else []
    return actor_of(account(found[0][0])) if found else None
