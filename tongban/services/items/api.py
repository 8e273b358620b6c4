"""Items and guides for other channels, public. Names are those of the exchange standard (实施清单要素)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason

from .errors import ItemNotInForce
from .models import ItemVersion
from .queries import Hit, code_tables, content_of, find_page, guide_of, published, standing_of
from .queries.guide import Guide
from .queries.standard import general_basic, general_extend

router = Router(tags=["items"], auth=None)


class ItemFilters(Schema):
    """What a list of items is narrowed to."""

    q: str = Field("", max_length=100, description="everyday words, pinyin, initials, traditional characters")
    audience: Literal["", "person", "company"] = ""
    department: str = Field("", max_length=100, description="short name, such as 区卫健局")
    topic: str = Field("", max_length=30)
    cursor: str = Field("", max_length=100)
    size: int = Field(20, ge=1, le=100)


class HitOut(Schema):
    """An item found. `kind` is `guide` (has a full implementation list) or `listed` (only its name is published)."""

    kind: str
    code: str
    task_name: str
    plain_name: str
    summary: str
    dept_name: str
    task_type: str
    applicants: list[str]
    online: bool

    @classmethod
    def of(cls, hit: Hit) -> HitOut:
        return cls(
            kind=hit.kind,
            code=hit.code,
            task_name=hit.name,
            plain_name=hit.plain_name,
            summary=hit.summary,
            dept_name=hit.department,
            task_type=hit.task_type,
            applicants=list(hit.applicants),
            online=hit.online,
        )


class ItemPageOut(Schema):
    items: list[HitOut]
    total: int
    did_you_mean: list[str]
    next: str
    previous: str


class DepthOut(Schema):
    """网上办理深度, computed: `level` I–IV, the published codes, and what blocks full online handling."""

    level: str
    online_handle_depth: list[str]
    blocks: list[str]


class ItemOut(Schema):
    """The implementation list in force: basic information, extension, and their tables."""

    code: str
    sample: bool
    general_basic: dict[str, Any]
    general_extend: dict[str, Any]
    depth: DepthOut
    materials: list[dict[str, Any]]
    fee_project: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    result: list[dict[str, Any]]
    situations: list[dict[str, Any]]
    form: dict[str, Any]
    flow: dict[str, Any]


class GuideStepOut(Schema):
    name: str
    text: str
    limit: str


class GuideOut(Schema):
    """The guide in words, narrowed to the answers given as query parameters (the keys of `questions`)."""

    code: str
    task_name: str
    plain_name: str
    summary: str
    dept_name: str
    who: str
    promise: str
    statutory: str
    fee: str
    visits: str
    conditions: list[str]
    questions_to_answer: list[dict[str, Any]]
    answers: dict[str, str]
    stop: str
    materials: list[dict[str, Any]]
    waived_materials: list[dict[str, Any]]
    further_materials: list[dict[str, Any]]
    steps: list[GuideStepOut]
    results: list[dict[str, Any]]
    places: list[dict[str, Any]]
    laws: list[dict[str, Any]]
    faq: list[dict[str, str]]
    blocks: list[str]
    apply_url: str
    notice_url: str


@router.get("/items", response=ItemPageOut, summary="Find or browse items")
def list_items(request: HttpRequest, filters: Query[ItemFilters]) -> dict[str, Any]:
    """With `q` by how well they answer, without by guide and name."""
    found = find_page(
        filters.q,
        audience=filters.audience,
        department=filters.department,
        topic=filters.topic,
        cursor=filters.cursor,
        size=filters.size,
    )
    return {
        "items": [HitOut.of(hit) for hit in found.page],
        "total": found.total,
        "did_you_mean": found.meant,
        "next": found.page.next,
        "previous": found.page.previous,
    }


@router.get("/items/{code}", response=ItemOut, summary="The implementation list of an item")
def one_item(request: HttpRequest, response: HttpResponse, code: str, on: date | None = None) -> Any:
    """As it holds today or on a day; the `ETag` changes with the version."""
    version = _holding(code, on)
    response["ETag"] = mark = f'"{version.digest[:24]}"'
    if request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={"ETag": mark})
    return _item(version)


def _holding(code: str, on: date | None = None) -> ItemVersion:
    """The version that holds; where none does today, the refusal says why, since when, and what took the item's place."""
    try:
        return published(code, on or today())
    except ItemNotInForce:
        raise ItemNotInForce(reasons=[] if on else _why_not(code)) from None


