"""Seals that are valid by default. Other rooms may use these in their tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.seals.actions import (
    apply_for_seal,
    decide_application,
    make_seal,
    register_seal,
    request_use,
)
from tongban.foundation.seals.models import Application, Request, Seal

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department

SETTER_UP = installer("seals.see", "seals.apply", "seals.review")
SYSTEM = installer("seals.use")
DOCUMENT = "一份要用印的文件".encode()


def make_application(department: Department | None = None, *, actor: Actor = SETTER_UP, **changes: Any) -> Application:
    department = department or make_department()
    given = {
        "kind": "legal",
        "name": department.name,
        "uses": ["licence", "letter", "contract"],
        "control": "decision",
        "keeper_id": None,
        "reason": "办理政务服务事项需要",
        "document": "广安机编〔2024〕12号",
        "department_id": department.pk,
    }
    return apply_for_seal(actor=actor, **given | changes)


def make_approved(department: Department | None = None, **changes: Any) -> Seal:
    application = make_application(department, **changes)
    seal = decide_application(actor=SETTER_UP, application_id=application.pk, approve=True).seal
    assert seal is not None
    return seal


def make_used_seal(department: Department | None = None, **changes: Any) -> Seal:
    """A seal in use: applied for, approved, made and registered."""
    seal = make_approved(department, **changes)
    make_seal(actor=SETTER_UP, seal_id=seal.pk)
    return register_seal(actor=SETTER_UP, seal_id=seal.pk)


def make_request(actor: Actor, seal: Seal, **changes: Any) -> Request:
    given = {"title": "合作协议", "purpose": "与某单位签订合作协议", "copies": 2, "digest": sm3(DOCUMENT)}
    return request_use(actor=actor, seal_id=seal.pk, **given | changes)
