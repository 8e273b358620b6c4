"""Status of cases, for the applicant and for the department's own system."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from tongban.foundation.kernel.paging import Page
from tongban.services.cases.actions import supply_correction, supply_promised, withdraw
from tongban.services.cases.queries import WorkFilters, case_by_number, judged_signatures, my_cases, timeline, worklist

from .shapes import CaseOut, EventOut, MaterialIn, PageOut, SignatureOut, materials_of

router = Router(tags=["cases"])


class CaseFilters(Schema):
    """What a list of cases is narrowed to."""

    state: str = ""
    item_code: str = ""
    lamp: Literal["", "green", "warn", "yellow", "red"] = ""
    text: str = Field("", max_length=100, description="case number or applicant's name, from the beginning")
    closed: bool = False
    cursor: str = Field("", max_length=500)
    size: int = Field(50, ge=1, le=200)


class MaterialsIn(BaseModel):
    """Materials that come after the application."""

    materials: list[MaterialIn] = Field(max_length=200)
    note: str = Field("", max_length=1000)


class WithdrawalIn(BaseModel):
    reason: str = Field("", max_length=1000)


def _paged(page: Page) -> dict[str, Any]:
    return {"items": [CaseOut.of(case) for case in page], "next": page.next, "previous": page.previous}


@router.get("/cases", response=PageOut, summary="List cases")
def list_cases(request: HttpRequest, filters: Query[CaseFilters]) -> dict[str, Any]:
    """One's own as a citizen or company, the latest first; the department's as its system or staff, the most urgent first."""
    actor = request.auth  # type: ignore[attr-defined]
    if actor.applicant_id:
        own = {"state": filters.state, "item_code": filters.item_code}
        return _paged(my_cases(actor, own, filters.cursor, filters.size))
    work = WorkFilters(
        state=filters.state, item_code=filters.item_code, lamp=filters.lamp, text=filters.text, closed=filters.closed
    )
    return _paged(worklist(actor, work, filters.cursor, filters.size))


@router.get("/cases/{project_no}", response=CaseOut, summary="One case")
def one_case(request: HttpRequest, project_no: str) -> dict[str, Any]:
    return CaseOut.of(case_by_number(request.auth, project_no, "api"))  # type: ignore[attr-defined]


@router.get(
    "/cases/{project_no}/timeline", response=list[EventOut], summary="What happened to a case, and who has it now"
)
def case_timeline(request: HttpRequest, project_no: str) -> list[dict[str, Any]]:
    actor = request.auth  # type: ignore[attr-defined]
    case = case_by_number(actor, project_no, "api")
    return [EventOut.of(event) for event in timeline(actor, case.pk, case)]


@router.get(
    "/cases/{project_no}/signatures", response=list[SignatureOut], summary="Who signed what about a case, checked anew"
)
def case_signatures(request: HttpRequest, project_no: str) -> list[dict[str, Any]]:
    """In order; of what staff signed an applicant is told what is meant for him. docs/guides/signatures.md tells what is signed."""
    actor = request.auth  # type: ignore[attr-defined]
    return [SignatureOut.of(one) for one in judged_signatures(actor, case_by_number(actor, project_no, "api"))]


@router.post(
    "/cases/{project_no}/materials",
    response=CaseOut,
    summary="Supply what a correction asked for, or what was promised",
)
def supply(request: HttpRequest, project_no: str, body: MaterialsIn) -> dict[str, Any]:
    """While a correction is open this supplies it as a whole; otherwise each material must have been promised (容缺)."""
    actor = request.auth  # type: ignore[attr-defined]
    case, given = case_by_number(actor, project_no, "api"), materials_of(body.materials)
    if case.state == "correction":
        supply_correction(actor=actor, case_id=case.pk, materials=given, note=body.note)
    else:
        for key, rows in given.items():
            supply_promised(actor=actor, case_id=case.pk, key=key, rows=rows)
    return CaseOut.of(case_by_number(actor, project_no, "api"))


@router.post("/cases/{project_no}/withdrawal", response=CaseOut, summary="Withdraw an application before its decision")
def take_back(request: HttpRequest, project_no: str, body: WithdrawalIn) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    case = case_by_number(actor, project_no, "api")
    return CaseOut.of(withdraw(actor=actor, case_id=case.pk, reason=body.reason))
