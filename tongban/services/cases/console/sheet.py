"""Cases as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from tongban.foundation.kernel.cells import inert
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.masks import mask_name
from tongban.services.cases.models import Case

WORDS = {"state": dict(Case.State.choices), "result": dict(Case.Result.choices), "channel": dict(Case.Channel.choices),
         "lamp": dict(Case.Lamp.choices)}  # fmt: skip


def _columns() -> dict[str, str]:
    return {
        "project_no": _("办件编号"),
        "task_name": _("事项"),
        "applicant_name": _("申请人"),
        "state": _("状态"),
        "result": _("结果"),
        "stage_name": _("环节"),
        "channel": _("渠道"),
        "lamp": _("灯"),
        "submitted_at": _("提交时间"),
        "accepted_at": _("受理时间"),
        "promise_due_on": _("承诺期限"),
        "statutory_due_on": _("法定期限"),
        "decided_at": _("决定时间"),
        "closed_at": _("办结时间"),
    }


def cell(name: str, value: Any) -> Any:
    """As a person reads it: codes in words, times of China, names masked, nothing a program would run."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    if name in WORDS:
        return str(WORDS[name].get(value, value))
    return inert(value) if isinstance(value, str) else value


def workbook_of(rows: Iterable[dict[str, Any]]) -> bytes:
    """An XLSX file; rows are written as they come, so that a long list needs little memory."""
    columns = _columns()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("办件"))
    sheet.append(list(columns.values()))
    for row in rows:
        shown = (
            row if row["applicant_kind"] == "company" else {**row, "applicant_name": mask_name(row["applicant_name"])}
        )
        sheet.append([cell(name, shown[name]) for name in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
