"""Shapes at the border: field names of the exchange standards (办件受理, 办件过程, 办件结果) outside, our words inside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field

from tongban.services.cases.actions import Receipt
from tongban.services.cases.models import Case
from tongban.services.cases.queries import AtOnce, Event, Judged, decided_at_once
from tongban.services.cases.rules import code_in_set_b, national_code

APPLICANT_KINDS = {"1": "person", "2": "company"}
KIND_CODES = {kind: code for code, kind in APPLICANT_KINDS.items()}


class MaterialIn(BaseModel):
    """How one material is handed in."""

    material_key: str = Field(max_length=60, description="key of the material in the item")
    get_type: Literal["1", "2", "3", "4", "5", "6", "7"] = Field(
        description="收取方式: 1 paper, 2 upload, 3 scan, 4 promise (容缺), 5 e-licence, 6 earlier case, 7 waived"
    )
    file_id: UUID | None = Field(None, description="from POST /files, for 2, 3 and 6")
    waive_mode: str = Field("", max_length=1, description="免提交方式, for 7")


class ApplicationIn(BaseModel):
    """An application. A citizen or company with a session applies for itself; a system names whom it applies for."""

    item_code: str = Field(max_length=120)
    situation: dict[str, str] = Field(default_factory=dict, description="answers of the situation tree")
    form: dict[str, Any] = Field(default_factory=dict, description="answers of the item's form")
    materials: list[MaterialIn] = Field(default_factory=list, max_length=500)
    delivery: dict[str, str] = Field(
        default_factory=dict, description="how the result shall come: way, name, phone, address"
    )
    applyer_type: Literal["1", "2"] = Field("1", description="1 natural person, 2 legal person")
    applyer_name: str = Field("", max_length=200)
    applyer_page_code: str = Field("", max_length=40, description="ID number or uscc")
    contact_mobile: str = Field("", max_length=20)
    by_person: bool = Field(False, description="no machine shall decide, even where rules could (PIPL art. 24)")


class AtOnceOut(Schema):
    """What rules decided in the same moment (秒批秒办)."""

    result: str = Field(description="granted or refused")
    result_type: str = Field(description="办结结果 of the national library")
    reasons: str = Field(description="of a refusal")
    remedies: str = Field(description="of a refusal: how to be heard, where to appeal")
    certificate_identifier: str = Field(description="证照标识; empty when no licence came of it")
    certificate: str = Field(description="where the licence and its files are to be had")


class ReceiptOut(Schema):
    """What the applicant holds in his hand."""

    id: UUID
    project_no: str = Field(description="办件编号")
    apply_date: datetime
    replayed: bool = Field(description="the same Idempotency-Key had led to this case before")
    decision: AtOnceOut | None = Field(None, description="null: people decide; ask for the case")


class CaseOut(Schema):
    """A case as the applicant or its department may know it."""

    id: UUID
    project_no: str
    item_code: str
    task_code: str
    task_name: str
    project_type: str
    applyer_type: str
    applyer_name: str
    apply_date: datetime
    accept_date: datetime | None
    promise_date: date | None = Field(description="承诺办结时间")
    statutory_date: date | None
    due_certain: bool
    state: str
    stage: str
    lamp: str
    org_id: UUID = Field(description="the department that decides")
    channel: str
    result: str
    result_type: str | None = Field(description="办结结果 of the national library")
    result_code: str | None = Field(description="办结结果 of the province's set")
    result_date: datetime | None
    result_cetr_name: str
    result_cetr_no: str
    closed_date: datetime | None

    @staticmethod
    def of(case: Case) -> dict[str, Any]:
        return {
            "id": case.pk,
            "project_no": case.project_no,
            "item_code": case.item_code,
            "task_code": case.task_code,
            "task_name": case.task_name,
            "project_type": case.project_type,
            "applyer_type": KIND_CODES[case.applicant_kind],
            "applyer_name": case.applicant_name,
            "apply_date": case.submitted_at,
            "accept_date": case.accepted_at,
            "promise_date": case.promise_due_on,
            "statutory_date": case.statutory_due_on,
            "due_certain": case.due_certain,
            "state": case.state,
            "stage": case.stage_name,
            "lamp": case.lamp,
            "org_id": case.department_id,
            "channel": case.channel,
            "result": case.result,
            "result_type": national_code(case.result) if case.result else None,
            "result_code": code_in_set_b(case.result) if case.result else None,
            "result_date": case.decided_at,
            "result_cetr_name": case.certificate_name,
            "result_cetr_no": case.certificate_no,
            "closed_date": case.closed_at,
        }


class SignedStepOut(Schema):
    """One thing that the check of a signature looked at."""

    name: str
    ok: bool | None = Field(description="null: it cannot be told")
    words: str


class SignatureOut(Schema):
    """个人签名: who signed what about a case, with which key, and what a check of it says now."""

    id: UUID
    event_name: str = Field(description="the act that was signed, as in the time line")
    process_name: str
    handle_user_name: str = Field(description="who signed; an applicant's name is masked for staff")
    way: Literal["own", "witness"] = Field(
        description="witness: on paper, before a clerk at the counter who signs this"
    )
    signed_at: datetime = Field(
        description="our clock's moment, within what was signed; no token of a time stamp authority"
    )
    digest: str = Field(description="SM3 of what was signed")
    algorithms: list[str] = Field(description="sm2: SM2 with SM3; p256: ECDSA with SHA-256")
    certificate_serial: str = Field(description="of the signer's certificate, in hexadecimal")
    valid: bool | None = Field(description="null: it cannot be told")
    steps: list[SignedStepOut]

    @staticmethod
    def of(judged: Judged) -> dict[str, Any]:
        row = judged.row
        return {
            "id": row.pk,
            "event_name": row.verb,
            "process_name": str(judged.title),
            "handle_user_name": judged.who,
            "way": row.way,
            "signed_at": row.signed_at,
            "digest": row.digest,
            "algorithms": [one["alg"] for one in row.signatures],
            "certificate_serial": judged.serial,
            "valid": judged.good,
            "steps": [{"name": str(step.name), "ok": step.ok, "words": str(step.words)} for step in judged.steps],
        }


class PageOut(Schema):
    """One page; `next` and `previous` are cursors, empty when there is none."""

    items: list[CaseOut]
    next: str
    previous: str


class EventOut(Schema):
    """One line of 办件过程; the last line of an open case is the present: who has it and until when."""

    event_name: str
    event_start_time: datetime | None
    process_name: str
    handle_user_name: str
    handle_explain: str
    until: date | None
    is_now: bool

    @staticmethod
    def of(event: Event) -> dict[str, Any]:
        return {
            "event_name": event.verb or "now",
            "event_start_time": event.at,
            "process_name": str(event.title),
            "handle_user_name": event.who,
            "handle_explain": event.text,
            "until": event.until,
            "is_now": event.is_now,
        }


def receipt_told(receipt: Receipt) -> dict[str, Any]:
    """What is answered to whoever handed an application in, now or before."""
    decision = decided_at_once(receipt.case_id) if receipt.is_replay else receipt.at_once
    return {
        "id": str(receipt.case_id),
        "project_no": receipt.project_no,
        "apply_date": receipt.submitted_at.isoformat(),
        "replayed": receipt.is_replay,
        "decision": decision and _decision(decision),
    }


def _decision(decision: AtOnce) -> dict[str, Any]:
    return {
        "result": decision.result,
        "result_type": national_code(decision.result),
        "reasons": decision.reasons,
        "remedies": decision.remedies,
        "certificate_identifier": decision.licence,
        "certificate": f"/api/v1/licences/{decision.licence}" if decision.licence else "",
    }


def materials_of(rows: list[MaterialIn]) -> dict[str, list[dict[str, Any]]]:
    """Rows by the key of their material, as actions take them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        entry: dict[str, Any] = {"way": row.get_type}
        if row.file_id:
            entry["file_id"] = str(row.file_id)
        if row.waive_mode:
            entry["waive_mode"] = row.waive_mode
        found.setdefault(row.material_key, []).append(entry)
    return found
