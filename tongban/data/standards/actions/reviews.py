"""From a draft to what holds: handed in by one, agreed to by another."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.standards.errors import StandardMoved, StandardRefused
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.queries import REVIEW, WRITE
from tongban.data.standards.rules import step_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

FAULTS = {
    "own": _("自己写的要由另一位同事审核。"),
    "empty": _("代码集里还没有代码。"),
    "reason": _("请写明为什么。"),
}


@transaction.atomic
def hand_in(*, actor: Actor, version_id: UUID) -> Version:
    """A draft to be looked at by another."""
    permit(actor, WRITE)
    version = _step(actor, version_id, "hand_in")
    version.status, version.handed_in_at, version.returned_because = Version.Status.IN_REVIEW, now(), ""
    version.save(update_fields=["status", "handed_in_at", "returned_because"])
    return _told("standards.handed_in", actor, version)


@transaction.atomic
def agree(*, actor: Actor, version_id: UUID) -> Version:
    """Published: it holds from its day on. Never by whoever wrote it last."""
    permit(actor, REVIEW)
    version = _step(actor, version_id, "agree")
    publish(version, actor)
    return _told("standards.published", actor, version)


@transaction.atomic
def send_back(*, actor: Actor, version_id: UUID, reason: str) -> Version:
    """Back to its writer, with a word why."""
    permit(actor, REVIEW)
    version = _step(actor, version_id, "send_back", reason)
    version.status, version.returned_because = Version.Status.DRAFT, reason.strip()[:300]
    version.save(update_fields=["status", "returned_because"])
    return _told("standards.sent_back", actor, version)


@transaction.atomic
def withdraw(*, actor: Actor, version_id: UUID, reason: str) -> Version:
    """A published version holds no longer, with a word why; the one before it holds again. What it said stays to be read."""
    permit(actor, REVIEW)
    version = _step(actor, version_id, "withdraw", reason)
    version.status, version.returned_because = Version.Status.WITHDRAWN, reason.strip()[:300]
    version.save(update_fields=["status", "returned_because"])
    return _told("standards.withdrawn", actor, version)


def publish(version: Version, actor: Actor) -> None:
    """Its digest covers what it says; that of a code set, its codes too."""
    codes = version.values.order_by("code").values_list("code", "name", "parent", "note")
    said = {"content": version.content, "codes": [list(one) for one in codes]}
    version.status, version.published_at = Version.Status.PUBLISHED, now()
    version.reviewed_by, version.digest = actor.account_id, sm3(canonical(said))
    version.save(update_fields=["status", "published_at", "reviewed_by", "digest"])
    Standard.objects.filter(pk=version.standard_id).update(name=version.content["name"])


def _step(actor: Actor, version_id: UUID, step: str, reason: str | None = None) -> Version:
    version = find(Version.objects.select_related("standard").select_for_update(of=("self",)), pk=version_id)
    empty = version.standard.kind == Standard.Kind.CODE_SET and not version.values_count
    is_own = version.drafted_by is not None and version.drafted_by in actor.names
    faults = step_faults(step, status=version.status, is_own=is_own, is_empty=empty, reason=reason)
    if "moved" in faults:
        raise StandardMoved
    if faults:
        raise StandardRefused(
            reasons=[Reason(code, FAULTS[code], "reason" if code == "reason" else "") for code in faults]
        )
    return version


def _told(fact: str, actor: Actor, version: Version) -> Version:
    data = {"key": version.standard.key, "version": version.version}
    record(fact, actor=actor, subject=f"standard:{version.standard_id}", data=data)
    return version
