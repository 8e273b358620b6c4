"""A licence as a file: drawn from its signed record when somebody first asks, sealed by its issuer, kept; and copies for one use."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.foundation.files.actions import keep_made
from tongban.foundation.files.queries import content_of, stored
from tongban.foundation.kernel.actors import installer, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.layouts.actions import ofd_of, pdf_of, sealed_ofd, sealed_pdf
from tongban.foundation.seals.errors import NotApproved, NotInUse
from tongban.foundation.seals.queries import picture_of, seal_for
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.services.licences.errors import COPY_WORDS, CopyRefused, LayoutWaiting, NotShowable, SealingAway
from tongban.services.licences.models import Copy, Layout, Licence, Use
from tongban.services.licences.queries import is_holder, licence_by_identifier, licence_for
from tongban.services.licences.queries.words import lines_of
from tongban.services.licences.rules.drawing import as_copy, filled, standard
from tongban.services.licences.rules.states import CURRENT
from tongban.services.licences.rules.using import copy_faults

from .coding import credential_of
from .using import HOLD, keys_of, note_use

if TYPE_CHECKING:
    from tongban.foundation.files.models import StoredFile
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.rules.drawing import Page, Place

PDF, OFD = "pdf", "ofd"
MEDIA = {PDF: "application/pdf", OFD: "application/ofd"}
MACHINE = installer("files.store")


def layout_of(*, actor: Actor, licence_id: UUID | str, form: str) -> bytes:
    """A version of a licence as sealed PDF or OFD (`form`), for its holder or its issuer. Made once, the same ever after.

    `LayoutWaiting`: the issuer has no seal to use now; `SealingAway`: the key store does not answer; `NotShowable`: it was never drawn
    and is no longer in force. Nothing is lost by any of these: it is made when next asked for.
    """
    if form not in MEDIA:
        raise NotFound
    licence = licence_for(actor, licence_id)
    if not is_holder(actor, licence):
        note_use(
            actor=actor, licence=licence, way=Use.Way.ISSUER, fields=keys_of(licence), purpose=_("下载证照文件")
        )  # fmt: skip
    made = Layout.objects.filter(licence=licence, copy=None, format=form).first() or _made(licence.pk, form)
    return content_of(stored(made.file_id))


@transaction.atomic
def read_licence(*, actor: Actor, identifier: str) -> Licence:
    """One version with its signed record, for its holder or its issuer; the issuer's look stands in the holder's ledger."""
    licence = licence_by_identifier(actor, identifier)
    if not is_holder(actor, licence):
        note_use(actor=actor, licence=licence, way=Use.Way.ISSUER, fields=keys_of(licence), purpose=_("读取证照数据"))
    return licence


@transaction.atomic
def _made(licence_id: UUID, form: str) -> Layout:
    """Whoever asks at the same time waits here, and finds what the first one made."""
    licence = _held(licence_id)
    made = Layout.objects.filter(licence=licence, copy=None, format=form).first()
    if made is not None:
        return made
    if licence.state not in CURRENT or not licence.record_digest:
        raise NotShowable
    pages, place = pages_of(licence)
    return _kept(licence, form, _sealed(licence, pages, place, form, subject=f"licence:{licence.pk}"))


def _held(licence_id: UUID) -> Licence:
    rows = Licence.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    return find(rows, pk=licence_id)


def _kept(licence: Licence, form: str, data: bytes, copy: Copy | None = None) -> Layout:
    name = f"{licence.type_name}{'（加注件）' if copy else ''}.{form}"
    file: StoredFile = keep_made(
        actor=MACHINE, data=data, name=name, media_type=MEDIA[form], purpose="licence",
        subject=f"licence:{licence.pk}", owner_id=licence.holder_id,
    )  # fmt: skip
    return Layout.objects.create(licence=licence, copy=copy, format=form, file_id=file.pk, made_at=now())


def pages_of(licence: Licence) -> tuple[list[Page], Place]:
    """Its pages, and where the middle of the seal goes; in Chinese, whoever asks."""
    with override("zh-hans"):
        known, own, content = _values(licence), _own(licence), licence.type.content
        if content.get("pages"):
            return filled(content["pages"], known | own)
        lines = [(str(label), own[key]) for key, label, _value in lines_of(licence)]
        holder = [] if known["holder"] in own.values() else [("持证人", known["holder"])]
        until = f"{known['valid_from']}　至　{known['valid_until']}"
        return standard(
            content.get("title") or licence.type_name, [*holder, *lines, ("有效期", until)], known,
            content.get("colour") or "red", sample=bool(content.get("sample")),
        )  # fmt: skip


def _day(value: date | None) -> str:
    return date_format(value, "Y年n月j日") if value else ""


def _said(value: str, is_day: bool) -> str:
    """A day as people write it; history may hold something else where a day should stand."""
    try:
        return _day(date.fromisoformat(value)) if is_day else value
    except ValueError:
        return value


def _own(licence: Licence) -> dict[str, str]:
    """The items of its type, in words."""
    days = {field["key"] for field in licence.type.content["fields"] if field.get("type") == "date"}
    return {key: _said(str(value), key in days) for key, _label, value in lines_of(licence)}


def _values(licence: Licence) -> dict[str, str]:
    """What every licence has to fill gaps with; an item of its type that bears the same name goes before it."""
    return {
        "name": licence.type_name,
        "number": str(licence.number),
        "identifier": licence.identifier,
        "holder": str(licence.holder_name),
        "holder_number": str(licence.holder_number),
        "issuer": licence.issuer_name,
        "issued_on": _day(licence.issued_on),
        "valid_from": _day(licence.valid_from or licence.issued_on),
        "valid_until": _day(licence.valid_until) or "长期",
        "credential": credential_of(licence),
    }


def _metadata(licence: Licence, **more: str) -> dict[str, str]:
    """The identifier first, then every element of the record, the record as it was signed, and its signatures."""
    record = str(licence.record)
    signatures = json.dumps(licence.signatures, ensure_ascii=False)
    elements = {name: str(value) for name, value in json.loads(record)["metadata"].items()}
    return {"ZZBS": licence.identifier, **more, **elements, "QMJL": record, "QMZ": signatures}


def _sealed(licence: Licence, pages: list[Page], place: Place, form: str, *, subject: str, **more: str) -> bytes:
    """The pages in a file under the issuing department's seal."""
    seal = seal_for(licence.issuer_id, "licence")
    if seal is None:
        raise LayoutWaiting
    face = picture_of(seal.pk)
    page, x, y = place[0], place[1] - face.width_mm / 2, place[2] - face.height_mm / 2
    told: dict[str, Any] = {"pages": pages, "title": licence.type_name, "metadata": _metadata(licence, **more)}
    try:
        if form == OFD:
            return sealed_ofd(
                ofd=ofd_of(**told), seal_id=seal.pk, places=[(page, x, y)], subject=subject, reason="颁发证照"
            )
        return sealed_pdf(pdf=pdf_of(**told), seal_id=seal.pk, page=page, x=x, y=y, reason="颁发证照", subject=subject)
    except (NotInUse, NotApproved):
        raise LayoutWaiting from None
    except KeyStoreAway:
        raise SealingAway from None


