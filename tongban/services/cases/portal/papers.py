"""Materials: each with what is wanted and the ways to hand it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.files.actions import store
from tongban.foundation.kernel.errors import NotFound, Reason, Refused, TongbanError
from tongban.services.cases.actions import attach_to_draft, detach_from_draft, take_licences
from tongban.services.cases.queries import draft_for, earlier_files, offers_of, picked, stand_ins_of
from tongban.services.cases.rules import (
    LICENCE,
    WITH_FILE,
    handed_in,
    is_the_form,
    material_faults,
    may_be_promised,
    of_legal_person,
    says_licence,
    tolerance_days,
    waivers_of,
)
from tongban.services.licences.queries import briefs_of

from .application import Application, application_of, on_draft

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PAPER, UPLOAD, PROMISE, EARLIER, WAIVED = "1", "2", "4", "6", "7"
WAYS = {"paper": PAPER, "promise": PROMISE, "licence": LICENCE, "waive": WAIVED}


def cards(actor: Actor, application: Application, earlier: dict[str, list[Any]] | None = None) -> list[dict[str, Any]]:
    """Each material with what was handed in, the licence that stands for it, and what may still be done about it.

    `licence`: it need not be handed in. `may_use`: those that could stand for it, too. `gone`: one that was counted on and fell
    away. `his_to_lend`: nothing is here, for it would be the legal representative's.
    """
    draft, found = application.draft, []
    offered = offers_of(draft, application.leaf.materials, actor)
    standing = picked(offered, draft.materials)
    counted_on = briefs_of(row.get("licence_id") for rows in draft.materials.values() for row in rows)
    for material in application.leaf.materials:
        if is_the_form(material):
            continue
        given = draft.materials.get(material["key"]) or []
        licence = standing.get(material["key"])
        counted = handed_in(material, given, licence is not None)
        said = [row for row in given if says_licence(row, material)]
        rows = [row for row in given if row not in said]
        stands = licence is not None and any(row["way"] == LICENCE for row in counted)
        found.append(
            {
                "material": material,
                "rows": rows,
                "licence": licence if stands else None,
                "may_use": [
                    one for one in offered.get(material["key"], []) if not rows and not (stands and one == licence)
                ],
                "his_to_lend": not offered.get(material["key"]) and of_legal_person(material, draft.applicant_kind),
                "gone": None if licence else next((_gone(row, counted_on) for row in said), None),
                "earlier": (earlier or {}).get(material["name"], []),
                "needed": material.get("need") != "2",
                "may_upload": all(row["way"] in WITH_FILE for row in rows),
                "may_bring_paper": material.get("format") in ("1", "3") and not rows,
                "may_promise": may_be_promised(material) and not rows,
                "promise_days": tolerance_days(material),
                "may_waive": bool(waivers_of(material)) and not rows and not stands,
            }
        )
    return found


def _gone(row: dict[str, Any], counted_on: dict[UUID | None, Any]) -> Any:
    """The licence a draft counted on, as it is now; something all the same when nobody knows it any more."""
    return counted_on.get(UUID(row["licence_id"])) if row.get("licence_id") else {"name": row.get("name", "")}


def _page(request: HttpRequest, application: Application, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    earlier = earlier_files(actor, [m["name"] for m in application.leaf.materials])
    context = application.frame("materials", cards=cards(actor, application, earlier), error=error)
    return render(request, "cases/portal/materials.html", context, status=error.status if error else 200)


@on_draft
def materials_page(request: HttpRequest, application: Application) -> HttpResponse:
    if request.method == "POST":
        asked = application.leaf.materials
        actor = request.actor  # type: ignore[attr-defined]
        draft = take_licences(actor=actor, draft_id=application.draft.pk, materials=asked)
        missing = material_faults(asked, draft.materials, stand_ins_of(draft, asked, actor))
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
    actor = request.actor  # type: ignore[attr-defined]
    fresh = application_of(draft_for(actor, application.draft.pk))
    if request.headers.get("X-Card"):
        card = next(card for card in cards(actor, fresh) if card["material"]["key"] == key)
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
    elif what in WAYS:
        way = WAYS[what]
        modes = waivers_of(material) if what == "waive" else []
        licence_id = (request.POST.get("licence_id") or None) if what == "licence" else None
        attach_to_draft(**where, way=way, waive_mode=modes[0] if modes else "", licence_id=licence_id)
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
