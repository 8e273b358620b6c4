"""Which letter an item sends at each step: the standard one, or one the department has made for itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import today
from tongban.foundation.letters.queries import (
    WRITTEN_STEPS,
    answers_wanted_by,
    letters_for_step,
    open_letters_of_item,
    standard_letters,
)

from .findings import WARN, Finding

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.letters.models import LetterTemplate


@dataclass(frozen=True)
class Choice:
    """One letter that may be sent at a step; `ops` is the edit that chooses it."""

    title: str
    template_id: UUID | None  # None: the standard letter
    ops: str
    chosen: bool


@dataclass(frozen=True)
class StepLetters:
    step: str
    title: str
    choices: list[Choice]
    drafts: list[Draft]


def letters_of(actor: Actor, draft: Draft) -> list[StepLetters]:
    """Every step with the letters that may be sent there, and the drafts being written for this item."""
    standard = standard_letters(today())
    writing = open_letters_of_item(actor, draft.key)
    own = letters_for_step(draft.department_id)
    return [
        StepLetters(
            step,
            standard[step].content["title"],
            _choices(draft.content, step, own.get(step, [])),
            [one for one in writing if one.content.get("step") == step],
        )
        for step in WRITTEN_STEPS
        if step in standard
    ]


def _choices(content: Mapping[str, Any], step: str, own: list[LetterTemplate]) -> list[Choice]:
    now = chosen_at(content, step)
    known = {row.code for row in own}
    rows = [Choice(_("标准文书"), None, _ops(content, step, ""), now not in known)]
    return rows + [Choice(row.content["title"], row.pk, _ops(content, step, row.code), now == row.code) for row in own]


def chosen_at(content: Mapping[str, Any], step: str) -> str:
    """The code of the own letter chosen for a step; empty: the standard one."""
    return str(_templates(content).get(step) or "")


def _templates(content: Mapping[str, Any]) -> Mapping[str, Any]:
    letters = content.get("letters")
    templates = letters.get("templates") if isinstance(letters, dict) else None
    return templates if isinstance(templates, dict) else {}


def _ops(content: Mapping[str, Any], step: str, code: str) -> str:
    letters = content.get("letters")
    if not isinstance(letters, dict):
        ops = [{"op": "add", "path": "/letters", "value": {"templates": {step: code}}}]
    elif not isinstance(letters.get("templates"), dict):
        ops = [{"op": "add", "path": "/letters/templates", "value": {step: code}}]
    else:
        ops = [{"op": "add", "path": f"/letters/templates/{step}", "value": code}]
    return json.dumps(ops, ensure_ascii=False)


def advice_on_letters(draft: Draft) -> Iterator[Finding]:
    """A letter that is no longer there, or that quotes an answer the form does not ask for."""
    chosen = {step: code for step, code in _templates(draft.content).items() if code}
    if not chosen:
        return
    labels, own = _labels(draft.content), letters_for_step(draft.department_id)
    for step, code in chosen.items():
        path = f"/letters/templates/{step}"
        if code not in {row.code for row in own.get(step, [])}:
            yield Finding(path, _("选用的文书还没有发布，或者已经没有了，会改用标准文书。"), "", "letters", WARN)
        for label in sorted(answers_wanted_by(str(code), today()) - labels):
            text = _("选用的文书引用了“%(label)s”，表单里没有这个问题。") % {"label": label}
            yield Finding(path, text, "", "letters", WARN)


def _labels(content: Mapping[str, Any]) -> set[str]:
    form = content.get("form")
    groups = form.get("groups") if isinstance(form, dict) else None
    return {
        str(field.get("label"))
        for group in groups or []
        if isinstance(group, dict)
        for field in group.get("fields") or []
        if isinstance(field, dict)
    }