@transaction.atomic
def make_copy(*, actor: Actor, licence_id: UUID | str, purpose: str, user_name: str, until_on: date | None) -> Copy:
    """A PDF for one use (加注件): on every page what for, for whom, until when. A line of the holder's own ledger.

    Only of a licence in force. `CopyRefused` with every reason; else what `layout_of` raises, and then there is no copy.
    """
    permit(actor, HOLD, owner_id=actor.applicant_id)
    purpose, user_name = purpose.strip(), user_name.strip()
    if not is_holder(actor, licence_for(actor, licence_id)):
        raise NotFound
    faults = copy_faults(purpose=purpose, user_name=user_name, until_on=until_on, today=today())
    if faults:
        raise CopyRefused(reasons=[Reason(f"licences.copy_{code}", COPY_WORDS[code], field) for field, code in faults])
    licence = _held(UUID(str(licence_id)))
    if licence.state not in CURRENT[:1] or not licence.record_digest:
        raise NotShowable
    copy = Copy.objects.create(
        licence=licence,
        purpose=purpose,
        user_name=user_name,
        until_on=until_on,
        made_by=actor.account_id,
        made_at=now(),
    )
    _kept(licence, PDF, _copied(licence, copy), copy)
    note_use(
        actor=actor, licence=licence, way=Use.Way.COPY, fields=keys_of(licence), purpose=f"{user_name}：{purpose}"[:200],
        case_no=copy.number,
    )  # fmt: skip
    return copy


def _copied(licence: Licence, copy: Copy) -> bytes:
    until = _day(copy.until_on)
    number = copy.number
    heading = f"加注件　第{number}号　仅供{copy.user_name}用于{copy.purpose}，{until}前使用，不得挪作他用"
    watermark = f"仅供{copy.user_name}用于{copy.purpose}　{until}前有效　{number}"
    pages, place = pages_of(licence)
    drawn = as_copy(pages, heading=heading, watermark=watermark)
    return _sealed(licence, drawn, place, PDF, subject=f"licence:{licence.pk}", FBBH=number)


def copy_for(*, actor: Actor, licence_id: UUID | str, copy_id: UUID | str) -> tuple[Copy, bytes]:
    """A copy the holder made before."""
    licence = licence_for(actor, licence_id)
    if not is_holder(actor, licence):
        raise NotFound
    copy = find(Copy.objects.filter(licence__family_id=licence.family_id), pk=copy_id)
    return copy, content_of(stored(find(Layout.objects, copy=copy, format=PDF).file_id))
