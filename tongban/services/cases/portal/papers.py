"""Materials: each with what is wanted and the ways to hand it in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.files.actions import store
from tongban.foundation.kernel.errors import NotFound, Reason, Refused, TongbanError
from tongban.services.cases.actions import attach_to_draft, detach_from_draft
from tongban.services.cases.queries import draft_for, earlier_files
from tongban.services.cases.rules import WITH_FILE, is_the_form, material_faults, may_be_promised, tolerance_days

from .application import Application, application_of, on_draft

PAPER, UPLOAD, PROMISE, EARLIER, WAIVED = "1", "2", "4", "6", "7"


def cards(application: Application, earlier: dict[str, list[Any]] | None = None) -> list[dict[str, Any]]:
    """Each material with what was handed in and what may still be done about it."""
    found = []
    for material in application.leaf.materials:
        if is_the_form(material):
            continue
        rows = application.draft.materials.get(material["key"]) or []
        found.append(
            {
                "material": material,
                "rows": rows,
                "earlier": (earlier or {}).get(material["name"], []),
                "needed": material.get("need") != "2",
                "may_upload": all(row["way"] in WITH_FILE for row in rows),
                "may_bring_paper": material.get("format") in ("1", "3") and not rows,
                "may_promise": may_be_promised(material) and not rows,
                "promise_days": tolerance_days(material),
                "may_waive": bool(material.get("waive")) and not rows,
            }
        )
    return found


def _page(request: HttpRequest, application: Application, error: TongbanError | None = None) -> HttpResponse:
    earlier = earlier_files(request.actor, [m["name"] for m in application.leaf.materials])  # type: ignore[attr-defined]
    context = application.frame("materials", cards=cards(application, earlier), error=error)
    return render(request, "cases/portal/materials.html", context, status=error.status if error else 200)


@on_draft
def materials_page(request: HttpRequest, application: Application) -> HttpResponse:
    if request.method == "POST":
        missing = material_faults(application.leaf.materials, application.draft.materials)
        if not missing:
            return redirect(application.address("delivery"))
        reasons = [
            Reason(fault.code, _("请交“%(name)s”，或选择其他办法。") % {"name": fault.name}, fault.key)
            for fault in missing
        ]
        return _page(request, application, Refused(_("还有材料没有交。"), reasons=reasons))
    return _page(request, application)


@require_POST
@on_draft
def hand_in(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    """One thing done about one material; then the page again, at that material. A script gets only its card."""
    material = next((m for m in application.leaf.materials if m["key"] == key), None)
    if material is None:
        raise NotFound
    error = None
    try:
        _do(request, application, material)
    except Refused as refusal:
        texts = [reason.text for reason in refusal.reasons] or [refusal.text]
        error = Refused(_("文件没有收下。"), reasons=[Reason(refusal.code, text, key) for text in texts])
    fresh = application_of(draft_for(request.actor, application.draft.pk))  # type: ignore[attr-defined]
    if request.headers.get("X-Card"):
        card = next(card for card in cards(fresh) if card["material"]["key"] == key)
        context = fresh.frame("materials", card=card, error=error)
        return render(request, "cases/portal/material_card.html", context, status=error.status if error else 200)
    if error:
        return _page(request, fresh, error)
    return redirect(f"{fresh.address('materials')}#f-{key}")


def _do(request: HttpRequest, application: Application, material: dict[str, Any]) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    where = {"actor": actor, "draft_id": application.draft.pk, "key": material["key"]}
    what = request.POST.get("do", "upload")
    if what == "upload":
        upload(request, where)
    elif what == "remove":
        position = request.POST.get("position", "")
        detach_from_draft(**where, position=int(position) if position.isdecimal() else 0)
    elif what == "earlier":
        _take_earlier(request, material, where)
    elif what in ("paper", "promise", "waive"):
        way = {"paper": PAPER, "promise": PROMISE, "waive": WAIVED}[what]
        more = {"waive_mode": material["waive"][0]} if what == "waive" and material.get("waive") else {}
        attach_to_draft(**where, way=way, **more)
    else:
        raise Refused(_("没有这个办法，请刷新页面再试。"))


def upload(request: HttpRequest, where: dict[str, Any]) -> None:
    files = request.FILES.getlist("file")
    if not files:
        raise Refused(_("请先选择文件。"))
    for file in files:
        stored = store(actor=where["actor"], upload=file, name=file.name or "", purpose="material")
        attach_to_draft(**where, way=UPLOAD, file_id=stored.pk)


def _take_earlier(request: HttpRequest, material: dict[str, Any], where: dict[str, Any]) -> None:
    offered = earlier_files(where["actor"], [material["name"]]).get(material["name"], [])
    wanted = request.POST.get("file_id", "")
    found = next((one for one in offered if str(one["file_id"]) == wanted), None)
    if found is None:
        raise Refused(_("没有找到这份以前交过的材料，请重新选择。"))
    attach_to_draft(**where, way=EARLIER, file_id=UUID(wanted), source=found["project_no"])
