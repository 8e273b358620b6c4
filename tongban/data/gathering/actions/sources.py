"""Connecting a department's database or folder. It is asked once before it is kept, and its secret is kept encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceRefused
from tongban.data.gathering.gateways import KINDS, reader
from tongban.data.gathering.models import Source
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

MANAGE = "gathering.manage"
NEEDED = {
    "postgresql": ("host", "dbname"),
    "mysql": ("host", "database"),
    "sqlite": ("path",),
    "files": ("folder",),
}
SECRETS = ("user", "password")


def connect_source(
    *,
    actor: Actor,
    title: str,
    kind: str,
    place: Mapping[str, Any],
    secret: Mapping[str, Any],
    department_id: UUID,
    system_id: UUID | None = None,
) -> Source:
    """Keep a source that answers. Raises `SourceRefused` with every reason, or `SourceAway` when it does not answer."""
    permit(actor, MANAGE, department_id=department_id)
    require_proof(actor)
    _check(title, kind, place, secret)
    with reader(kind, place, secret) as opened:
        opened.tables()
    with transaction.atomic():
        source = Source.objects.create(
            title=title.strip(),
            kind=kind,
            place=dict(place),
            secret=dict(secret),
            department_id=department_id,
            system_id=system_id,
            made_at=now(),
            answered_at=now(),
        )
        record("gathering.source_connected", actor=actor, subject=f"source:{source.pk}", data={"kind": kind})
    return source


def change_source(*, actor: Actor, source_id: UUID, place: Mapping[str, Any], secret: Mapping[str, Any]) -> Source:
    """Another address or another account. An empty secret keeps the one there is."""
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    require_proof(actor)
    kept = dict(secret) or source.secret
    _check(source.title, source.kind, place, kept)
    with reader(source.kind, place, kept) as opened:
        opened.tables()
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source_id)
        source.place, source.secret, source.answered_at = dict(place), kept, now()
        source.save(update_fields=["place", "secret", "answered_at"])
        record("gathering.source_changed", actor=actor, subject=f"source:{source.pk}", data={"kind": source.kind})
    return source


def _check(title: str, kind: str, place: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
    reasons = []
    if not title.strip():
        reasons.append(Reason("title", _("请给这个数据来源起个名字。"), "title"))
    if kind not in KINDS:
        reasons.append(Reason("kind", _("不支持这种数据来源。"), "kind"))
    missing = [name for name in NEEDED.get(kind, ()) if not str(place.get(name) or "").strip()]
    reasons += [Reason("missing", _("这一项不能为空。"), name) for name in missing]
    secrets = [name for name in place if name in SECRETS]
    reasons += [Reason("secret", _("账号和口令请填在专门的位置，那里会加密保存。"), name) for name in secrets]
    if reasons:
        raise SourceRefused(reasons=reasons)
