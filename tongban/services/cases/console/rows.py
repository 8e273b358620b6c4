"""The lines of the worklist, drawn in one stroke each: fifty are drawn all day long, and tag by tag that costs thrice as much."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
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
    "id",
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

# The head of this table is in worklist.html.
LINE = """
<tr role="row">
  <td role="cell"><input type="checkbox" name="case" value="{id}" aria-label="{choose} {short}"></td>
  <td role="cell"><span class="{mark}">{mark_word}</span></td>
  <td class="cs-due" role="cell"><strong class="{late}">{due}</strong><br><span class="tb-muted">{due_day}</span></td>
  <th scope="row" role="rowheader"><a href="{worklist}{id}/" data-open>{item}</a><br>
    <span class="tb-number tb-muted" title="{number}">{short}</span></th>
  <td role="cell">{applicant}<br><span class="tb-muted">{kind}</span></td>
  <td role="cell">{state}<br><span class="tb-muted">{stage}</span></td>
  <td role="cell">{holder}</td>
  <td role="cell">{at}<br><span class="tb-muted">{channel}</span></td>
</tr>"""


def lines_of(cases: Sequence[Any], today: date) -> SafeString:
    """The body of the table, from rows with the columns `LISTED`. One query, for the names of those who have the cases."""
    names = staff_names({case.holder_account_id for case in cases if case.holder_account_id})
    said: dict[str, Any] = {
        **{name: _choices(name) for name in ("state", "result", "channel", "applicant_kind")},
        "lamp": {"green": _("正常"), "warn": _("临近期限"), "yellow": _("黄牌"), "red": _("红牌")},
        "left": cache(days_left),
    }
    same = {"choose": escape(_("选择")), "worklist": escape(reverse("console-cases"))}
    free = _("待接办")
    lines = (
        {
            **same,
            **_always(case, said),
            **(_while_open(case, said, today) if case.is_open else _when_closed(case, said)),
            "holder": names.get(case.holder_account_id) or free,
        }
        for case in cases
    )
    return format_html_join("", LINE, lines)


def _choices(name: str) -> dict[str, str]:
    choices = cast("Field[Any, Any]", Case._meta.get_field(name)).choices
    return {value: escape(label) for value, label in cast("Any", choices)}


def _always(case: Any, said: dict[str, Any]) -> dict[str, str]:
    company = case.applicant_kind == "company"
    return {
        "id": str(case.id),
        "number": case.project_no,
        "short": short_number(case.project_no),
        "item": case.task_name,
        "applicant": case.applicant_name if company else mask_name(case.applicant_name),
        "kind": said["applicant_kind"].get(case.applicant_kind, ""),
        "state": said["state"].get(case.state, ""),
        "at": f"{case.submitted_at.astimezone(SHANGHAI):%m-%d %H:%M}",
        "channel": said["channel"].get(case.channel, ""),
    }


def _while_open(case: Any, said: dict[str, Any], today: date) -> dict[str, str]:
    return {
        "mark": f"tb-lamp tb-lamp--{case.lamp}",
        "mark_word": said["lamp"].get(case.lamp, ""),
        "due": said["left"](case.urgent_on),
        "due_day": f"{case.urgent_on:%m-%d}",
        "late": "cs-late" if case.urgent_on < today else "",
        "stage": case.stage_name,
    }


def _when_closed(case: Any, said: dict[str, Any]) -> dict[str, str]:
    return {
        "mark": "tb-tag tb-tag--grey",
        "mark_word": said["result"].get(case.result, ""),
        "due": "",
        "due_day": f"{case.urgent_on:%Y-%m-%d}",
        "late": "",
        "stage": "",
    }
