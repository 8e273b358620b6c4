"""Standards as officials write them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tongban.data.standards import actions
from tongban.data.standards.models import Version
from tongban.data.standards.rules import Code
from tongban.foundation.kernel.actors import Actor, Scope, installer

LOADER = installer("standards.write", "standards.review")
SEXES = [Code("1", "男性"), Code("2", "女性")]


def keeper(*verbs: str, department_id: UUID | None = None) -> Actor:
    """A member of staff who holds these verbs everywhere."""
    return Actor(kind="staff", account_id=uuid4(), department_id=department_id, grants=dict.fromkeys(verbs, Scope.ALL))


def make_set(
    key: str = "GB/T 2261.1", codes: list[Code] = SEXES, on: date = date(2020, 1, 1), **content: Any
) -> Version:
    """A published code set."""
    actions.publish_set(
        actor=LOADER, kind="code_set", key=key, content={"name": "人的性别代码"} | content, on=on, codes=codes
    )
    return Version.objects.get(standard__key=key)


def make_draft(writer: Actor, key: str = "SX", **content: Any) -> Version:
    return actions.begin_standard(
        actor=writer, kind="code_set", key=key, content={"name": "示例代码"} | content, effective_on=date(2026, 1, 1)
    )
