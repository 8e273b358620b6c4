"""Designing licence types (证照类型): the list, the designer with its page, the review by a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.drafting.actions import trash
from tongban.foundation.drafting.queries import can_undo, draft_for, drafts_of, open_comments, open_draft
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.layouts.actions import drawn_pages
from tongban.foundation.layouts.errors import PagesRefused, TypesettingFailed
from tongban.services.licences.actions import design_type, hand_in_type, publish_type, return_type
from tongban.services.licences.queries.designing import (
    KIND,
    MARKS,
    VERB,
    design_of,
    differences,
    drawn_draft,
    reasons_of_draft,
    too_long_in,
    type_draft,
    types_to_design,
    types_waiting,
)
from tongban.services.licences.rules.designing import (
    box_of,
    empty_pages,
    new_mark,
    rows_of,
    sample_values,
    standard_pages,
)
from tongban.services.licences.rules.drawing import GAP

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft

MASKS = {
    "": gettext_lazy("公开"), "name": gettext_lazy("遮姓名"), "id_number": gettext_lazy("遮证件号"),
    "phone": gettext_lazy("遮电话"), "address": gettext_lazy("遮地址"), "date": gettext_lazy("遮日期"),
    "all": gettext_lazy("全部遮住"),
}  # fmt: skip
TYPES = {"text": gettext_lazy("文字"), "long": gettext_lazy("长文字"), "date": gettext_lazy("日期"),
         "number": gettext_lazy("数字"), "code": gettext_lazy("代码")}  # fmt: skip
HOLDERS = {"person": gettext_lazy("个人"), "company": gettext_lazy("企业、单位")}
VALIDITY = {"forever": gettext_lazy("长期"), "years": gettext_lazy("若干年"), "days": gettext_lazy("若干天"),
            "given": gettext_lazy("签发时写明")}  # fmt: skip
COLOURS = {
    "red": gettext_lazy("红"),
    "blue": gettext_lazy("蓝"),
    "green": gettext_lazy("绿"),
    "gold": gettext_lazy("金"),
}
FONTS = {"song": gettext_lazy("宋体"), "hei": gettext_lazy("黑体"), "kai": gettext_lazy("楷体"),
         "fangsong": gettext_lazy("仿宋")}  # fmt: skip
ALIGNS = {"left": gettext_lazy("靠左"), "center": gettext_lazy("居中"), "right": gettext_lazy("靠右")}
NUMBERS = {
    "x": gettext_lazy("左（毫米）"), "y": gettext_lazy("上（毫米）"), "w": gettext_lazy("宽（毫米）"),
    "h": gettext_lazy("高（毫米）"), "x1": gettext_lazy("起点左"), "y1": gettext_lazy("起点上"),
    "x2": gettext_lazy("终点左"), "y2": gettext_lazy("终点上"), "size": gettext_lazy("字号（磅）"),
    "width": gettext_lazy("线宽（毫米）"),
}  # fmt: skip
PLACES = {"text": "x y w h size", "line": "x1 y1 x2 y2 width", "rect": "x y w h width", "picture": "x y w h",
          "qr": "x y w", "tiled": "size", "seal": "x y"}  # fmt: skip
GAP_WORDS = {
    "name": gettext_lazy("证照名称"), "number": gettext_lazy("证照编号"), "holder": gettext_lazy("持证人"),
    "holder_number": gettext_lazy("持证人证件号"), "issuer": gettext_lazy("颁发机关"),
    "issued_on": gettext_lazy("颁发日期"), "valid_from": gettext_lazy("有效期起"),
    "valid_until": gettext_lazy("有效期至"), "identifier": gettext_lazy("证照标识"),
}  # fmt: skip


@audience(STAFF, VERB)
@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """The types the department may issue, the drafts, what waits for a colleague."""
    context = {
        "types": types_to_design(request.actor),
        "drafts": drafts_of(request.actor, KIND, verb=VERB, state="open"),
        "waiting": types_waiting(request.actor),
    }
    return render(request, "licences/types/list.html", context)


@audience(STAFF, VERB)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new type, or the next version of one; who has begun it already goes on with it."""
    code = request.POST.get("code", "")[:21]
    draft = (code and open_draft(request.actor, KIND, code)) or design_type(actor=request.actor, code=code)
    return redirect("console-licence-type-draft", draft.pk)


@audience(STAFF, VERB)
@require_safe
def editor(request: HttpRequest, type_draft_id: UUID) -> HttpResponse:
    draft = type_draft(request.actor, type_draft_id)
    return render(request, "licences/types/editor.html", _editor(request, draft))


