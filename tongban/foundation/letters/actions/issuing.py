"""Issuing letters."""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models, transaction

from tongban.foundation.audit.actions import record, stream_of
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.kept import kept
from tongban.foundation.kernel.secrets import close
from tongban.foundation.letters.errors import TemplateNotFound
from tongban.foundation.letters.models import Letter, LetterSeries, LetterTemplate
from tongban.foundation.letters.queries import template_in_force
from tongban.foundation.letters.rules import CODE_ALPHABET, agency_word, letter_number, shown
from tongban.foundation.organisations.queries import department

from .packaged import load_templates

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

CODE_LENGTH = 12  # 31^12 codes: not to be guessed


@transaction.atomic
def issue_letter(
    *,
    actor: Actor,
    template_code: str,
    department_id: UUID,
    subject: models.Model | str,
    owner_id: UUID | None,
    data: dict[str, Any],
    on: date,
    own: str = "",
) -> Letter:
    """Number and date a letter. The caller has the right to what the letter says; the letter itself needs none.

    `own` is the code of a template the department has made for itself to take the place of `template_code`.

    `data` is shown as text (README lists the keys); `abbreviation` in it is 机关代字. Numbers of one department, kind and
    year have no gaps: whoever issues the next waits until this transaction ends.
    """
    template = _own_template(own, department_id, template_code, on) or _template(template_code, on)
    word = (data.get("abbreviation") or agency_word(department(department_id).short_name)) + template.content["kind"]
    serial = _next_serial(department_id, word, on.year)
    letter = Letter.objects.create(
        template=template,
        department_id=department_id,
        word=word,
        year=on.year,
        serial=serial,
        number=letter_number(word=word, year=on.year, serial=serial),
        subject=stream_of(subject),
        owner_id=owner_id,
        issued_on=on,
        issued_by=actor.account_id,
        verify_code=_verify_code(),
        data=shown(data),
    )
    record("letters.issued", actor=actor, subject=letter, data={"number": letter.number, "about": letter.subject})
    return letter


def prepared_letter(
    *,
    actor: Actor,
    template_code: str,
    department_id: UUID,
    subject: str,
    owner_id: UUID | None,
    data: dict[str, Any],
    on: date,
    own: str = "",
) -> dict[str, Any]:
    """The row of a letter, by column, for a caller that writes it inside a statement of its own (`letters_put` numbers it).

    Takes what `issue_letter` takes. No query once the template has been read this minute.
    """
    template_id, word = _letterhead(own, template_code, department_id, on, data.get("abbreviation") or "")
    return {
        "id": uuid7(),
        "template_id": template_id,
        "department_id": department_id,
        "word": word,
        "year": on.year,
        "subject": subject,
        "owner_id": owner_id,
        "issued_on": on,
        "issued_by": actor.account_id,
        "verify_code": _verify_code(),
        "data": close(json.dumps(shown(data), ensure_ascii=False)),
        "file_name": "",
        "file_sm3": "",
    }


@kept(seconds=60)
def _letterhead(own: str, step: str, department_id: UUID, on: date, abbreviation: str) -> tuple[UUID, str]:
    """The template in force and the word before the number."""
    template = _own_template(own, department_id, step, on) or _template(step, on)
    return template.pk, (abbreviation or agency_word(department(department_id).short_name)) + template.content["kind"]


def _verify_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _next_serial(department_id: UUID, word: str, year: int) -> int:
    """The next number of a series, its row locked until the transaction ends."""
    same = {"department_id": department_id, "word": word, "year": year}
    LetterSeries.objects.bulk_create([LetterSeries(**same)], ignore_conflicts=True)
    series = LetterSeries.objects.select_for_update().get(**same)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _own_template(own: str, department_id: UUID, step: str, on: date) -> LetterTemplate | None:
    """The department's own template if it is in force and made for this step."""
    found = template_in_force(own, on) if own else None
    fits = found is not None and found.department_id == department_id and found.content.get("step") == step
    return found if fits else None


def _template(code: str, on: date) -> LetterTemplate:
    """The template in force; the packaged ones are published when there is none at all yet."""
    found = template_in_force(code, on)
    if found is None:
        load_templates()
        found = template_in_force(code, on)
    if found is None:
        raise TemplateNotFound(template=code)
    return found
