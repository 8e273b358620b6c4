"""The way of a definition among officials: drafted by one, reviewed and published by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Conflict, NotAllowed
from tongban.foundation.kernel.lookup import find
from tongban.services.items.errors import ItemRefused
from tongban.services.items.models import ItemVersion, ServiceItem

from .changed import touch
from .definitions import check_definition, reasons
from .listed import link_item

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Status = ItemVersion.Status


@transaction.atomic
def draft_version(*, actor: Actor, code: str, content: dict[str, Any]) -> ItemVersion:
    """Put a new text of an item on paper. Faults are allowed in a draft; they are named when it is handed in."""
    item = find(ServiceItem.objects.select_for_update(), code=code)
    permit(actor, "items.manage", department_id=item.department_id)
    newest = item.versions.order_by("-version").first()
    version = ItemVersion.objects.create(
        item=item,
        version=newest.version + 1 if newest else 1,
        effective_on=content["effective_on"],
        drafted_by=actor.account_id,
        content=content | {"code": code},
    )
    record("items.drafted", actor=actor, subject=item, data={"version": version.version})
    return version


@transaction.atomic
def submit_for_review(*, actor: Actor, version_id: UUID) -> ItemVersion:
    """Hand a draft in. Refused with every finding when it breaks rules."""
    version = _locked(version_id, {Status.DRAFT})
    permit(actor, "items.manage", department_id=version.item.department_id)
    content, findings = check_definition({**version.content, "version": version.version})
    if findings:
        raise ItemRefused(reasons=reasons(findings))
    version.content, version.digest, version.status = content, sm3(canonical(content)), Status.IN_REVIEW
    version.save(update_fields=["content", "digest", "status"])
    record("items.submitted", actor=actor, subject=version.item, data={"version": version.version})
    return version


@transaction.atomic
def publish_version(*, actor: Actor, version_id: UUID) -> ItemVersion:
    """Publish what another person drafted. From its day on new cases follow it; running cases keep theirs."""
    version = _locked(version_id, {Status.IN_REVIEW})
    permit(actor, "items.manage", department_id=version.item.department_id)
    if version.drafted_by == actor.account_id:
        raise NotAllowed(_("起草人不能审核自己起草的事项，请由另一位同事审核发布。"))
    version.status, version.reviewed_by, version.published_at = Status.PUBLISHED, actor.account_id, now()
    version.save(update_fields=["status", "reviewed_by", "published_at"])
    link_item(version.item, version.content["task_name"])
    touch()
    record(
        "items.published",
        actor=actor,
        subject=version.item,
        data={"version": version.version, "digest": version.digest, "effective_on": version.effective_on.isoformat()},
    )
    return version


@transaction.atomic
def set_status(*, actor: Actor, code: str, status: str, reason: str) -> ServiceItem:
    """Suspend, take up again or cancel an item. A cancelled item's code is frozen for good."""
    item = find(ServiceItem.objects.select_for_update(), code=code)
    permit(actor, "items.manage", department_id=item.department_id)
    if item.status == ServiceItem.Status.CANCELLED:
        raise Conflict(_("这个事项已经取消，不能再启用。需要时请新建事项。"))
    item.status = ServiceItem.Status(status)
    item.save(update_fields=["status"])
    touch()
    record("items.status_set", actor=actor, subject=item, data={"status": status, "reason": reason})
    return item


def _locked(version_id: UUID, expected: set[str]) -> ItemVersion:
    version = find(ItemVersion.objects.select_for_update(of=("self",)).select_related("item"), pk=version_id)
    if version.status not in expected:
        raise Conflict
    return version
