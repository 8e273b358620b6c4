"""The steps a department's own system takes, the same as on the pages: each asks the same rules and leaves the same papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from tongban.services.cases import actions
from tongban.services.cases.models import Case
from tongban.services.cases.queries import case_by_number

from .shapes import CaseOut

router = Router(tags=["steps"])


class NoteIn(BaseModel):
    note: str = Field("", max_length=1000)


class CorrectionItemIn(BaseModel):
    key: str = Field("", max_length=60, description="key of the material, if it is one")
    name: str = Field("", max_length=200)
    problem: str = Field(max_length=500)


class CorrectionIn(BaseModel):
    items: list[CorrectionItemIn] = Field(max_length=100)
    days: int = Field(15, ge=1, le=60)
    supervisor_reason: str = Field("", max_length=1000)


class ReviewIn(BaseModel):
    verdict: Literal["agree", "disagree"]
    opinion: str = Field("", max_length=4000)


class ReturnIn(BaseModel):
    reasons: str = Field(max_length=1000)
    to: str = Field("", max_length=40, description="key of the stage; empty is the nearest the flow allows")


class UrgeIn(BaseModel):
    note: str = Field("", max_length=500)


class DecisionIn(BaseModel):
    result: Literal["granted", "partly", "refused"]
    reasons: str = Field("", max_length=4000)


class CertificateIn(BaseModel):
    certificate_no: str = Field("", max_length=100)


class DeliveryIn(BaseModel):
    way: Literal["online", "post", "counter"]
    tracking_no: str = Field("", max_length=60)
    carrier: str = Field("", max_length=60)
    receiver: str = Field("", max_length=60)


def _taken(request: HttpRequest, project_no: str, act: Callable[..., Case], **given: Any) -> dict[str, Any]:
    actor = request.auth  # type: ignore[attr-defined]
    case = case_by_number(actor, project_no, "api")
    return CaseOut.of(act(actor=actor, case_id=case.pk, **given))


@router.post("/cases/{project_no}/receipt", response=CaseOut, summary="收件: take the materials in")
def receive(request: HttpRequest, project_no: str) -> dict[str, Any]:
    return _taken(request, project_no, actions.receive)


@router.post("/cases/{project_no}/acceptance", response=CaseOut, summary="受理: accept")
def accept(request: HttpRequest, project_no: str, body: NoteIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.accept, note=body.note)


@router.post("/cases/{project_no}/correction", response=CaseOut, summary="补正: tell everything that is missing, once")
def correct(request: HttpRequest, project_no: str, body: CorrectionIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.ask_correction, **body.model_dump())


@router.post("/cases/{project_no}/review", response=CaseOut, summary="审查: finish one's part of the review")
def review(request: HttpRequest, project_no: str, body: ReviewIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.review, **body.model_dump())


@router.post("/cases/{project_no}/return", response=CaseOut, summary="退回: back to an earlier stage of the flow")
def send_back(request: HttpRequest, project_no: str, body: ReturnIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.send_back, **body.model_dump())


@router.post("/cases/{project_no}/urging", response=CaseOut, summary="催办: tell whoever has it that somebody waits")
def urge(request: HttpRequest, project_no: str, body: UrgeIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.urge, **body.model_dump())


@router.post("/cases/{project_no}/decision", response=CaseOut, summary="决定: decide, with reasons when refusing")
def decide(request: HttpRequest, project_no: str, body: DecisionIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.decide, **body.model_dump())


@router.post("/cases/{project_no}/certificate", response=CaseOut, summary="制证: make the certificate")
def certify(request: HttpRequest, project_no: str, body: CertificateIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.certify, **body.model_dump())


@router.post("/cases/{project_no}/delivery", response=CaseOut, summary="送达: hand the result over")
def deliver(request: HttpRequest, project_no: str, body: DeliveryIn) -> dict[str, Any]:
    return _taken(request, project_no, actions.deliver, **body.model_dump())


@router.post("/cases/{project_no}/closing", response=CaseOut, summary="办结: what was sent by post has arrived")
def close(request: HttpRequest, project_no: str) -> dict[str, Any]:
    return _taken(request, project_no, actions.close)
