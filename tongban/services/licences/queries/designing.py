"""Licence types in the making: drafts, what is wrong with them, how they look, what waits for a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.drafting.queries import changes_of, draft_for, keys_in_use
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.layouts.queries import faults_in, too_long
from tongban.services.licences.errors import TYPE_WORDS
from tongban.services.licences.models import LicenceType
from tongban.services.licences.rules.designing import definition_of, rows_of, sample_values, standard_pages
from tongban.services.licences.rules.drawing import filled, with_pictures

from .faults import definition_faults
from .types import issuer, types_of

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.rules.drawing import Page

KIND, VERB = "licence_type", "licences.design"
PARTS = {
    "name": gettext_lazy("名称"), "title": gettext_lazy("证面标题"), "summary": gettext_lazy("用处"),
    "definer": gettext_lazy("定义机构"), "basis": gettext_lazy("依据"), "holders": gettext_lazy("持证主体"),
    "issuers": gettext_lazy("颁发机关"), "items": gettext_lazy("相关事项"), "validity": gettext_lazy("有效期"),
    "number": gettext_lazy("编号规则"), "yearly_check": gettext_lazy("年检"), "colour": gettext_lazy("颜色"),
    "fields": gettext_lazy("数据项"), "pages": gettext_lazy("版面"), "sample": gettext_lazy("示例"),
    "code": gettext_lazy("类型代码"),
}  # fmt: skip
MARKS = {
    "text": gettext_lazy("文字"), "line": gettext_lazy("线"), "rect": gettext_lazy("框"), "picture": gettext_lazy("图片"),
    "qr": gettext_lazy("二维码"), "tiled": gettext_lazy("水印"), "seal": gettext_lazy("印章位置"),
}  # fmt: skip
Status = LicenceType.Status
POINT = {
    "kind": "line",
    "x1": 0,
    "y1": 0,
    "x2": 1,
    "y2": 1,
}  # where a seal's place stands, so that marks keep their numbers


def type_draft(actor: Actor, draft_id: UUID | str) -> Draft:
    return draft_for(actor, draft_id, kind=KIND)


def designable(actor: Actor, code: str) -> LicenceType:
    """The newest published version of a type that the actor's department may issue, or made itself."""
    permit(actor, VERB, department_id=actor.department_id)
    rows = LicenceType.objects.filter(status=Status.PUBLISHED, code=code)
    newest = rows.order_by("-version").first()
    if newest is None or actor.department_id is None or not _is_ours(newest, actor.department_id):
        raise NotFound
    return newest


def _is_ours(row: LicenceType, department_id: UUID) -> bool:
    issuers = row.content.get("issuers") or []
    return row.department_id == department_id or not issuers or issuer(department_id).short_name in issuers


def design_of(actor: Actor, type_id: UUID | str) -> LicenceType:
    """One version of a type, for those who design the types of its department."""
    permit(actor, VERB, department_id=actor.department_id)
    row = find(LicenceType.objects, pk=type_id)
    if actor.department_id is None or not _is_ours(row, actor.department_id):
        raise NotFound
    return row


def types_to_design(actor: Actor) -> list[LicenceType]:
    """The types the actor's department may issue, as they hold."""
    permit(actor, VERB, department_id=actor.department_id)
    return types_of(actor.department_id) if actor.department_id else []


def types_waiting(actor: Actor) -> list[LicenceType]:
    """What waits for a review in the actor's department, and what is published for a later day."""
    permit(actor, VERB, department_id=actor.department_id)
    later = Q(status=Status.PUBLISHED, effective_on__gt=today())
    rows = LicenceType.objects.filter(Q(status=Status.IN_REVIEW) | later, department_id=actor.department_id)
    return list(rows.order_by("name", "-version"))


def types_to_review(actor: Actor) -> list[LicenceType]:
    """Types of his department that colleagues designed and he may publish or give back. One query."""
    if not may(actor, VERB, department_id=actor.department_id, division=actor.division):
        return []
    rows = LicenceType.objects.filter(department_id=actor.department_id, status=Status.IN_REVIEW).order_by("id")
    names = {str(name) for name in actor.names}
    return [row for row in rows if names.isdisjoint({*row.authors, str(row.drafted_by)})]