def _why_not(code: str) -> list[Reason]:
    standing = standing_of(code)
    sentences = {
        "suspended": _("%(day)s起暂停受理。原因：%(reason)s"),
        "not_yet": _("%(day)s起开始办理。") if standing.since else _("还没有发布。"),
    }
    sentence = sentences.get(standing.state, _("%(day)s起不再办理。原因：%(reason)s"))
    words = {"day": standing.since.isoformat() if standing.since else "", "reason": standing.reason}
    successors = [
        Reason("successor", _("现在改办：%(name)s（%(code)s）") % {"name": name, "code": other})
        for other, name in standing.successors
    ]
    return [Reason(standing.state, sentence % words), *successors]


def _item(version: ItemVersion) -> dict[str, Any]:
    content = content_of(version.pk)
    guide = guide_of(version)
    return {
        "code": content["code"],
        "sample": content["sample"],
        "general_basic": general_basic(version, content),
        "general_extend": general_extend(content),
        "depth": {
            "level": guide.depth.level,
            "online_handle_depth": list(guide.depth.codes),
            "blocks": list(guide.depth.blocks),
        },
        "materials": [material_in_standard_names(m) for m in content["materials"]],
        "fee_project": [_fee(fee) for fee in content["fees"]],
        "questions": content["questions"],
        "result": content["results"],
        "situations": content["situations"],
        "form": content["form"],
        "flow": content["flow"],
    }


def material_in_standard_names(material: dict[str, Any]) -> dict[str, Any]:
    """申请材料 by the names of the exchange schema."""
    return {
        "key": material["key"],
        "material_name": material["name"],
        "material_type": material["type"],
        "material_format": material["format"],
        "is_need": material["need"],
        "source_type": material["source"],
        "issuing_dept": material["issuing_dept"],
        "page_num": material["copies"],
        "page_format": material["page_format"],
        "accept_stand": material["standard"],
        "fill_explain": material["fill_explain"],
        "by_law": material["basis"],
        "handle_case": material["handle_case"],
        "when": material["when"],
        "waive_mode": material["waive"],
        "tolerance_days": material["tolerance"]["days"] if material["tolerance"] else None,
    }


def _fee(fee: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": fee["key"],
        "fee_name": fee["name"],
        "fee_stand": fee["standard"],
        "amount_fen": fee["amount_fen"],
        "by_law": fee["basis"],
        "is_desc": bool(fee["reduction"]),
        "desc_explain": fee["reduction"] or "",
        "when": fee["when"],
    }


@router.get("/items/{code}/guide", response=GuideOut, summary="The guide of an item in words, for a situation")
def one_guide(request: HttpRequest, code: str, applicant: Literal["", "person", "company"] = "") -> dict[str, Any]:
    """Answers to the situation's questions are query parameters by their keys; unknown ones are ignored."""
    return guide_in_words(guide_of(_holding(code), request.GET.dict(), applicant))


def guide_in_words(guide: Guide) -> dict[str, Any]:
    """What the guide page shows, as data."""
    content, tables = guide.content, code_tables()
    return {
        "code": guide.code,
        "task_name": content["task_name"],
        "plain_name": content["plain_name"],
        "summary": content["summary"],
        "dept_name": content["department"],
        "who": guide.names["server_type"],
        "promise": guide.promise,
        "statutory": guide.statutory,
        "fee": guide.fee,
        "visits": guide.visits,
        "conditions": content["accept_conditions"],
        "questions_to_answer": [
            {"key": q["key"], "question": q["question"], "options": [_option(o) for o in q["options"]]}
            for q in guide.rest.questions
        ],
        "answers": guide.rest.situation,
        "stop": guide.rest.stop,
        "materials": [material_in_standard_names(m) for m in guide.materials],
        "waived_materials": [material_in_standard_names(m) for m in guide.waived],
        "further_materials": [material_in_standard_names(m) for m in guide.maybe],
        "steps": guide.steps,
        "results": [
            result | {"type_name": tables["result_type"].get(result["type"], "")} for result in content["results"]
        ],
        "places": content["locations"],
        "laws": content["by_law"],
        "faq": content["questions"],
        "blocks": guide.blocks,
        "apply_url": f"/apply/{guide.code}/" if guide.can_apply_online else "",
        "notice_url": f"/items/{guide.code}/notice.pdf",
    }


def _option(option: dict[str, Any]) -> dict[str, str]:
    return {"value": option["value"], "label": option["label"]}
