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
from tongban.foundation.layouts.queries import faults_in
from tongban.services.licences.errors import TYPE_WORDS, TypeRefused
from tongban.services.licences.models import LicenceType
from tongban.services.licences.queries.types import forget_types
from tongban.services.licences.rules.drawing import GAPS, gaps_in, seals_off_page, without_seals
from tongban.services.licences.rules.types import complete, type_faults

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

DESIGN = "licences.design"


def _refusal(faults: list[tuple[str, str]]) -> TypeRefused:
    return TypeRefused(
        reasons=[Reason(f"licences.type_{code}", TYPE_WORDS[code] % {"path": path}, path) for path, code in faults]
    )


def _faults_of_pages(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What keeps the type's own pages from being drawn, so that no licence meets it later."""
    pages = content["pages"]
    if not pages:
        return []
    faults = [(reason.field, "pages") for reason in faults_in(without_seals(pages))]
    if faults:
        return faults
    unknown = gaps_in(pages) - GAPS - {field["key"] for field in content["fields"]}
    return [*((gap, "pages_gap") for gap in sorted(unknown)), *([("seal", "pages")] if seals_off_page(pages) else [])]


@transaction.atomic
def load_type(*, actor: Actor, definition: Mapping[str, Any]) -> LicenceType:
    """Check a definition and publish it as its version says. The same again changes nothing; a changed one is the next version."""
    permit(actor, DESIGN)
    faults = type_faults(definition)
    if faults:
        raise _refusal(faults)
    content = complete(definition)
    faults = _faults_of_pages(content)
    if faults:
        raise _refusal(faults)
    digest = sm3(canonical({key: value for key, value in content.items() if key != "version"}))
    newest = LicenceType.objects.select_for_update().filter(code=content["code"]).order_by("-version").first()
    if newest is not None and newest.digest == digest:
        return newest
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