def free_code(definer: str) -> str:
    """The next code of a definer that neither a type nor a draft has."""
    taken = set(LicenceType.objects.filter(code__startswith=definer).values_list("code", flat=True))
    taken |= keys_in_use(KIND, definer)
    return next(code for number in range(1, 1000) if (code := f"{definer}{number:03d}") not in taken)


def reasons_of_draft(content: Any, code: str) -> list[Reason]:
    """Everything that keeps a draft from being handed in, in words and with its place."""
    draft = content if isinstance(content, Mapping) else {}
    definition = {**definition_of(draft, version=1, effective_on=today().isoformat()), "code": code}
    faults = definition_faults(definition)
    if all(kind == "pages" and path.startswith("pages") for path, kind in faults) and faults:
        return _of_pages(draft)
    reasons = []
    for path, kind in dict.fromkeys(faults):
        words = TYPE_WORDS[kind] % {"path": describe("/" + path.replace(".", "/"), draft) or path}
        reasons.append(Reason(f"licences.type_{kind}", words, path))
    return reasons


def _of_pages(draft: Mapping[str, Any]) -> list[Reason]:
    """The faults of the pages as the layouts room says them, each with the mark it is about."""
    held = [
        {**page, "marks": [POINT if one.get("kind") == "seal" else one for one in rows_of(page, "marks")]}
        for page in rows_of(draft, "pages")
    ]
    return [_placed(one, draft) for one in faults_in(with_pictures(held))]


def _placed(reason: Reason, content: Mapping[str, Any]) -> Reason:
    place = describe("/" + reason.field.replace(".", "/"), content)
    return Reason(reason.code, f"{place}：{reason.text}", reason.field)


def drawn_draft(content: Any) -> list[Page]:
    """The pages of a draft with made-up values, or the standard page while it has none. Only for one without faults."""
    pages = content.get("pages") or standard_pages(content)
    return filled(pages, sample_values(content))[0]


def too_long_in(content: Any) -> list[Reason]:
    """Sample values that do not fit their box. Only for a draft without faults."""
    return [_placed(one, content) for one in too_long(drawn_draft(content))]


def describe(path: str, content: Any) -> str:
    """`/pages/0/marks/3/w` → 版面第1页第4个（文字）."""
    steps = path.strip("/").split("/")
    words = str(PARTS.get(steps[0], ""))
    if len(steps) < 2 or not steps[1].isdigit():
        return words
    if steps[0] == "fields":
        rows, place = rows_of(content, "fields"), int(steps[1])
        name = rows[place].get("label", "") if place < len(rows) else ""
        return f"{words}{place + 1}（{name}）" if name else f"{words}{place + 1}"
    if steps[0] != "pages":
        return words
    words += _("第%(number)d页") % {"number": int(steps[1]) + 1}
    if len(steps) > 3 and steps[3].isdigit():
        words += _("第%(number)d个") % {"number": int(steps[3]) + 1} + _kind_at(content, int(steps[1]), int(steps[3]))
    return words


def _kind_at(content: Any, page: int, place: int) -> str:
    pages = rows_of(content, "pages")
    marks = rows_of(pages[page], "marks") if page < len(pages) else []
    kind = marks[place].get("kind", "") if place < len(marks) else ""
    return f"（{MARKS[kind]}）" if kind in MARKS else ""


def link(draft_id: UUID, path: str) -> str:
    """Where a place is edited."""
    steps = path.strip("/").split("/")
    mark = f"#mark-{steps[1]}-{steps[3]}" if len(steps) > 3 and steps[0] == "pages" else f"#part-{steps[0]}"
    return reverse("console-licence-type-draft", args=[draft_id]) + mark


def differences(draft: Draft) -> list[dict[str, str]]:
    """What the reviewer must look at: place, before, after."""
    return [
        {"place": describe(change.path, draft.content) or change.path, "old": _short(change.old), "new": _short(change.new)}
        for change in changes_of(draft)
    ]  # fmt: skip


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("label") or value.get("text") or MARKS.get(str(value.get("kind", "")), _("（一项）"))
    if isinstance(value, list):
        return _("%(number)d项") % {"number": len(value)}
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:120] + "…"
