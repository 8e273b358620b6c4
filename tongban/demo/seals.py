"""The demo city's seals, made through the room's own actions: one of its full name for each department with staff, and in the
approval office one of each sort that its pages tell apart. Names are those of real departments; the seals are samples (示例)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tongban.foundation.identity.queries import account, actor_of, departments_who_may, staff_of, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.queries import department, department_by_name
from tongban.foundation.seals.actions import (
    apply_for_seal,
    decide_application,
    make_seal,
    may_keep,
    register_seal,
    request_use,
)
from tongban.foundation.seals.errors import ApplicationRefused
from tongban.foundation.seals.queries import APPLY, seal_for

REGISTRAR = installer("seals.see", "seals.review")
DOCUMENT = "本部门职能配置、内设机构和人员编制规定（示例）"
LEGAL: dict[str, Any] = {
    "kind": "legal",
    "uses": ["licence", "letter"],
    "control": "decision",
    "reason": "办理政务服务事项，签发证照和文书",
}
APPROVAL = "区行政审批局"
FURTHER: list[dict[str, Any]] = [
    {"kind": "business", "business": "行政审批专用章", "uses": ["licence", "letter"], "control": "decision",
     "reason": "集中办理行政审批，签发许可证件"},
    {"kind": "business", "business": "合同专用章", "uses": ["contract"], "control": "two", "reason": "签订政府采购合同"},
]  # fmt: skip


def load() -> int:
    """How many departments have a seal in use afterwards."""
    offices = [department(office) for office in sorted(departments_who_may(APPLY))]
    for office in offices:
        if seal_for(office.pk, "licence") is None:
            _seal(office, LEGAL)
    approval = department_by_name(APPROVAL)
    if approval is not None and seal_for(approval.pk, "contract") is None:
        _further(approval)
    return len(offices)


def _officer(office: Department) -> Actor:
    """Whoever may apply there, by the first name."""
    return actor_of(account(staff_who_may(office.pk, APPLY)[0][0]))


def _apply(office: Department, given: dict[str, Any]) -> UUID:
    keepers = may_keep(office.pk)
    return apply_for_seal(
        actor=_officer(office), name=office.name, keeper_id=keepers[0][0], document=DOCUMENT, **given
    ).pk  # fmt: skip


def _seal(office: Department, given: dict[str, Any]) -> UUID | None:
    try:
        application_id = _apply(office, given)
    except ApplicationRefused:  # applied for before, and still waiting for a person
        return None
    seal = decide_application(actor=REGISTRAR, application_id=application_id, approve=True).seal
    assert seal is not None
    make_seal(actor=REGISTRAR, seal_id=seal.pk)
    register_seal(actor=REGISTRAR, seal_id=seal.pk)
    return seal.pk


def _further(office: Department) -> None:
    """The approval office's other seals; a use that waits for an answer; an application that waits for the registrar."""
    made = [_seal(office, given) for given in FURTHER]
    contract, clerks = made[-1], staff_of(office.pk, "clerk")
    if contract is not None and clerks:
        asked: dict[str, Any] = {
            "title": "大厅自助终端采购合同（示例）",
            "purpose": "与中标单位签订采购合同",
            "copies": 2,
        }
        request_use(actor=actor_of(account(clerks[0][0])), seal_id=contract, digest=sm3("示例合同".encode()), **asked)
    inner: dict[str, Any] = {"kind": "inner", "name": f"{office.name}政务服务股", "uses": ["letter"], "control": "one"}
    keepers = may_keep(office.pk)
    apply_for_seal(
        actor=_officer(office), keeper_id=keepers[0][0], document=DOCUMENT, reason="内设机构对外发出通知时使用", **inner
    )  # fmt: skip
