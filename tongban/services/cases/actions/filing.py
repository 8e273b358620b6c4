"""Stored files as this room needs them: one's own to hand in, then open to the department that handles the case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.files.actions import admit_departments, attach, detach
from tongban.foundation.files.queries import stored, visible_to
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

__all__ = ["admit_departments", "attach", "detach", "open_to_department", "own_files", "stored"]


def own_files(actor: Actor, wanted: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Stored files by id, of (field, file id) pairs; refused, naming each field, unless all may be used by the actor. One query."""
    pairs = [(field, str(file_id)) for field, file_id in wanted]
    if not pairs:
        return {}
    found = {
        str(row.pk): row for row in visible_to(actor).filter(pk__in=[key for _field, key in pairs if _is_uuid(key)])
    }
    if missing := [field for field, key in pairs if key not in found]:
        text = _("没有找到这个文件，请重新上传。")
        raise CaseRefused(reasons=[Reason("cases.file_unknown", text, field) for field in missing])
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def open_to_department(file_ids: Iterable[UUID], subject: str, owner_id: UUID | None, department_id: UUID) -> None:
    """From now on the department that handles the case may open these files."""
    for file_id in dict.fromkeys(file_ids):
        attach(file_id, subject, owner_id, [department_id])
