"""One automatic decision explained: to the applicant with its reasons, to the department with every value it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import may
from tongban.services.decisions.errors import DecidedNotFound
from tongban.services.decisions.models import Decided, HumanCheck
from tongban.services.items.queries import last_published_of

from .values import values_of
from .words import outcome_words, rule_found_words, told

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

SEE = "decisions.see"


@dataclass(frozen=True)
class Explained:
    """Why it was decided so. `values` as far as the reader may see them; `rules` only for the department (`is_whole`);
    `appeal` is how to be heard by a person."""

    decided: Decided
    outcome: str
    reasons: list[dict[str, str]]
    appeal: str
    is_own: bool
    is_whole: bool
    asked: HumanCheck | None
    values: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)


def explained(actor: Actor, case_id: UUID) -> Explained | None:
    """The latest automatic consideration of a case, as far as the actor may see it; None when there is none."""
    rows = Decided.objects.select_related("rule_set").prefetch_related("checks").filter(case_id=case_id)
    decided = rows.order_by("-id").first()
    return _explained(actor, decided) if decided and _sees(actor, decided) else None


def explained_one(actor: Actor, decided_id: UUID) -> Explained:
    """One consideration with everything it saw, for the department; `DecidedNotFound` for anybody else."""
    rows = Decided.objects.select_related("rule_set").prefetch_related("checks")
    decided = rows.filter(pk=decided_id).first()
    if decided is None or not _oversees(actor, decided):
        raise DecidedNotFound
    return _explained(actor, decided)


def _is_own(actor: Actor, decided: Decided) -> bool:
    return decided.applicant_id is not None and decided.applicant_id == actor.applicant_id


def _oversees(actor: Actor, decided: Decided) -> bool:
    return may(actor, SEE, department_id=decided.department_id, division=decided.division)


def _sees(actor: Actor, decided: Decided) -> bool:
    return _is_own(actor, decided) or _oversees(actor, decided)


def _explained(actor: Actor, decided: Decided) -> Explained:
    content, whole = decided.rule_set.content, _oversees(actor, decided)
    appeal = (content.get("refusal") or {}).get("appeal") or _("您可以要求由工作人员重新审查这个结果。")
    asked = next((check for check in decided.checks.all() if check.cause == HumanCheck.Cause.ASKED), None)
    version = last_published_of(decided.item_code)
    item = version.content if version else {}
    values = values_of(content, decided.snapshot, item, to_applicant=not whole)
    return Explained(
        decided, outcome_words(decided.outcome), told(decided.grounds), appeal, _is_own(actor, decided), whole, asked,
        values, _rules(content, decided) if whole else [],
    )  # fmt: skip


def _rules(content: Mapping[str, Any], decided: Decided) -> list[dict[str, Any]]:
    """Every rule with what it found; `decisive` those that led to the outcome."""
    decisive = {ground["row"] for ground in decided.grounds}
    named = {check["key"]: check for check in content.get("checks", ())}
    for table in content.get("tables", ()):
        named |= {f"{table['key']}.{row['key']}": row | {"label": table.get("title", "")} for row in table["rows"]}
    return [
        {"label": named[key].get("label", ""), "article": named[key].get("article", ""),
         "sentence": named[key].get("sentence", ""), "found": rule_found_words(found), "decisive": key in decisive}
        for key, found in decided.trail if key in named
    ]  # fmt: skip
