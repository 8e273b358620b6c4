"""The rows of a case that begins, by table, as the one statement of intake writes them."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import prepared_fact
from tongban.foundation.clocks.queries import calendar_of, clock_row
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.secrets import blind_index, close
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.services.cases.rules import ANSWER_DAYS, number_prefix
from tongban.services.forms.queries import project_of

from .signatures import signed_application

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

    from .intake import Checked

log = structlog.get_logger(__name__)


def _closed_json(value: Any) -> str:
    return close(json.dumps(value, ensure_ascii=False)) if value else ""


@lru_cache(maxsize=256)
def _acceptance_clock(on: date, days: int, division: str, _calendar: str) -> dict[str, Any]:
    """The clock of everything that comes in on one day under one calendar; read, never changed."""
    return clock_row(started_on=on, promise=(days, "1"), statutory=(ANSWER_DAYS, "1"), division=division)


def rows_of(actor: Actor, ready: Checked, fingerprint: str, digest: str) -> dict[str, Any]:
    """The rows of a case that begins, by table; `project_no` is filled in by the statement."""
    at, on, case_id, item = now(), today(), uuid7(), ready.item
    subject = f"case:{case_id}"
    limit = int(((item.content.get("flow") or {}).get("accept") or {}).get("limit_days") or ANSWER_DAYS)
    clock = _acceptance_clock(on, min(limit, ANSWER_DAYS), item.division, calendar_of(item.division).stamp)
    signature, excuse = _signature(actor, ready, case_id, at)
    data = {"item": item.content["code"], "department": str(item.department_id), "channel": ready.application.channel}
    if ready.applicant.kind == "company" and ready.applicant.id:
        data["company"] = str(ready.applicant.id)
    if ready.application.draft_id:
        data["draft"] = str(ready.application.draft_id)  # registers that were looked up while it was written name it
    project = project_of(item.content.get("form") or {}, ready.answers)
    if project:
        data["project"] = project
    fact = prepared_fact(
        "cases.submitted",
        actor=actor,
        subject=subject,
        person_id=ready.applicant.person_id,
        data=data | ({"signature": signature["digest"]} if signature else {}),
        at=at,
    )
    due = clock["promise_due_on"]
    rows = {
        "signed": not excuse,
        "fingerprint": fingerprint,
        "digest": digest,
        "stamp": item.stamp,
        "prefix": number_prefix(item.task_code or item.content["code"][:40], on),
        "case": _case_row(ready, case_id, at, clock),
        "materials": [{**row, "case_id": case_id} for row in ready.materials],
        "clocks": [{"id": uuid7(), "subject": subject, "kind": "acceptance", "extension_days": 0, **clock}],
        "events": [event_row(actor, case_id, "submit", at, stage_name="受理", until_on=due, note=excuse)],
        "facts": [fact],
        "tasks": [
            {"task": task, "ids": {"fact_id": fact["id"], "subject": subject}}
            for task in settings.REACTIONS.get("cases.submitted", ())
        ],
    }
    if signature:
        rows["signatures"] = [{**signature, "text": close(signature["text"])}]
    if ready.application.draft_id:
        rows["draft_id"] = ready.application.draft_id
    return rows


def _signature(actor: Actor, ready: Checked, case_id: UUID, at: datetime) -> tuple[dict[str, Any] | None, str]:
    """The signature under the application; or none, and why he cannot sign now who would have to."""
    try:
        return signed_application(actor, ready, case_id, at), ""
    except KeyStoreAway as away:
        log.warning("application_taken_in_unsigned", case=str(case_id), fault=away.code)
        return None, str(_("签名服务暂时没有响应，申请已经收下，由工作人员办理；申请人可以稍后在办件页补签。"))


def _case_row(ready: Checked, case_id: UUID, at: datetime, clock: dict[str, Any]) -> dict[str, Any]:
    item, applicant = ready.item, ready.applicant
    return {
        "id": case_id,
        "item_version_id": item.version_id,
        "item_code": item.content["code"],
        "task_code": item.task_code,
        "task_name": item.content["task_name"],
        "project_type": item.content.get("project_type") or "2",
        "department_id": item.department_id,
        "division": item.division,
        "applicant_kind": applicant.kind,
        "applicant_id": applicant.id,
        "applicant_person_id": applicant.person_id,
        "applicant_name": applicant.name,
        "applicant_number": close(applicant.number) if applicant.number else "",
        "applicant_index": blind_index(applicant.number) if applicant.number else "",
        "contact_phone": close(applicant.phone) if applicant.phone else "",
        "answers": _closed_json(ready.answers),
        "situation": ready.situation,
        "delivery_wish": _closed_json(dict(ready.application.delivery_wish)),
        "state": "submitted",
        "result": "",
        "suspended_from": "",
        "channel": ready.application.channel,
        "submitted_at": at,
        "received_at": at,
        "accepted_by_silence": False,
        "answer_due_on": clock["statutory_due_on"],
        "due_certain": clock["certain"],
        "warn_on": clock["warn_on"],
        "yellow_on": clock["yellow_on"],
        "red_on": clock["red_on"],
        "lamp": "warn" if clock["warn_on"] <= at.date() else "green",
        "lamp_floor": "green",
        "lamp_note": "",
        "stage_key": "accept",
        "stage_name": "受理",
        "holder_department_id": item.department_id,
        "urgent_on": clock["promise_due_on"],
        "is_open": True,
        "correction_count": 0,
        "certificate_name": "",
        "certificate_no": "",
    }


def event_row(actor: Actor, case_id: UUID, verb: str, at: datetime, **columns: Any) -> dict[str, Any]:
    """One line of the time line."""
    return {
        "id": uuid7(),
        "case_id": case_id,
        "at": at,
        "verb": verb,
        "actor_kind": actor.kind,
        "account_id": actor.account_id,
        "department_id": actor.department_id,
        "until_on": None,
        "note": "",
        "letter_id": None,
        "is_public": True,
        **columns,
    }
