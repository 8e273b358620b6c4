"""What every page of a draft shows around its part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from tongban.foundation.drafting.queries import can_undo, open_comments
from tongban.services.authoring.queries import all_findings, item_draft, link

from .tabs import tabs_of


def frame(request: HttpRequest, document_id: UUID, current: str) -> dict[str, Any]:
    """Context of `authoring/frame.html`: draft, content, tabs, findings (with links), undo, remarks by path."""
    actor = request.actor
    draft = item_draft(actor, document_id)
    findings = all_findings(draft)
    undo, redo = can_undo(actor, draft.pk)
    remarks = open_comments(actor, draft.pk)
    return {
        "draft": draft,
        "content": draft.content,
        "tab": current,
        "tabs": tabs_of(draft.pk, current, findings),
        "findings": [(finding, link(draft.pk, finding.path)) for finding in findings],
        "can_undo": undo,
        "can_redo": redo,
        "remarks_at": remarks,
        "remarks": sum(remarks.values()),
        "item_name": draft.content.get("plain_name") or draft.content.get("task_name") or draft.title,
    }
