"""Materials at the counter: paper taken, a scan, a file of an earlier case, a promise, a waiver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.foundation.files.actions import store
from tongban.foundation.files.queries import described
from tongban.foundation.kernel.errors import Reason, Refused
from tongban.services.cases.actions import attach_to_draft, detach_from_draft
from tongban.services.cases.portal.papers import cards
from tongban.services.cases.queries import earlier_files, stand_ins_of
from tongban.services.cases.rules import WITH_FILE
from tongban.services.cases.rules.materials import (
    EARLIER,
    ELECTRONIC_ONLY,
    OPTIONAL,
    PAPER,
    PROMISE,
    SCAN,
    WAIVED,
    is_the_form,
    waivers_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.portal.application import Application

WAYS = {"paper": PAPER, "promise": PROMISE, "waived": WAIVED}
NAMES = {way: name for name, way in WAYS.items()}


def cards_of(actor: Actor, application: Application) -> list[dict[str, Any]]:
    """Each material with what was handed in and the ways that are open at a counter."""
    names = [material["name"] for material in application.leaf.materials]
    found = cards(actor, application, earlier_files(actor, names, application.draft))
    shown = described(row["file_id"] for card in found for row in card["rows"] if row.get("file_id"))
    for card in found:
        rows, material = card["rows"], card["material"]
        card["files"] = [
            (place, row, shown.get(row["file_id"])) for place, row in enumerate(rows) if row.get("file_id")
        ]
        card["how"] = _how(rows)[0]
        card["announced"] = _is_announced(rows)
        card["copies"] = (rows[0].get("copies") if rows else 0) or material.get("copies") or 1
        card["may_bring_paper"] = material.get("format") != ELECTRONIC_ONLY
        card["may_promise"] = card["may_promise"] or card["how"] == "promise"
        card["may_waive"] = bool(waivers_of(material))
    return found


def hand_over(request: HttpRequest, application: Application) -> list[Reason]:
    """Do what the page says of each material; the reasons of what could not be done."""
    reasons = []
    asked = application.leaf.materials
    standing = stand_ins_of(application.draft, asked, request.actor) if request.POST.get("_do") == "all-paper" else {}
    for material in asked:
        if is_the_form(material):
            continue
        try:
            _one(request, application, material, stands=material["key"] in standing)
        except Refused as refusal:
            found = refusal.reasons or [Reason(refusal.code, refusal.text)]
            reasons += [Reason(one.code, one.text, f"materials.{material['key']}") for one in found]
    return reasons


def _one(request: HttpRequest, application: Application, material: dict[str, Any], *, stands: bool) -> None:
    post, key = request.POST, material["key"]
    where = {"actor": request.actor, "draft_id": application.draft.pk, "key": key}
    rows = application.draft.materials.get(key) or []
    if uploads := request.FILES.getlist(f"file-{key}"):
        for file in uploads:
            stored = store(actor=request.actor, upload=file, name=file.name or "", purpose="material")
            attach_to_draft(**where, way=SCAN, file_id=stored.pk)
    elif post.get("_do", "").startswith(f"drop:{key}:"):
        place = post["_do"].rpartition(":")[2]
        detach_from_draft(**where, position=int(place) if place.isdecimal() else -1)
    elif post.get("_do", "").startswith(f"earlier:{key}:"):
        _take_earlier(application, material, where, post["_do"].rpartition(":")[2])
    elif f"how-{key}" in post and not any(row["way"] in WITH_FILE for row in rows):
        how = post[f"how-{key}"] or ("" if stands else _of_the_rest(post, material))
        _say_how(material, where, rows, how, _number(post.get(f"copies-{key}", "")))


def _of_the_rest(post: Mapping[str, str], material: dict[str, Any]) -> str:
    """One button takes in all paper that has to come and that nothing was said about."""
    is_asked = material.get("need") != OPTIONAL and material.get("format") != ELECTRONIC_ONLY
    return "paper" if post.get("_do") == "all-paper" and is_asked else ""


def _take_earlier(application: Application, material: dict[str, Any], where: dict[str, Any], file_id: str) -> None:
    offered = earlier_files(where["actor"], [material["name"]], application.draft).get(material["name"], [])
    source = next((one["project_no"] for one in offered if one["file_id"] == file_id), "")
    attach_to_draft(**where, way=EARLIER, file_id=file_id, source=source)


def _say_how(
    material: dict[str, Any], where: dict[str, Any], rows: list[dict[str, Any]], how: str, copies: int
) -> None:
    copies = copies if how == "paper" else 0
    if (how, copies) == _how(rows):
        return
    if how not in WAYS:
        detach_from_draft(**where)
        return
    modes = waivers_of(material)
    waiver = modes[0] if how == "waived" and modes else ""
    attach_to_draft(**where, way=WAYS[how], copies=copies, waive_mode=waiver)


def _is_announced(rows: list[dict[str, Any]]) -> bool:
    """Whether the applicant said he would bring the paper and no clerk has counted it yet."""
    return bool(rows) and rows[0]["way"] == PAPER and not rows[0].get("copies")


def _how(rows: list[dict[str, Any]]) -> tuple[str, int]:
    """What the clerk said of a material, and how many copies he counted."""
    if not rows or _is_announced(rows):
        return "", 0
    return NAMES.get(rows[0]["way"], ""), rows[0].get("copies", 0)


def unconfirmed(application: Application) -> list[Reason]:
    """Paper the applicant announced online and nobody has seen."""
    given = application.draft.materials
    return [
        Reason(
            "cases.paper_not_seen",
            _("请确认收到纸质材料：%(name)s") % {"name": material["name"]},
            f"materials.{material['key']}",
        )
        for material in application.leaf.materials
        if _is_announced(given.get(material["key"]) or [])
    ]


def _number(text: str) -> int:
    return min(max(int(text), 1), 999) if text.isascii() and text.isdigit() and len(text) < 4 else 1
