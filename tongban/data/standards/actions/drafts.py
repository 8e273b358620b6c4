"""Writing a standard: its first version, the next one from the one before, and changing what is still a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.standards.errors import DraftChanged, StandardMoved, StandardRefused
from tongban.data.standards.gateways import copy_values
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.queries import WRITE, set_keys
from tongban.data.standards.rules import content_faults, mark_of
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.unseen import seen

TAKEN = Reason("taken", _("这个标识已经有了。"), "key")
OPEN = (Version.Status.DRAFT, Version.Status.IN_REVIEW)
FAULTS = {
    "missing": _("请填写这一项。"),
    "too_long": _("这一项太长了。"),
    "unknown": _("没有这一项。"),
    "data_type": _("没有这种数据类型。"),
    "format": _("表示格式要像 an..18、n8、a..30、n..16,2 这样写。"),
    "code_set": _("没有这个代码集，或者它还没有发布。"),
}


@transaction.atomic
def begin_standard(
    *, actor: Actor, kind: str, key: str, content: Mapping[str, Any], effective_on: date | None
) -> Version:
    """A new code set or data element with its first draft. Raises `StandardRefused` with every reason."""
    permit(actor, WRITE)
    key, said = seen(key), trimmed(content)
    reasons = check(kind, said, effective_on)
    if not key or len(key) > 40:
        reasons.append(Reason("key", _("请给一个标识，最长 40 个字符，如 GB/T 2261.1。"), "key"))
    if Standard.objects.filter(kind=kind, key=key).exists():
        reasons.append(TAKEN)
    if kind not in Standard.Kind.values:
        reasons.append(Reason("kind", _("没有这种数据标准。"), "kind"))
    if reasons or effective_on is None:
        raise StandardRefused(reasons=reasons)
    standard, made = Standard.objects.get_or_create(
        kind=kind, key=key, defaults={"name": said["name"], "made_at": now()}
    )
    if not made:  # somebody else a moment ago
        raise StandardRefused(reasons=[TAKEN])
    version = Version.objects.create(
        standard=standard, version=1, effective_on=effective_on, drafted_by=actor.account_id, content=said
    )
    record("standards.drafted", actor=actor, subject=f"standard:{standard.pk}", data={"key": key, "version": 1})
    return version


@transaction.atomic
def begin_version(*, actor: Actor, standard_id: UUID, effective_on: date) -> Version:
    """The next version, beginning as the newest one says it. Refused while another is on its way."""
    permit(actor, WRITE)
    standard = find(Standard.objects.select_for_update(), pk=standard_id)
    last = standard.versions.order_by("-version").first()
    if last is None or last.status in OPEN:
        raise StandardMoved
    version = Version.objects.create(
        standard=standard, version=last.version + 1, effective_on=effective_on, drafted_by=actor.account_id,
        content=last.content, values_count=last.values_count,
    )  # fmt: skip
    copy_values(last.pk, version.pk)
    record(
        "standards.drafted", actor=actor, subject=f"standard:{standard.pk}",
        data={"key": standard.key, "version": version.version},
    )  # fmt: skip
    return version


@transaction.atomic
def change_draft(
    *, actor: Actor, version_id: UUID, content: Mapping[str, Any], effective_on: date | None, mark: str | None = None
) -> Version:
    """What a draft says of itself, and from when; its codes are changed one by one (`put_value`) or by a file.

    `mark`: of the draft it was written over (`mark_of`); raises `DraftChanged` when somebody has saved another since.
    """
    version = draft(actor, version_id)
    said = trimmed(content)
    reasons = check(version.standard.kind, said, effective_on)
    if reasons or effective_on is None:
        raise StandardRefused(reasons=reasons)
    if mark is not None and mark != mark_of(version.content, version.effective_on):
        raise DraftChanged
    version.content, version.effective_on = said, effective_on
    version.drafted_by = actor.account_id  # who wrote last is not the one to agree to it
    version.save(update_fields=["content", "effective_on", "drafted_by"])
    record(
        "standards.changed", actor=actor, subject=f"standard:{version.standard_id}", data={"version": version.version}
    )
    return version


@transaction.atomic
def drop_draft(*, actor: Actor, version_id: UUID) -> None:
    """A draft that is not wanted; a standard that never had another version goes with it."""
    version = draft(actor, version_id)
    standard, number = version.standard, version.version
    version.delete()
    record("standards.dropped", actor=actor, subject=f"standard:{standard.pk}", data={"version": number})
    if number == 1:
        standard.bindings.all().delete()
        standard.delete()


def draft(actor: Actor, version_id: UUID) -> Version:
    """A draft, locked, for whoever may write standards. Raises `StandardMoved` when it is no draft any more."""
    permit(actor, WRITE)
    version = find(Version.objects.select_related("standard").select_for_update(of=("self",)), pk=version_id)
    if version.status != Version.Status.DRAFT:
        raise StandardMoved
    return version


def trimmed(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, value in content.items() if (text := seen(str(value or "")))}


def check(kind: str, content: Mapping[str, Any], effective_on: date | None) -> list[Reason]:
    known = frozenset(set_keys()) if content.get("code_set") else frozenset()
    faults = content_faults(kind, content, known_sets=known)
    faults += [("effective_on", "missing")] if effective_on is None else []
    return [Reason(code, FAULTS[code], field) for field, code in faults]
