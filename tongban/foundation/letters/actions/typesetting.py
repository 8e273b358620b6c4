"""Setting letters in type, and the department's seal on them: when somebody first asks, and the same ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.lookup import find
from tongban.foundation.layouts import actions as layouts
from tongban.foundation.letters.models import Letter
from tongban.foundation.letters.rules import chinese_day, shown
from tongban.foundation.seals.errors import NotApproved, NotInUse
from tongban.foundation.seals.queries import picture_of as seal_picture
from tongban.foundation.seals.queries import seal_for
from tongban.foundation.trust.errors import KeyStoreAway

if TYPE_CHECKING:
    from tongban.foundation.seals.models import Seal

SEAL_PLACE = "seal-place"  # the label in layout.typ


def pdf_of(letter_id: UUID | str) -> bytes:
    """The letter's PDF, made when first asked for and the same ever after. Rights are the caller's: `queries.letter_for`.

    With the department's registered seal for letters it is sealed (PAdES); without one, or with a template older than that, it
    shows the drawn sample. While the seal or the key store cannot be used it is given so, too, and not kept.
    """
    letter = find(Letter.objects, pk=letter_id)
    return _kept(letter) or _made(letter.pk)


def _kept(letter: Letter) -> bytes | None:
    if not letter.file_name or not default_storage.exists(letter.file_name):
        return None
    with default_storage.open(letter.file_name) as kept:
        return kept.read()


@transaction.atomic
def _made(letter_id: UUID) -> bytes:
    """Whoever asks at the same time waits here, so that one PDF is made and sealed."""
    rows = Letter.objects.select_for_update(of=("self",), no_key=True).select_related("template", "department")
    letter = find(rows, pk=letter_id)
    kept = _kept(letter)
    if kept is not None:
        return kept
    pdf, is_final = _sealed(letter)
    if is_final:
        name = default_storage.save(f"letters/{letter.year}/{letter.pk}.pdf", ContentFile(pdf))
        Letter.objects.filter(pk=letter.pk).update(file_name=name, file_sm3=sm3(pdf))
    return pdf


def _sealed(letter: Letter) -> tuple[bytes, bool]:
    """The PDF, and whether it is to be kept."""
    source, data = letter.template.content["source"], _printed(letter)
    seal = seal_for(letter.department_id, "letter")
    if seal is None:
        return typeset(source, data), True
    try:
        with transaction.atomic():
            return _under_seal(letter, seal, source, data | {"sealed": "1"}) or typeset(source, data), True
    except (KeyStoreAway, NotApproved, NotInUse):
        return typeset(source, data), False


def _under_seal(letter: Letter, seal: Seal, source: str, data: dict[str, Any]) -> bytes | None:
    """The seal over name and date; None when the letter's template has no place for it."""
    place = layouts.place_in(source, _safe(data), SEAL_PLACE)
    if place is None:
        return None
    face = seal_picture(seal.pk)
    page, x, y = place
    return layouts.sealed_pdf(
        pdf=typeset(source, data), seal_id=seal.pk, page=page, x=x - face.width_mm / 2, y=y - face.height_mm / 2,
        reason=letter.template.content["title"], subject=f"letter:{letter.pk}",
    )  # fmt: skip


def _printed(letter: Letter) -> dict[str, Any]:
    """What stands on the paper: the letter's data, and what the letter itself knows."""
    verify_url = f"{settings.SITE_URL}/letters/verify/{letter.verify_code}/"
    return {
        "title": letter.template.content["title"],
        **letter.data,
        **({"project_no": letter.project_no} if letter.project_no else {}),
        "number": letter.number,
        "department": letter.department.name,
        "date": chinese_day(letter.issued_on),
        "verify_code": letter.verify_code,
        "verify_url": verify_url,
        "qr": layouts.qr_picture(verify_url),
    }


def typeset(source: str, data: dict[str, Any]) -> bytes:
    """A PDF from a template's source and data. What people wrote is data: it is shown as text, whatever it says."""
    return layouts.typeset(source, _safe(data))


def picture_of(source: str, data: dict[str, Any], page: int = 1) -> tuple[bytes, int]:
    """One page as an SVG picture (the nearest when there is no such page), and how many pages there are."""
    pages = layouts.pictures_of(source, _safe(data))
    return pages[min(max(page, 1), len(pages)) - 1], len(pages)


def _safe(data: dict[str, Any]) -> dict[str, Any]:
    return {**shown({k: v for k, v in data.items() if k != "qr"}), "qr": data.get("qr", "")}


def qr_picture(text: str) -> str:
    """A QR code as SVG, for the key `qr` of a letter's data or for a page."""
    return layouts.qr_picture(text)
