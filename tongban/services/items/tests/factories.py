"""Definitions for tests: one that is fit to be published, and ways to bend it."""

from __future__ import annotations

import copy
from types import MappingProxyType
from typing import Any
from uuid import UUID

from tongban.foundation.kernel.actors import Actor, Scope, installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import draft_version, load_definition, propose, publish_version, submit_for_review
from tongban.services.items.models import CodeTable, ItemVersion, Proposal, ServiceItem

MANAGER = installer("items.manage", "items.correct", "items.see")

DEFINITION: dict[str, Any] = {
    "code": "venue-permit", "sample": True, "version": 1, "effective_on": "2026-01-01",
    "task_name": "公共场所卫生许可（新证）", "plain_name": "开宾馆、理发店要办的卫生许可证", "summary": "开店前要办。",
    "synonyms": ["卫生证"], "catalog_code": "000123009000", "task_type": "01", "use_level": "4", "power_source": "1",
    "department": "区卫健局", "dept_type": "1",
    "by_law": [{"law": "公共场所卫生管理条例", "clause": "第四条", "text": "国家对公共场所实行“卫生许可证”制度。"}],
    "server_type": ["1", "2"], "applicants": ["company", "person"], "assurance_level": 2, "project_type": "2",
    "review_type": "前审后批", "statutory": {"days": 20, "unit": "1"}, "promise": {"days": 5, "unit": "1"},
    "accept_conditions": ["有固定场所"], "handle_type": ["1", "2"], "visits": 0,
    "online_depth": ["2", "4", "5", "6"], "identity_proof_online": True,
    "locations": [{"hall": "区政务服务大厅", "address": "平安大道1号", "hours": "工作日"}],
    "consult_phone": "0826-2222222", "complaint_phone": "0826-12345",
    "topics": {"person": ["准营准办"], "company": ["准营准办"]}, "fees": [], "pay_online": False,
    "results": [{"name": "卫生许可证", "type": "10", "validity": "4年", "sample": True, "delivery": ["online"]}],
    "questions": [{"q": "要等装修完吗？", "a": "要。"}],
    "situations": [{"key": "venue", "question": "哪一类场所？",
                    "options": [{"value": "hotel", "label": "宾馆"}, {"value": "pool", "label": "游泳馆"}]}],
    "materials": [
        {"key": "plan", "name": "平面图", "type": "3", "format": "3", "need": "1", "source": "10", "main": True},
        {"key": "water", "name": "水质检测报告", "type": "1", "format": "3", "need": "2", "source": "10",
         "when": "situation.venue == 'pool'"},
        {"key": "identity", "name": "身份证", "type": "1", "format": "3", "need": "1", "source": "20",
         "issuing_dept": "公安机关", "waive": ["1"]},
    ],
    "form": {"title": "申请表", "groups": [{"key": "venue", "title": "场所", "fields": [
        {"key": "name", "label": "名称", "type": "text", "required": True}]}]},
    "flow": {"accept": {"post": "clerk", "limit_days": 1}, "stages": [
        {"key": kind, "name": name, "kind": kind, "limit_days": 1, "parts": [{"department": "self", "post": post}]}
        for kind, name, post in (("review", "审查", "reviewer"), ("decide", "决定", "approver"),
                                 ("certify", "制证", "clerk"), ("deliver", "送达", "clerk"))]},
    "letters": {"abbreviation": "广卫"},
}  # fmt: skip


def a_definition(**changes: Any) -> dict[str, Any]:
    """A definition fit to be published, top-level elements changed."""
    return copy.deepcopy(DEFINITION) | changes


def with_material(**fields: Any) -> dict[str, Any]:
    """A definition whose first material is changed."""
    definition = a_definition()
    definition["materials"][0] |= fields
    return definition


def make_item(**changes: Any) -> ItemVersion:
    """A published item of 区卫健局 (or `department`), which is made when it is not there."""
    definition = a_definition(**changes)
    if not Department.objects.filter(short_name=definition["department"]).exists():
        make_department(definition["department"])
    return load_definition(MANAGER, definition)


def manager_of(department_id: UUID) -> Actor:
    """Somebody who manages the items of a department; each call is another person."""
    grants = MappingProxyType({"items.manage": Scope.DEPARTMENT, "items.see": Scope.DEPARTMENT})
    return Actor(kind="staff", account_id=uuid7(), department_id=department_id, grants=grants)


def handed_in(drafter: Actor, item: ServiceItem, **changes: Any) -> ItemVersion:
    """A new version in review, for today."""
    changes = {"effective_on": today().isoformat()} | changes
    draft = draft_version(actor=drafter, code=item.code, content=a_definition(**changes))
    return submit_for_review(actor=drafter, version_id=draft.pk)


def new_item(drafter: Actor, reviewer: Actor, code: str, catalog_code: str, **changes: Any) -> ServiceItem:
    """A second item of the same department, published today."""
    content = a_definition(code=code, catalog_code=catalog_code, effective_on=today().isoformat(), **changes)
    draft = draft_version(actor=drafter, code=code, content=content, is_new=True)
    submit_for_review(actor=drafter, version_id=draft.pk)
    return publish_version(actor=reviewer, version_id=draft.pk).item


def make_proposal(item: ServiceItem, act: str = "suspend") -> Proposal:
    """What a colleague proposes; nobody has answered it yet."""
    return propose(actor=manager_of(item.department_id), code=item.code, act=act, reason="系统升级")


def make_table(key: str = "server_type") -> CodeTable:
    """A version of a dictionary that awaits its second person."""
    table: CodeTable = CodeTable.objects.create(
        key=key,
        version=9,
        status="in_review",
        effective_on=today(),
        drafted_by=uuid7(),
        content={"1": "自然人"},
        note="新增",
    )
    return table
