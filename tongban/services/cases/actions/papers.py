"""The documents a step leaves behind, numbered and dated (受理通知书, 补正告知书, 决定书 …)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.letters.actions import issue_letter
from tongban.foundation.letters.queries import answers_wanted_by
from tongban.services.forms.queries import answers_in_words

if TYPE_CHECKING:
    from tongban.foundation.letters.models import Letter

    from .turn import Turn


def issue(turn: Turn, template: str, **words: Any) -> Letter:
    """A letter to the applicant about this case, in its department's name."""
    case, content = turn.case, turn.content
    letters = content.get("letters") or {}
    own = (letters.get("templates") or {}).get(template, "")
    data = {
        "recipient": case.applicant_name,
        "item_name": case.task_name,
        "project_no": case.project_no,
        "submitted_on": day_of(case.submitted_at),
        "phone": content.get("consult_phone", ""),
        "abbreviation": letters.get("abbreviation", ""),
        "sample": bool(content.get("sample", True)),
        "answers": _answers(turn, own),
        **words,
    }
    return issue_letter(
        actor=turn.actor,
        template_code=template,
        department_id=case.department_id,
        subject=f"case:{case.pk}",
        owner_id=case.applicant_id,
        data=data,
        on=turn.on,
        own=own,
    )


def _answers(turn: Turn, own: str) -> dict[str, str]:
    """Of the applicant's answers, those the department's own letter prints; no others are kept with it."""
    wanted = answers_wanted_by(own, turn.on) if own else set()
    if not wanted:
        return {}
    case = turn.case
    context = {"situation": case.situation, "applicant": {"kind": case.applicant_kind}}
    said = answers_in_words(turn.content["form"], case.answers, context)
    return {label: said[label] for label in wanted & said.keys()}


def day_of(moment: datetime) -> date:
    """The day in China."""
    return moment.astimezone(SHANGHAI).date()


def material_lines(turn: Turn) -> list[dict[str, Any]]:
    """The materials of a case as a letter lists them."""
    return [
        {"name": row.name, "form": row.get_way_display(), "copies": row.copies}
        for row in turn.case.materials.order_by("key", "position")
    ]


def remedies() -> str:
    """The ways to object to a refusal (行政复议法 art. 20, 行政诉讼法 art. 46)."""
    return _(
        "您如对本决定不服，可以自收到之日起60日内向本级人民政府申请行政复议，也可以自收到之日起6个月内直接向人民法院提起行政诉讼。"
    )
