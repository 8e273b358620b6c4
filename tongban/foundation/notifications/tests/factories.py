"""Messages that are valid by default."""

from __future__ import annotations

from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.notifications.actions import notify
from tongban.foundation.notifications.models import Message

WORDS = {"task_name": "公共场所卫生许可", "project_no": "示例编号", "department": "区卫健局", "until": "2026年11月28日"}


def make_person(**changes: object) -> Actor:
    return Actor(**{"kind": "person", "account_id": uuid7(), "person_id": uuid7(), "level": 2} | changes)


def make_operator() -> Actor:
    grants = {"notifications.see_outbox": Scope.ALL}
    return Actor(kind="staff", account_id=uuid7(), post_id=uuid7(), department_id=uuid7(), grants=grants)


def make_message(actor: Actor, template: str = "cases.accepted", **changes: object) -> Message:
    whose = {"account_id": actor.account_id} if actor.kind == "staff" else {"person_id": actor.person_id}
    return notify(**{"template": template, "data": WORDS, "link": "/my/"} | whose | changes)
