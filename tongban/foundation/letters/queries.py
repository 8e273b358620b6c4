"""Reading letters: the one it is sent to, the department that sent it, and those who oversee the department."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.foundation.drafting.queries import open_drafts
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.versions import in_force

from .errors import LetterNotFound
from .models import Letter, LetterTemplate
from .rules import STEPS, answers_wanted

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor


VERB = "items.manage"  # who writes a department's items writes its letters
KIND = "letter"  # of drafts
# Departments write none of these: a licence has a design of its own, the notice is made from the guide.
WRITTEN_STEPS = tuple(step for step in STEPS if step not in ("licence", "one_time_notice"))


def _rows() -> QuerySet[Letter]:
    return Letter.objects.select_related("template", "department").defer("data")


def _may_see(actor: Actor, letter: Letter) -> bool:
    return may(
        actor,
        "cases.see",
        owner_id=letter.owner_id,
        department_id=letter.department_id,
        division=letter.department.division_id,
    )


def letter_for(actor: Actor, letter_id: UUID | str) -> Letter:
    """One letter the actor may see, its template and department loaded."""
    try:
        letter = _rows().get(pk=letter_id)
    except (Letter.DoesNotExist, ValueError):
        raise LetterNotFound from None
    if not _may_see(actor, letter):
        raise LetterNotFound
    return letter


def letters_about(actor: Actor, subject: str) -> list[Letter]:
    """The letters about one thing that the actor may see, oldest first, one query."""
    return [letter for letter in _rows().filter(subject=subject).order_by("id") if _may_see(actor, letter)]


def letter_by_code(verify_code: str) -> Letter:
    """For whoever holds the paper: the letter with this verification code."""
    try:
        return _rows().get(verify_code=verify_code.strip().upper())
    except Letter.DoesNotExist:
        raise LetterNotFound from None


def answers_wanted_by(code: str, on: date) -> set[str]:
    """The labels of the questions whose answers the template in force prints."""
    template = template_in_force(code, on)
    return answers_wanted(template.content) if template else set()


def template_in_force(code: str, on: date) -> LetterTemplate | None:
    return in_force(LetterTemplate.objects.all(), on, code=code)


def own_templates(actor: Actor) -> QuerySet[LetterTemplate]:
    """All versions of the letters that the actor's department has made for itself."""
    permit(actor, VERB, department_id=actor.department_id)
    return LetterTemplate.objects.filter(department=actor.department_id)


def own_template(actor: Actor, template_id: UUID) -> LetterTemplate:
    return find(own_templates(actor), pk=template_id)


def own_letters(actor: Actor) -> list[LetterTemplate]:
    """The newest version of each of them that is published or waits for review, by step. One query."""
    statuses = [LetterTemplate.Status.PUBLISHED, LetterTemplate.Status.IN_REVIEW]
    rows = own_templates(actor).filter(status__in=statuses).order_by("code", "-version").distinct("code")
    return sorted(rows, key=lambda row: (row.content["step"], row.code))


def asked_by(actor: Actor, item_code: str) -> list[str]:
    """The labels of the questions an item asks, as the room told by `LETTER_QUESTIONS` knows them."""
    return import_string(settings.LETTER_QUESTIONS)(actor, item_code) if item_code else []


def standard_letters(on: date) -> dict[str, LetterTemplate]:
    """Step → the standard letter in force. One query."""
    rows = LetterTemplate.objects.filter(
        department=None, status=LetterTemplate.Status.PUBLISHED, effective_on__lte=on, code__in=STEPS
    )
    found = {row.code: row for row in rows.order_by("code", "-effective_on", "-version").distinct("code")}
    return {step: found[step] for step in STEPS if step in found}


def letters_for_step(department_id: UUID) -> dict[str, list[LetterTemplate]]:
    """Step → the department's own letters that an item may send there, the newest version of each. One query."""
    rows = LetterTemplate.objects.filter(department=department_id, status=LetterTemplate.Status.PUBLISHED)
    found: dict[str, list[LetterTemplate]] = {}
    for row in rows.order_by("code", "-version").distinct("code"):
        found.setdefault(row.content["step"], []).append(row)
    return found


def open_letters_of_item(actor: Actor, item_code: str) -> list[Draft]:
    """Letters that are being written for an item."""
    found = open_drafts(actor, KIND, verb=VERB)
    return [draft for draft in found if draft.content.get("item_code") == item_code]


def work_waiting(actor: Actor) -> list[LetterTemplate]:
    """Letters of his department that colleagues wrote and he may publish or return. One query."""
    if not may(actor, VERB, department_id=actor.department_id, division=actor.division):
        return []
    rows = LetterTemplate.objects.filter(department=actor.department_id, status=LetterTemplate.Status.IN_REVIEW)
    return list(rows.exclude(drafted_by__in=actor.names).order_by("id"))
