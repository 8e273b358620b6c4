"""The lines of the worklist, ready to print: a page of fifty is drawn from plain values, for it is drawn all day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.masks import mask_name
from tongban.services.cases.models import Case
from tongban.services.cases.templatetags.casework import days_left, short_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Field


# What a line shows; the other columns of a case stay in the database.
LISTED = (
    "project_no",
    "task_name",
    "applicant_kind",
    "applicant_name",
    "state",
    "result",
    "channel",
    "submitted_at",
    "stage_name",
    "holder_account_id",
    "urgent_on",
    "lamp",
    "is_open",
)


class Row(TypedDict):
    """One case as the list shows it, every word in place: a dictionary, which templates read quickest."""

    id: str
    number: str
    short: str
    item: str
    applicant: str
    kind: str
    is_open: bool
    lamp: str
    lamp_word: str
    due: str
    due_day: str
    late: bool
    state: str
    stage: str
    holder: str
    at: str
    channel: str


def _words(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices}


def rows_of(cases: Sequence[Case], today: date) -> list[Row]:
    """The lines of a page. One query, for the names of those who have the cases."""
    names = staff_names({case.holder_account_id for case in cases if case.holder_account_id})
    words = {
        name: _words(cast("Field[Any, Any]", Case._meta.get_field(name)).choices)
        for name in ("state", "result", "channel", "applicant_kind")
    }
    lamps = {"green": _("正常"), "warn": _("临近期限"), "yellow": _("黄牌"), "red": _("红牌")}
    return [_row(case, names, words, lamps, today) for case in cases]


def _row(case: Case, names: Any, words: dict[str, dict[str, str]], lamps: dict[str, str], today: date) -> Row:
    company = case.applicant_kind == "company"
    return Row(
        id=str(case.pk),
        number=case.project_no,
        short=short_number(case.project_no),
        item=case.task_name,
        applicant=case.applicant_name if company else mask_name(case.applicant_name),
        kind=words["applicant_kind"].get(case.applicant_kind, ""),
        is_open=case.is_open,
        lamp=case.lamp,
        lamp_word=lamps.get(case.lamp, "") if case.is_open else words["result"].get(case.result, ""),
        due=days_left(case.urgent_on) if case.is_open else "",
        due_day=f"{case.urgent_on:%m-%d}" if case.is_open else f"{case.urgent_on:%Y-%m-%d}",
        late=case.is_open and case.urgent_on < today,
        state=words["state"].get(case.state, ""),
        stage=case.stage_name if case.is_open else "",
        holder=names.get(case.holder_account_id, ""),
        at=f"{case.submitted_at.astimezone(SHANGHAI):%m-%d %H:%M}",
        channel=words["channel"].get(case.channel, ""),
    )
