"""A flow changed in a BPMN modeller brought back: what would change is said first, then it is taken over, or refused with all reasons."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.drafting.actions import edit
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.whole import against_flow
from tongban.services.cases.queries.flows import LARGEST, NotOurDiagram, flow_read, reasons_against
from tongban.services.items.queries import by_part, told_differences

from .frame import frame


@audience(STAFF, VERB)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The page to choose a file, and with one what it would change. Keeps nothing."""
    context = frame(request, document_id, "flow") | {"most": LARGEST // 1024}
    if request.method == "POST":
        context |= _judged(context["draft"].content, request.FILES.get("file"))
    status = 422 if context.get("reasons") else 200
    return render(request, "authoring/flow/import.html", context, status=status)


def _judged(content: dict[str, Any], file: Any) -> dict[str, Any]:
    """What a file would change, or every reason why it is not taken over."""
    if file is None:
        return {"reasons": [_("请选择一个BPMN文件。")]}
    try:
        read = flow_read(file.read(LARGEST + 1))
    except NotOurDiagram as refusal:
        return {"reasons": reasons_against(refusal), "file": file.name}
    flow = {**(content.get("flow") or {}), **read}
    changed = {**content, "flow": flow}
    if reasons := against_flow(changed):
        return {"reasons": reasons, "file": file.name}
    groups = by_part(told_differences(content, changed))
    return {"file": file.name, "groups": groups, "flow_text": json.dumps(flow, ensure_ascii=False), "same": not groups}


@audience(STAFF, VERB)
@require_POST
def take_over(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Put the flow that was shown in the place of the draft's; refused when somebody changed the flow meanwhile."""
    draft = item_draft(request.actor, document_id)
    try:
        flow = json.loads(request.POST.get("flow", ""))
        revision = int(request.POST.get("revision", ""))
    except (ValueError, RecursionError):
        messages.error(request, _("没有收到要导入的流程，请重新选择文件。"))
        return redirect("authoring-flow-import", document_id)
    if not isinstance(flow, dict) or (reasons := against_flow({**draft.content, "flow": flow})):
        context = frame(request, document_id, "flow") | {"most": LARGEST // 1024}
        context["reasons"] = reasons if isinstance(flow, dict) else [_("没有收到要导入的流程，请重新选择文件。")]
        return render(request, "authoring/flow/import.html", context, status=422)
    ops = [{"op": "add", "path": "/flow", "value": flow}]
    try:
        edit(actor=request.actor, draft_id=draft.pk, revision=revision, ops=ops, label=_("导入BPMN流程图"))
    except TongbanError as error:
        if error.status in (401, 403, 404):
            raise
        context = frame(request, document_id, "flow") | {"most": LARGEST // 1024, "reasons": [str(error.title)]}
        return render(request, "authoring/flow/import.html", context, status=error.status)
    messages.success(request, _("流程已经按文件改好。不满意可以在本页撤销。"))
    return redirect("authoring-flow", document_id)


HERE = "console/authoring/<uuid:document_id>/flow/import/"
urlpatterns = [
    path(HERE, upload, name="authoring-flow-import"),
    path(f"{HERE}take-over/", take_over, name="authoring-flow-take-over"),
]
