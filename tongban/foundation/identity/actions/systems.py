"""Keys for departments' own systems."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.errors import AccountRefused
from tongban.foundation.identity.models import SystemClient
from tongban.foundation.identity.queries import key_hash
from tongban.foundation.identity.rules import SYSTEM_SCOPES
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

RIGHTS = "identity.manage_rights"


@transaction.atomic
def issue_system_key(
    *, actor: Actor, department_id: UUID | None, name: str, scopes: list[str], key: str = ""
) -> tuple[SystemClient, str]:
    """A key for a department's system and, this one time only, the key itself (`key` fixes it, for the demo city)."""
    permit(actor, RIGHTS)
    require_proof(actor)
    reasons = []
    if department_id is None:
        reasons.append(Reason("missing", _("请选择部门。"), "department"))
    if not name.strip():
        reasons.append(Reason("missing", _("请填写系统名称。"), "name"))
    if not scopes or set(scopes) - SYSTEM_SCOPES:
        reasons.append(Reason("scopes", _("请在可授予系统的权限中选择。"), "scopes"))
    if reasons:
        raise AccountRefused(reasons=reasons)
    key = key or f"tb_{secrets.token_urlsafe(32)}"
    client = SystemClient.objects.create(
        department_id=department_id, name=name.strip(), key_hash=key_hash(key), scopes=sorted(scopes),
        issued_by_id=actor.account_id if actor.kind == "staff" else None,
    )  # fmt: skip
    record("identity.system_key_issued", actor=actor, subject=client, data={"scopes": sorted(scopes)})
    return client, key


@transaction.atomic
def stop_system_key(*, actor: Actor, client_id: UUID) -> SystemClient:
    """The key opens nothing from this moment."""
    permit(actor, RIGHTS)
    client = find(SystemClient.objects.select_for_update(), pk=client_id)
    client.is_active = False
    client.save(update_fields=["is_active"])
    record("identity.system_key_stopped", actor=actor, subject=client)
    return client
