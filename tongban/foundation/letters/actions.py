"""Issuing letters and setting them in type."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import yaml
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction

from tongban.foundation.audit.actions import record, stream_of
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import department

from .errors import TemplateNotFound, TypesettingFailed
from .gateways import compile_pdf, qr_svg, typst
from .models import Letter, LetterSeries, LetterTemplate
from .queries import template_in_force
from .rules import CODE_ALPHABET, agency_word, chinese_day, compose, letter_number, shown

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

FOLDER = Path(__file__).parent / "templates"
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
) -> Letter:
    """Number and date a letter. The caller has the right to what the letter says; the letter itself needs none.

    `data` is shown as text (README lists the keys); `abbreviation` in it is 机关代字. Numbers of one department, kind and
    year have no gaps: whoever issues the next waits until this transaction ends.
    """
    template = _template(template_code, on)
    sender = department(department_id)
    word = (data.get("abbreviation") or agency_word(sender.short_name)) + template.content["kind"]
    serial = _next_serial(department_id, word, on.year)
    letter = Letter.objects.create(
        template=template,
        department=sender,
        word=word,
        year=on.year,
        serial=serial,
        number=letter_number(word=word, year=on.year, serial=serial),
        subject=stream_of(subject),
        owner_id=owner_id,
        issued_on=on,
        issued_by=actor.account_id,
        verify_code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        data=shown(data),
    )
    record("letters.issued", actor=actor, subject=letter, data={"number": letter.number, "about": letter.subject})
    return letter


def _next_serial(department_id: UUID, word: str, year: int) -> int:
    """The next number of a series, its row locked until the transaction ends."""
    same = {"department_id": department_id, "word": word, "year": year}
    LetterSeries.objects.bulk_create([LetterSeries(**same)], ignore_conflicts=True)
    series = LetterSeries.objects.select_for_update().get(**same)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def pdf_of(letter_id: UUID | str) -> bytes:
    """The letter's PDF, made when first asked for and the same ever after. Rights are the caller's: `queries.letter_for`."""
    letter = find(Letter.objects.select_related("template", "department"), pk=letter_id)
    if letter.file_name and default_storage.exists(letter.file_name):
        with default_storage.open(letter.file_name) as kept:
            return kept.read()
    pdf = typeset(letter.template.content["source"], _printed(letter))
    name = default_storage.save(f"letters/{letter.year}/{letter.pk}.pdf", ContentFile(pdf))
    Letter.objects.filter(pk=letter.pk).update(file_name=name, file_sm3=sm3(pdf))
    return pdf


def _printed(letter: Letter) -> dict[str, Any]:
    """What stands on the paper: the letter's data, and what the letter itself knows."""
    verify_url = f"{settings.SITE_URL}/letters/verify/{letter.verify_code}/"
    return {
        "title": letter.template.content["title"],
        **letter.data,
        "number": letter.number,
        "department": letter.department.name,
        "date": chinese_day(letter.issued_on),
        "verify_code": letter.verify_code,
        "verify_url": verify_url,
        "qr": qr_svg(verify_url),
    }


def typeset(source: str, data: dict[str, Any]) -> bytes:
    """A PDF from a template's source and data. What people wrote is data: it is shown as text, whatever it says."""
    try:
        return compile_pdf(source, {**shown({k: v for k, v in data.items() if k != "qr"}), "qr": data.get("qr", "")})
    except typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def qr_picture(text: str) -> str:
    """A QR code as SVG, for the key `qr` of a letter's data or for a page."""
    return qr_svg(text)


def packaged(code: str) -> dict[str, Any]:
    """The newest content of a template as it lies in the room; `source` is complete in itself."""
    about = _index()[code]
    content: dict[str, Any] = {"title": about["title"], "kind": about["kind"]}
    if "blocks" in about:
        content |= {"step": code, "blocks": about["blocks"]}
    return content | {"source": source_of(code, content)}


def source_of(code: str, content: dict[str, Any]) -> str:
    """The typst text of a template's content: the layout, then what its blocks come to (or what the room holds in typst)."""
    layout = (FOLDER / "layout.typ").read_text()
    return layout + (compose(content) if "blocks" in content else (FOLDER / f"{code}.typ").read_text())


def _index() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "letters.yaml").read_text())
    return found


def load_templates() -> int:
    """Publish every packaged template whose text is not the newest version yet, from today; answers how many were.

    What officials have published themselves stands: a packaged text does not take its place.
    """
    newest = {t.code: t for t in LetterTemplate.objects.order_by("code", "-version").distinct("code")}
    fresh = []
    for code, about in _index().items():
        content = packaged(code)
        digest, before = sm3(canonical(content)), newest.get(code)
        if before is None or (before.drafted_by is None and before.digest != digest):
            fresh.append(
                LetterTemplate(
                    code=code,
                    version=before.version + 1 if before else 1,
                    effective_on=today() if before else about["effective_on"],
                    status=LetterTemplate.Status.PUBLISHED,
                    published_at=now(),
                    content=content,
                    digest=digest,
                )
            )
    LetterTemplate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _template(code: str, on: date) -> LetterTemplate:
    """The template in force; the packaged ones are published when there is none at all yet."""
    found = template_in_force(code, on)
    if found is None:
        load_templates()
        found = template_in_force(code, on)
    if found is None:
        raise TemplateNotFound(template=code)
    return found
