"""Letters in the making."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tongban.foundation.drafting.models import Draft
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.letters.actions import packaged, source_of
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.queries import KIND, VERB


def text_of_step(step: str = "grant") -> dict:
    return {name: value for name, value in packaged(step).items() if name != "source"}


def make_letter_draft(*, department_id: UUID, step: str = "grant", key: str = "") -> Draft:
    content = text_of_step(step)
    return Draft.objects.create(
        kind=KIND, key=key or f"{step}-{uuid7().hex[-8:]}", title=content["title"], department_id=department_id, verb=VERB,
        content=content, base=content, created_by=uuid7(), created_at=now(), updated_at=now(),
    )  # fmt: skip


def make_template(*, department_id: UUID, step: str = "grant", status: str = "in_review") -> LetterTemplate:
    draft = make_letter_draft(department_id=department_id, step=step)
    Draft.objects.filter(pk=draft.pk).update(state="in_review" if status == "in_review" else "done")
    return LetterTemplate.objects.create(
        code=draft.key, department_id=department_id, draft_id=draft.pk, version=1, status=status,
        effective_on=date(2026, 1, 1), drafted_by=uuid7(),
        content={**draft.content, "source": source_of(draft.key, draft.content)},
    )  # fmt: skip