@audience(STAFF, VERB)
@require_safe
def part(request: HttpRequest, type_draft_id: UUID, name: str) -> HttpResponse:
    """One region of the designer, asked for again when the draft has changed."""
    return render(request, f"licences/types/{name}.html", _editor(request, type_draft(request.actor, type_draft_id)))


def _editor(request: HttpRequest, draft: Draft, error: Refused | None = None) -> dict[str, Any]:
    undo, redo = can_undo(request.actor, draft.pk)
    content = draft.content if isinstance(draft.content, dict) else {}
    reasons = reasons_of_draft(content, draft.key)
    return {
        "draft": draft,
        "content": content,
        "error": error,
        "can_undo": undo,
        "can_redo": redo,
        "remarks": sum(int(count) for count in open_comments(request.actor, draft.pk).values()),
        "reasons": reasons,
        "hints": [] if reasons else too_long_in(content),
        "fields": rows_of(content, "fields"),
        "pages": [_page(place, page, content) for place, page in enumerate(rows_of(content, "pages"))],
        "drawn": [] if reasons else range(1, len(drawn_draft(content)) + 1),
        "starts": {"standard": _ops("/pages", standard_pages(content)), "empty": _ops("/pages", empty_pages())},
        "masks": MASKS.items(), "types": TYPES.items(), "holders": HOLDERS.items(), "kinds": VALIDITY.items(),
        "colours": COLOURS.items(), "fonts": FONTS.items(), "aligns": ALIGNS.items(),
        "new_field": _ops("/fields/-", _fresh_field(content)),
    }  # fmt: skip


def _fresh_field(content: dict[str, Any]) -> dict[str, Any]:
    taken = {field.get("key") for field in rows_of(content, "fields")}
    key = next(key for number in range(1, 1000) if (key := f"field_{number}") not in taken)
    return {
        "key": key,
        "label": "",
        "element": "",
        "type": "text",
        "required": False,
        "max": 200,
        "codes": {},
        "mask": "",
    }


def _ops(path: str, value: Any) -> list[dict[str, Any]]:
    return [{"op": "add", "path": path, "value": value}]


def _size(page: dict[str, Any]) -> list[float]:
    """Width and height in mm; those of A4 for a page that says nonsense."""
    size = page.get("size")
    if isinstance(size, list) and len(size) == 2 and all(isinstance(one, int | float) and one > 0 for one in size):
        return [float(one) for one in size]
    return [210.0, 297.0]


