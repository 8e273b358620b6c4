"""Publishing licence types from definition files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.licences.errors import TYPE_WORDS, TypeRefused
from tongban.services.licences.models import LicenceType
from tongban.services.licences.queries.faults import definition_faults
from tongban.services.licences.queries.types import forget_types
from tongban.services.licences.rules.types import complete

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

DESIGN = "licences.design"


def _refusal(faults: list[tuple[str, str]]) -> TypeRefused:
    return TypeRefused(
        reasons=[Reason(f"licences.type_{code}", TYPE_WORDS[code] % {"path": path}, path) for path, code in faults]
    )


@transaction.atomic
def load_type(*, actor: Actor, definition: Mapping[str, Any]) -> LicenceType:
    """Check a definition and publish it as its version says. The same again changes nothing; a changed one is the next version."""
    permit(actor, DESIGN)
    faults = definition_faults(definition)
    if faults:
        raise _refusal(faults)
    content = complete(definition)
    digest = sm3(canonical({key: value for key, value in content.items() if key != "version"}))
    versions = LicenceType.objects.select_for_update().filter(code=content["code"]).order_by("-version")
    newest = versions.first()
    published = versions.filter(status=LicenceType.Status.PUBLISHED).first()
    if published is not None and published.digest == digest:
        return published
    row = LicenceType.objects.create(
        code=content["code"],
        name=content["name"],
        version=max(content["version"], newest.version + 1 if newest else 1),
        status=LicenceType.Status.PUBLISHED,
        effective_on=content["effective_on"],
        published_at=now(),
        content=content,
        digest=digest,
    )
    row.refresh_from_db(fields=["effective_on"])
    forget_types()
    record("licences.type_published", actor=actor, subject=row, data={"code": row.code, "version": row.version})
    return row
