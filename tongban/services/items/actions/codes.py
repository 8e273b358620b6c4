"""Codes are held for good: who holds one is told to whoever wants it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.items.errors import CLASHES
from tongban.services.items.models import ServiceItem
from tongban.services.items.queries.basic import free_code
from tongban.services.items.rules.codes import is_slug


def clashes(content: dict[str, Any], *, item: ServiceItem | None) -> list[Reason]:
    """Why the codes of a text cannot be those of `item` (None: of a new one)."""
    if item is None and not is_slug(str(content.get("code", ""))):
        return [_reason("code_unfit", "code", code=content.get("code", ""), free=free_code(_name(content)))]
    found = [] if item else _slug_clash(content)
    return found + _task_code_clash(content, item) + (_moved(content, item) if item else [])


def _name(content: dict[str, Any]) -> str:
    return str(content.get("plain_name") or content.get("task_name") or "")


def _slug_clash(content: dict[str, Any]) -> list[Reason]:
    holder = ServiceItem.objects.select_related("department").filter(code=content["code"]).first()
    if holder is None:
        return []
    return [_reason("code_taken", "code", **_held(holder), free=free_code(_name(content)))]


def _task_code_clash(content: dict[str, Any], item: ServiceItem | None) -> list[Reason]:
    """Two items never share an implementation code; a published item never changes it."""
    wanted = content.get("task_code") or ""
    if not wanted or (item and item.task_code == wanted):
        return []
    if item and item.task_code:
        return [_reason("task_code_fixed", "catalog_code", code=item.task_code)]
    holder = ServiceItem.objects.select_related("department").filter(task_code=wanted).first()
    return [_reason("task_code_taken", "catalog_code", **_held(holder, task_code=True))] if holder else []


def _moved(content: dict[str, Any], item: ServiceItem) -> list[Reason]:
    department = department_by_name(str(content.get("department", "")))
    if department is None or department.pk == item.department_id:
        return []
    return [_reason("department_fixed", "department", department=item.department.short_name)]


def _held(holder: ServiceItem, *, task_code: bool = False) -> dict[str, str]:
    newest = holder.versions.order_by("-version").first()
    frozen = holder.status_on(today()) == ServiceItem.Status.CANCELLED
    return {
        "code": holder.task_code if task_code else holder.code,
        "department": holder.department.short_name,
        "name": (newest.content.get("task_name") if newest else "") or holder.code,
        "state": _("，该事项已经取消，代码永久冻结") if frozen else "",
    }


def _reason(fault: str, path: str, **words: str) -> Reason:
    return Reason(fault, str(CLASHES[fault]) % words, path)
