"""The way of a definition among officials: drafted by one, reviewed and published by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_writer
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.items.errors import CLASHES, CodeTaken, ItemRefused, OwnWork, PublishRefused
from tongban.services.items.models import ItemVersion, ServiceItem
from tongban.services.items.queries.lifecycle import latest_published
from tongban.services.items.rules.lifecycle import faults_of_day

from .changed import touch
from .codes import clashes
from .definitions import check_definition, reasons
from .listed import link_item
from .story import Kind, keep, reason_given

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Status = ItemVersion.Status


@transaction.atomic
def draft_version(
    *,
    actor: Actor,
    code: str,
    content: dict[str, Any],
    is_new: bool = False,
    version_id: UUID | None = None,
    authors: Iterable[UUID] = (),
    draft_id: UUID | None = None,
    based_on: UUID | None = None,
) -> ItemVersion:
    """Put a new text of an item on paper; with `version_id`, another text of the same draft.

    Faults are allowed in a draft; they are named when it is handed in. `is_new` makes the item, whose code must be free:
    else `CodeTaken` says who holds it. `authors` are all who wrote in it, `based_on` the version it began as.
    """
    content = content | {"code": code}
    if version_id is not None:
        version = _locked(version_id, {Status.DRAFT})
        content["code"] = version.item.code
    else:
        version = _next_version(_begun(actor, content) if is_new else _item(code), based_on)
    permit(actor, "items.manage", department_id=version.item.department_id)
    version.effective_on, version.content, version.drafted_by = _day(content), content, actor.account_id
    version.draft_id = draft_id or version.draft_id
    version.authors = sorted({*version.authors, *map(str, authors), *_self(actor)})
    version.save()
    keep(Kind.DRAFTED, actor=actor, item=version.item, version=version)
    return version


def _next_version(item: ServiceItem, based_on: UUID | None) -> ItemVersion:
    newest = item.versions.order_by("-version").first()
    base = based_on or getattr(latest_published(item), "pk", None)
    return ItemVersion(item=item, version=newest.version + 1 if newest else 1, based_on_id=base)


def _self(actor: Actor) -> list[str]:
    return [str(actor.account_id)] if actor.account_id else []


def _item(code: str) -> ServiceItem:
    return find(ServiceItem.objects.select_for_update(of=("self",)).select_related("department"), code=code)


def _begun(actor: Actor, content: dict[str, Any]) -> ServiceItem:
    """The new item of its department, its code held from now on."""
    department = department_by_name(str(content.get("department", "")))
    if department is None:
        text = str(CLASHES["department_unknown"]) % {"department": content.get("department", "")}
        raise CodeTaken(reasons=[Reason("department_unknown", text, "department")])
    permit(actor, "items.manage", department_id=department.pk)
    if found := clashes(content, item=None):
        raise CodeTaken(reasons=found)
    item, is_ours = ServiceItem.objects.get_or_create(
        code=content["code"], defaults={"department": department, "division_id": department.division_id}
    )
    if not is_ours:  # somebody else took it in this very moment
        raise CodeTaken(reasons=clashes(content, item=None))
    return item


def _day(content: dict[str, Any]) -> date:
    try:
        return date.fromisoformat(str(content.get("effective_on", "")))
    except ValueError:
        return today()


@transaction.atomic
def submit_for_review(*, actor: Actor, version_id: UUID) -> ItemVersion:
    """Hand a draft in. Refused with every finding when it breaks rules or wants another item's code."""
    version = _locked(version_id, {Status.DRAFT})
    permit(actor, "items.manage", department_id=version.item.department_id)
    _into_review(version)
    keep(Kind.SUBMITTED, actor=actor, item=version.item, version=version)
    return version


def _into_review(version: ItemVersion) -> None:
    day = version.effective_on.isoformat()
    content, findings = check_definition({**version.content, "version": version.version, "effective_on": day})
    said = reasons(findings) + (clashes(content, item=version.item) if content else [])
    if said:
        raise ItemRefused(reasons=said)
    version.content, version.digest, version.status = content, sm3(canonical(content)), Status.IN_REVIEW
    version.save()


@transaction.atomic
def recall_version(*, actor: Actor, version_id: UUID) -> ItemVersion:
    """The drafter takes his draft out of review, to go on writing."""
    version = _locked(version_id, {Status.IN_REVIEW})
    permit(actor, "items.manage", department_id=version.item.department_id)
    if not _is_author(actor, version):
        raise OwnWork(_("只有起草人能收回送审。审核的同事请用“退回”，并写明原因。"))
    version.status = Status.DRAFT
    version.save(update_fields=["status"])
    keep(Kind.RECALLED, actor=actor, item=version.item, version=version)
    _tell_draft(actor, version)
    return version


