"""The demo city's data catalogue: systems and resources of its departments, written, reviewed and published by those who do it,
and what some of them need. Invented (示例)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from tongban.data.catalogue import actions as catalogue
from tongban.data.catalogue.queries import Filters, catalogue_page, demand_page, figures, items_of
from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.organisations.queries import department_by_name

FILE = Path(__file__).parent / "definitions" / "catalogue.yaml"
OPEN = {"u": "unconditional", "c": "conditional", "d": "disallowed"}
# The clause each resource that is not shared rests on.
GROUNDS = {
    "刑事侦查线索信息": "《中华人民共和国刑事诉讼法》第五十四条",
    "传染病个案信息": "《中华人民共和国传染病防治法》第十二条",
    "统计调查原始资料": "《中华人民共和国统计法》第二十八条",
}
# Columns of departments' tables that the catalogue calls otherwise.
CALLED = {
    "住址": "户籍地址", "住址区划": "户籍区划", "名称": "企业名称", "许可证编号": "经营许可证号", "经营者": "业户名称",
    "信息类别": "名单类型", "认定日期": "列入日期", "每月标准（元）": "金额",
}  # fmt: skip
# Who needs what, for what, on what ground; and the resource that answers it, if there is one.
DEMANDS = (
    ("区民政局", "核对残疾人证是否有效", "困难残疾人生活补贴", "残疾人证号、姓名、残疾类别、残疾等级、有效期至",
     "《残疾人保障法》第四十六条", "残疾人证信息"),
    ("区卫健局", "核对申领人年龄和户籍", "老年人优待证", "公民身份号码、出生日期、户籍区划",
     "《老年人权益保障法》第五十三条", "户籍人口基本信息"),
    ("区人社局", "核对服刑人员名单", "养老待遇领取资格核验", "公民身份号码、起止日期", "《社会保险法》第十六条", ""),
)  # fmt: skip


def _staff(department_id: UUID, verb: str) -> Actor | None:
    found = staff_who_may(department_id, verb)
    return actor_of(account(found[0][0])) if found else None


def load() -> str:
    """What is there afterwards. Safe to repeat: a department that lists something already is left as it is."""
    catalogue.load_value_tables(actor=installer("catalogue.publish"))
    offices = sorted(departments_who_may("catalogue.publish"))
    platform = _staff(offices[0], "catalogue.publish") if offices else None
    if platform is None:
        return "没有数据平台管理员"
    for name, listed in yaml.safe_load(FILE.read_text("utf-8")).items():
        office = department_by_name(name)
        writer, head = (
            (_staff(office.pk, f"catalogue.{verb}") for verb in ("write", "review")) if office else (None, None)
        )
        if writer and head and not catalogue_page(writer, Filters(department=str(writer.department_id))).rows:
            _list(name, listed, writer, [head, platform])
    _ask()
    total = figures(platform)[0]
    return f"{total.systems} 个信息系统，{total.resources} 个数据资源（示例）"


def _list(name: str, listed: dict[str, Any], writer: Actor, reviewers: list[Actor]) -> None:
    systems = [_published("system", _system(name, *told), writer, reviewers).code for told in listed["systems"]]
    for told in listed["resources"]:
        _published("resource", _resource(listed["detail"], systems, *told), writer, reviewers)


def _published(kind: str, content: dict[str, Any], writer: Actor, reviewers: list[Actor]) -> Any:
    assert writer.department_id is not None
    version = catalogue.begin_entry(actor=writer, kind=kind, department_id=writer.department_id, content=content)
    review = catalogue.hand_in(actor=writer, entry_id=version.entry_id)
    for reviewer in reviewers:
        review = catalogue.agree(actor=reviewer, review_id=review.pk)
    return review.entry


def _system(department: str, name: str, does: str, level: str, protection: str) -> dict[str, Any]:
    return {
        "name": f"{name}（示例）", "summary": f"{does}。", "builder": department, "users": department, "level": level,
        "channels": ["1"], "state": "2", "protection": protection, "hosting": "1" if level == "4" else "3", "connected": "0",
        "since": "2021-07-01", "unit": "办公室",
    }  # fmt: skip


def _resource(
    detail: str, systems: list[str], name: str, holds: str, class_item: str, share: int, opened: str, cycle: str,
    domain: str, carrier: str, results: list[str], system: int, items: str,
) -> dict[str, Any]:  # fmt: skip
    """One line of the file as a text of the catalogue."""
    ground = GROUNDS.get(name, "")
    return {
        "name": name, "class_item": class_item, "entry": "511", "detail": f"602{detail}", "abstract": f"{holds}（示例）。",
        "format": "2" if carrier == "FILE_STRUCTURED" else "3", "carriers": [carrier], "channels": ["1"], "cycle": cycle,
        "scenes": ["1"] if results else ["2"], "domain": domain, "system": systems[system - 1], "share_type": str(share),
        "share_condition": "为履行法定职责需要，按事项和字段申请" if share == 2 else "",
        "share_modes": [] if ground else ["1" if carrier == "API" else "3" if carrier == "FILE_STRUCTURED" else "2"],
        "share_ground_kind": "1" if ground else "", "share_ground": ground,
        "share_review_on": (today() + timedelta(days=300)).isoformat() if ground else "",
        "open_type": OPEN[opened], "open_condition": "实名申请，写明用途" if opened == "c" else "",
        "open_ground_kind": "3" if opened == "d" else "", "open_ground": "含个人信息或者依法不公开" if opened == "d" else "",
        "unit": "办公室", "post": "数据专员", "quality": "主键不重复，必填项完整率不低于99%",
        "item_results": results, "no_item_reason": "" if results else "日常管理中产生，没有对应的事项",
        "items": [_item(word) for word in items.split()],
    }  # fmt: skip


def _item(word: str) -> dict[str, Any]:
    """`公民身份号码*:GMSFHM:C:18:3`"""
    name, english, kind, length, grade = word.split(":")
    is_key = name.endswith("*")
    return {
        "name": name.rstrip("*"), "english": english, "type": kind, "length": length, "grade": grade,
        "is_key": str(int(is_key)), "nullable": "0" if is_key else "1",
        "code_set": {"XB": "GB/T 2261.1", "MZ": "GB/T 3304"}.get(english, ""),
    }  # fmt: skip


def mapped(
    department_id: UUID, resource: str, columns: list[dict[str, Any]]
) -> tuple[UUID | None, list[dict[str, Any]]]:
    """A published resource of a department, and columns of a source (by their `title`) with the data items of it that they become."""
    reader = installer("catalogue.see")
    found = [
        one for one in catalogue_page(reader, Filters(resource, department=str(department_id))).rows if one.name == resource
    ] if resource else []  # fmt: skip
    if not found:
        return None, columns
    items = {one.name: str(one.pk) for one in items_of(found[0])}
    return found[0].pk, [
        column | {"item": items.get(column["title"]) or items.get(CALLED.get(column["title"], ""), "")}
        for column in columns
    ]


def _ask() -> None:
    """What three departments need; two of it is there already."""
    for name, title, use, fields, basis, resource in DEMANDS:
        office = department_by_name(name)
        writer = _staff(office.pk, "catalogue.write") if office else None
        if writer is None or title in _asked(writer):
            continue
        day = today() + timedelta(days=30)
        demand = catalogue.ask_for_data(
            actor=writer, needed_on=day, cycle="day", title=title, use=use, fields=fields, basis=basis
        )
        found = catalogue_page(writer, Filters(resource)).rows if resource else []
        if found:
            catalogue.match_demand(actor=writer, demand_id=demand.pk, resource_code=found[0].code)


def _asked(writer: Actor) -> set[str]:
    return {one.title for one in demand_page(writer, department=str(writer.department_id))}
