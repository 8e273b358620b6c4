"""Messages that are valid by default."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from tongban.foundation.drafting.models import Draft
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.notifications.actions import notify
from tongban.foundation.notifications.models import Message, MessageTemplate
from tongban.foundation.notifications.queries import KIND, VERB, fields_of_notice, standard_notice
from tongban.foundation.notifications.rules import written

WORDS = {"task_name": "公共场所卫生许可", "project_no": "示例编号", "department": "区卫健局", "until": "2026年11月28日"}


def make_person(**changes: object) -> Actor:
    return Actor(**{"kind": "person", "account_id": uuid7(), "person_id": uuid7(), "level": 2} | changes)


def make_operator() -> Actor:
    grants = {"notifications.see_outbox": Scope.ALL}
    return Actor(kind="staff", account_id=uuid7(), post_id=uuid7(), department_id=uuid7(), grants=grants)


def make_message(actor: Actor, template: str = "cases.accepted", **changes: object) -> Message:
    whose = {"account_id": actor.account_id} if actor.kind == "staff" else {"person_id": actor.person_id}
    return notify(**{"template": template, "data": WORDS, "link": "/my/"} | whose | changes)


def notice_text(code: str = "cases.accepted", **texts: Any) -> dict[str, Any]:
    """The standard text of a notice as officials edit it, with some of its texts replaced."""
    return {**written(standard_notice(code), fields_of_notice(code)), "code": code, **texts}


def make_notice_draft(*, department_id: UUID, code: str = "cases.accepted", **texts: Any) -> Draft:
    content = notice_text(code, **texts)
    return Draft.objects.create(
        kind=KIND, key=f"{code}:{department_id}", title=code, department_id=department_id, verb=VERB, content=content,
        base=content, created_by=uuid7(), created_at=now(), updated_at=now(),
    )  # fmt: skip


def make_notice(
    *, department_id: UUID, code: str = "cases.accepted", status: str = "in_review", version: int = 1, **content: Any
) -> MessageTemplate:
    """A department's own wording; `content` replaces texts of the standard."""
    return MessageTemplate.objects.create(
        code=code, department_id=department_id, version=version, status=status, effective_on=date(2026, 1, 1),
        drafted_by=uuid7(), content={**standard_notice(code), **content}, digest=uuid7().hex,
    )  # fmt: skip