@transaction.atomic
def return_version(*, actor: Actor, version_id: UUID, reason: str) -> ItemVersion:
    """The reviewer gives a draft back, saying what has to be put right."""
    version = _locked(version_id, {Status.IN_REVIEW})
    _permit_review(actor, version)
    said = reason_given(reason)
    version.status = Status.DRAFT
    version.save(update_fields=["status"])
    keep(Kind.RETURNED, actor=actor, item=version.item, version=version, reason=said)
    _tell_draft(actor, version)
    _tell_writers("returned", actor, version, why=said)
    return version


@transaction.atomic
def publish_version(*, actor: Actor, version_id: UUID, effective_on: date | None = None) -> ItemVersion:
    """Publish what other people wrote, from a day on (the draft's own). New cases follow it then; running ones keep theirs.

    A day in the past, or before that of a version already published, is refused; of two who publish at once, one does.
    """
    version = _locked(version_id, {Status.IN_REVIEW})
    _permit_review(actor, version)
    item = _item(version.item.code)  # the row every publication of this item goes through
    if item.status_on(today()) == ServiceItem.Status.CANCELLED:
        raise PublishRefused(reasons=[Reason("cancelled", str(CLASHES["cancelled"]), "")])
    day = effective_on or version.effective_on
    _permit_day(item, day)
    version.effective_on = day
    version.content = {**version.content, "effective_on": day.isoformat()}
    version.digest = sm3(canonical(version.content))
    version.status, version.reviewed_by, version.published_at = Status.PUBLISHED, actor.account_id, now()
    version.save()
    if not item.task_code:
        item.task_code = version.content["task_code"]
        item.save(update_fields=["task_code"])
    link_item(item, version.content["task_name"])
    touch()
    data = {"digest": version.digest, "effective_on": day.isoformat()}
    keep(Kind.PUBLISHED, actor=actor, item=item, version=version, from_on=day, fact=data)
    _tell_draft(actor, version)
    _tell_writers("published", actor, version, day=day)
    return version


def _tell_draft(actor: Actor, version: ItemVersion) -> None:
    """The room that owns the draft hears how the review ended."""
    if version.draft_id:
        record("items.review_ended", actor=actor, subject=version.item, data={"version": version.version})


def _tell_writers(outcome: str, actor: Actor, version: ItemVersion, *, why: str = "", day: date | None = None) -> None:
    code, number = version.item.code, version.version
    tell_writer(
        outcome, actor=actor, writers=[version.drafted_by, *version.authors], what=_("事项"),
        title=str(version.content.get("task_name", code)), subject=version.item,
        link=f"/console/items/{code}/versions/{number}/", why=why, day=day,
    )  # fmt: skip


def _permit_day(item: ServiceItem, day: date) -> None:
    last = latest_published(item)
    faults = faults_of_day(day, today=today(), last_on=last.effective_on if last else None)
    if faults:
        words = {"version": last.version if last else 0, "day": last.effective_on.isoformat() if last else ""}
        raise PublishRefused(reasons=[Reason(code, str(CLASHES[code]) % words, "effective_on") for code in faults])


@transaction.atomic
def take_back_version(*, actor: Actor, version_id: UUID, reason: str) -> ItemVersion:
    """Take a published version back before its day; the one before it simply goes on."""
    version = _locked(version_id, {Status.PUBLISHED})
    permit(actor, "items.manage", department_id=version.item.department_id)
    if version.effective_on <= today():
        raise PublishRefused(reasons=[Reason("in_force", str(CLASHES["in_force"]), "")])
    said = reason_given(reason)
    version.status = Status.WITHDRAWN
    version.save(update_fields=["status"])
    touch()
    keep(Kind.TAKEN_BACK, actor=actor, item=version.item, version=version, reason=said)
    return version


@transaction.atomic
def roll_back(
    *, actor: Actor, code: str, to_version: int, reason: str, effective_on: date | None = None
) -> ItemVersion:
    """Put an older version's text forward as the next version, for another person to review. History stays as it was."""
    item = _item(code)
    permit(actor, "items.manage", department_id=item.department_id)
    said = reason_given(reason)
    old = find(item.versions.filter(status=Status.PUBLISHED), version=to_version)
    newest = item.versions.order_by("-version").first()
    assert newest is not None
    day = max(effective_on or today(), today())
    version = ItemVersion(
        item=item,
        version=newest.version + 1,
        effective_on=day,
        drafted_by=actor.account_id,
        authors=_self(actor),
        content=old.content,
        based_on=old,
    )
    _into_review(version)
    keep(Kind.SUBMITTED, actor=actor, item=item, version=version, reason=said, data={"back_to": old.version})
    return version


def _permit_review(actor: Actor, version: ItemVersion) -> None:
    permit(actor, "items.manage", department_id=version.item.department_id)
    if _is_author(actor, version):
        raise OwnWork


def _is_author(actor: Actor, version: ItemVersion) -> bool:
    return actor.account_id == version.drafted_by or str(actor.account_id) in version.authors


def _locked(version_id: UUID, expected: set[str]) -> ItemVersion:
    rows = ItemVersion.objects.select_for_update(of=("self",)).select_related("item__department")
    version = find(rows, pk=version_id)
    if version.status not in expected:
        raise Conflict
    return version
