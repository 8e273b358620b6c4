"""Departments and the seats in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.identifiers import uscc_fault
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.errors import OrganisationRefused
from tongban.foundation.organisations.models import Department, Division, Post, Window
from tongban.foundation.organisations.rules import MANAGE, ROLES, department_key

from .typed import typed_reasons

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

DEPARTMENT_FIELDS = ("name", "short_name", "phone", "address", "duties", "is_active")


def _department_reasons(fields: dict[str, Any], *, division: str, but: UUID | None = None) -> list[Reason]:
    reasons = typed_reasons(Department, fields, {"name": _("全称"), "short_name": _("简称")})
    twins = Department.objects.filter(division=division, short_name=fields.get("short_name", "")).exclude(pk=but)
    if twins.exists():
        reasons.append(Reason("taken", _("这个简称已有部门在用，请换一个。"), "short_name"))
    return reasons


@transaction.atomic
def add_department(*, actor: Actor, code: str, division: str, code_invented: bool = False, **fields: Any) -> Department:
    """Open a department; `fields` are `DEPARTMENT_FIELDS`. Refused with every reason."""
    permit(actor, MANAGE)
    code = code.strip().upper()
    reasons = _department_reasons(fields, division=division)
    if uscc_fault(code):
        reasons.append(Reason("uscc", _("统一社会信用代码有误：应为18位，且校验位相符，请核对。"), "code"))
    elif Department.objects.filter(code=code).exists():
        reasons.append(Reason("taken", _("这个统一社会信用代码已有部门在用。"), "code"))
    if reasons:
        raise OrganisationRefused(reasons=reasons)
    opened = Department.objects.create(
        code=code, division=find(Division.objects, code=division), code_invented=code_invented,
        pinyin=department_key(fields["short_name"]), **fields,
    )  # fmt: skip
    record("organisations.department_added", actor=actor, subject=opened)
    return opened


@transaction.atomic
def change_department(*, actor: Actor, department_id: UUID, **fields: Any) -> Department:
    """Change some of `DEPARTMENT_FIELDS`. A department is never removed, only put out of use."""
    permit(actor, MANAGE)
    changed = find(Department.objects.select_for_update(), pk=department_id)
    reasons = _department_reasons(fields, division=changed.division_id, but=changed.pk)
    if reasons:
        raise OrganisationRefused(reasons=reasons)
    for name in DEPARTMENT_FIELDS:
        setattr(changed, name, fields.get(name, getattr(changed, name)))
    changed.pinyin = department_key(changed.short_name)
    changed.save()
    record("organisations.department_changed", actor=actor, subject=changed, data={"fields": sorted(fields)})
    return changed


@transaction.atomic
def add_post(*, actor: Actor, department_id: UUID, name: str, role: str) -> Post:
    permit(actor, MANAGE)
    department = find(Department.objects.select_for_update(), pk=department_id)
    reasons = typed_reasons(Post, {"name": name}, {"name": _("岗位名称")})
    if role not in ROLES:
        reasons.append(Reason("role", _("请选择岗位的职责。"), "role"))
    if department.posts.filter(name=name.strip()).exists():
        reasons.append(Reason("taken", _("本部门已有同名岗位，请换一个名称。"), "name"))
    if reasons:
        raise OrganisationRefused(reasons=reasons)
    post = Post.objects.create(department=department, name=name.strip(), role=role)
    record("organisations.post_added", actor=actor, subject=post, data={"role": role})
    return post


@transaction.atomic
def place_post(*, actor: Actor, post_id: UUID, window_id: UUID | str | None) -> Post:
    """Put a seat at a counter of a hall, or back at its desk: what flows send to that counter comes to it."""
    permit(actor, MANAGE)
    post = find(Post.objects.select_for_update(), pk=post_id)
    post.window = find(Window.objects, pk=window_id) if window_id else None
    post.save(update_fields=["window"])
    record("organisations.post_changed", actor=actor, subject=post, data={"window": str(window_id or "")})
    return post


@transaction.atomic
def set_post_in_use(*, actor: Actor, post_id: UUID, is_active: bool) -> Post:
    """Close a seat or open it again; whoever sits on a closed one has no rights from it."""
    permit(actor, MANAGE)
    post = find(Post.objects.select_for_update(), pk=post_id)
    post.is_active = is_active
    post.save(update_fields=["is_active"])
    record("organisations.post_changed", actor=actor, subject=post, data={"is_active": is_active})
    return post
