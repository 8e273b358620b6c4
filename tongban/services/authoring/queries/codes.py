"""Codes that another item holds already, told while one writes and not only when one hands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tongban.services.items.actions import clashes
from tongban.services.items.errors import ItemNotFound
from tongban.services.items.queries import item_by_code

from .findings import Finding
from .words import tab_of

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.services.items.models import ServiceItem

RULE = "GB/T 39554.1—2020"
BASIC_CODE = 12


def code_clashes(draft: Draft) -> Iterator[Finding]:
    """Who holds the code this draft wants, or what about a published item's codes can no longer be changed."""
    content = {**draft.content, "code": draft.key, "task_code": _task_code(draft, draft.content)}
    for reason in clashes(content, item=_item(draft.key)):
        yield Finding(f"/{reason.field}", str(reason.text), RULE, tab_of(f"/{reason.field}"))


def _task_code(draft: Draft, content: Mapping[str, Any]) -> str:
    """The implementation code its parts come to; empty while one of them is not there yet."""
    level, basic = str(content.get("use_level") or ""), str(content.get("catalog_code") or "")
    whole = len(level) == 1 and len(basic) == BASIC_CODE
    return draft.department.code + level + basic if whole else ""


def _item(code: str) -> ServiceItem | None:
    try:
        return item_by_code(code)
    except ItemNotFound:
        return None