def _page(place: int, page: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """One page of the draft: its marks with their boxes and controls, and what may be added to it."""
    size = _size(page)
    marks, path = rows_of(page, "marks"), f"/pages/{place}"
    texts = [(str(words), f"{{{gap}}}") for gap, words in GAP_WORDS.items()]
    texts += [
        (str(one.get("label") or one["key"]), f"{{{one['key']}}}")
        for one in rows_of(content, "fields")
        if one.get("key")
    ]
    free = len(marks)
    new = [(words, _ops(f"{path}/marks/-", new_mark("text", text, size=size, before=free))) for words, text in texts]
    other = [
        (str(MARKS[kind]), _ops(f"{path}/marks/-", new_mark(kind, size=size, before=free)))
        for kind in ("qr", "seal", "line", "rect")
    ]
    plain = (_("固定文字"), _ops(f"{path}/marks/-", new_mark("text", _("文字"), size=size, before=free)))
    values = sample_values(content)
    return {
        "number": place + 1,
        "path": path,
        "size": size,
        "marks": [
            _mark(number, mark, f"{path}/marks/{number}", len(marks), place, values)
            for number, mark in enumerate(marks)
        ],
        "texts": new,
        "others": [plain, *other],
    }


def _mark(
    number: int, mark: dict[str, Any], path: str, count: int, page: int, values: dict[str, str]
) -> dict[str, Any]:
    kind = str(mark.get("kind", ""))
    text = GAP.sub(lambda gap: values.get(gap[1], gap[0]), str(mark.get("text", "")))
    return {
        "id": f"mark-{page}-{number}", "path": path, "number": number + 1, "kind": kind, "mark": mark,
        "name": MARKS.get(kind, kind), "words": text[:24] if kind != "qr" else "",
        "box": box_of(mark), "numbers": [(name, NUMBERS[name], mark.get(name, "")) for name in PLACES.get(kind, "").split()],
        "up": [{"op": "move", "from": path, "path": f"/pages/{page}/marks/{number - 1}"}] if number else None,
        "down": [{"op": "move", "from": path, "path": f"/pages/{page}/marks/{number + 1}"}] if number + 1 < count else None,
        "remove": [{"op": "remove", "path": path}],
    }  # fmt: skip


@audience(STAFF, VERB)
@require_safe
def preview(request: HttpRequest, type_draft_id: UUID, page: int) -> HttpResponse:
    """A page of the draft with made-up values, as it will be drawn."""
    draft = type_draft(request.actor, type_draft_id)
    if reasons_of_draft(draft.content, draft.key):
        raise NotFound
    return _picture(draft.content, page)


@audience(STAFF, VERB)
@require_safe
def picture(request: HttpRequest, licence_type_id: UUID, page: int) -> HttpResponse:
    """A page of a version of a type, with made-up values."""
    return _picture(design_of(request.actor, licence_type_id).content, page)


def _picture(content: dict[str, Any], page: int) -> HttpResponse:
    try:
        drawn = drawn_pages(pages=drawn_draft(content))
    except (PagesRefused, TypesettingFailed):
        raise NotFound from None
    if not 1 <= page <= len(drawn):
        raise NotFound
    response = HttpResponse(drawn[page - 1], content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@audience(STAFF, VERB)
@require_POST
def hand_in(request: HttpRequest, type_draft_id: UUID) -> HttpResponse:
    draft = type_draft(request.actor, type_draft_id)
    try:
        made = hand_in_type(actor=request.actor, draft_id=draft.pk)
    except Refused as error:
        return render(request, "licences/types/editor.html", _editor(request, draft, error), status=error.status)
    messages.success(request, _("已提交审核。请另一位同事核对后发布。"))
    return redirect("console-licence-type", made.pk)


@audience(STAFF, VERB)
@require_POST
def discard(request: HttpRequest, type_draft_id: UUID) -> HttpResponse:
    trash(actor=request.actor, draft_id=type_draft(request.actor, type_draft_id).pk)
    messages.success(request, _("草稿已放进回收站。"))
    return redirect("console-licence-types")


@audience(STAFF, VERB)
@require_safe
def version(request: HttpRequest, licence_type_id: UUID) -> HttpResponse:
    return _version(request, licence_type_id)


def _version(request: HttpRequest, licence_type_id: UUID, error: Refused | None = None) -> HttpResponse:
    row = design_of(request.actor, licence_type_id)
    draft = draft_for(request.actor, row.draft_id) if row.draft_id and row.status == "in_review" else None
    context = {
        "row": row,
        "pages": range(1, len(drawn_draft(row.content)) + 1),
        "fields": rows_of(row.content, "fields"),
        "masks": MASKS,
        "types": TYPES,
        "error": error,
        "differences": differences(draft) if draft else [],
        "mine": bool({str(name) for name in request.actor.names} & {*row.authors, str(row.drafted_by)}),
        "today": today().isoformat(),
        "typed": request.POST,
    }
    return render(request, "licences/types/version.html", context, status=error.status if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, licence_type_id: UUID) -> HttpResponse:
    """Publish from a day on, or give back with a reason."""
    actor = request.actor
    try:
        if request.POST.get("answer") == "return":
            return_type(actor=actor, type_id=licence_type_id, reason=request.POST.get("reason", "")[:1000])
            messages.success(request, _("已退回给起草人，原因写在草稿的批注里。"))
            return redirect("console-licence-types")
        publish_type(actor=actor, type_id=licence_type_id, effective_on=day_typed(request.POST.get("effective_on", "")))
    except Refused as error:
        return _version(request, licence_type_id, error)
    messages.success(request, _("已发布。从生效日起签发的证照用这一版；以前签发的照旧。"))
    return redirect("console-licence-type", licence_type_id)


HERE = "console/licences/types/"
DRAFT = f"{HERE}drafts/<uuid:type_draft_id>/"
urlpatterns = [
    path(HERE, types, name="console-licence-types"),
    path(f"{HERE}begin/", begin, name="console-licence-type-begin"),
    path(DRAFT, editor, name="console-licence-type-draft"),
    path(f"{DRAFT}fields/", part, {"name": "fields"}, name="console-licence-type-fields"),
    path(f"{DRAFT}pages/", part, {"name": "pages"}, name="console-licence-type-pages"),
    path(f"{DRAFT}checks/", part, {"name": "checks"}, name="console-licence-type-checks"),
    path(f"{DRAFT}preview/<int:page>.svg", preview, name="console-licence-type-preview"),
    path(f"{DRAFT}hand-in/", hand_in, name="console-licence-type-hand-in"),
    path(f"{DRAFT}discard/", discard, name="console-licence-type-discard"),
    path(f"{HERE}<uuid:licence_type_id>/", version, name="console-licence-type"),
    path(f"{HERE}<uuid:licence_type_id>/answer/", answer, name="console-licence-type-answer"),
    path(f"{HERE}<uuid:licence_type_id>/<int:page>.svg", picture, name="console-licence-type-picture"),
]
