"""Looking at a PDF or OFD somebody holds: is it what was made here, unchanged, and does what it says still stand?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.foundation.kernel.clock import now
from tongban.foundation.layouts.queries import judge_ofd, judge_pdf
from tongban.services.licences.queries import public_copy, public_face
from tongban.services.verification.errors import FileTooBig, NothingToVerify
from tongban.services.verification.rules import MOST_BYTES, answer_of_file, form_of, read

from .verdicts import Row, Verdict, of_face, of_letter, row_of, unknown

if TYPE_CHECKING:
    from tongban.foundation.layouts.queries import Judgement
    from tongban.services.licences.queries import PublicFace

JUDGES = {"pdf": judge_pdf, "ofd": judge_ofd}


def verdict_of_file(data: bytes) -> Verdict:
    """What may be thought of a file, whatever its bytes are; the licence or letter it names as it stands today.

    `FileTooBig` above the limit, `NothingToVerify` when it is empty. It tells no more than the file itself does.
    """
    if not data:
        raise NothingToVerify
    if len(data) > MOST_BYTES:
        raise FileTooBig
    form = form_of(data)
    if not form:
        return Verdict("broken", now(), [Row(_("文件类型"), False, _("不是 PDF 或 OFD 文件。"))])
    judged = JUDGES[form](data)
    rows = [Row(str(step.name), step.ok, str(step.words)) for step in judged.steps]
    answer = answer_of_file(
        signed=[(one.ok, one.seal is not None) for one in judged.signers],
        intact=judged.intact,
        altered=bool(judged.altered),
        readable=bool(judged.steps) and judged.steps[0].ok is True,
    )
    if answer != "genuine":
        return Verdict(answer, now(), rows, _sealed_by(judged), altered=judged.altered)
    return _joined(judged, rows)


def _joined(judged: Judgement, rows: list[Row]) -> Verdict:
    """A genuine file, with what our store knows of the licence or letter it names."""
    kind, what = read(judged.identifier)
    if kind == "identifier":
        face = public_face(what)
        found = _of_licence(face, judged) if face else unknown()
        found = _as_copy(found, what, judged.copy_number) if face and judged.copy_number else found
    else:
        letter = of_letter(what.upper()) if what.isascii() else None
        found = letter or (unknown() if what else Verdict("genuine", now()))
    return Verdict(
        found.code, now(), [*rows, *found.rows], found.face | _sealed_by(judged), superseded_by=found.superseded_by,
        superseded_on=found.superseded_on,
    )  # fmt: skip


def _of_licence(face: PublicFace, judged: Judgement) -> Verdict:
    """Only the issuer's own seal makes a file of a licence: another department's says nothing about it."""
    found = of_face(face)
    by_issuer = any(one.seal is not None and one.seal.department_id == face.issuer_id for one in judged.signers)
    code = found.code if by_issuer else "doubtful"
    return Verdict(
        code,
        now(),
        [row_of("issuer", by_issuer), *found.rows],
        found.face,
        superseded_by=found.superseded_by,
        superseded_on=found.superseded_on,
    )


def _as_copy(found: Verdict, identifier: str, number: str) -> Verdict:
    """A copy for one use: what it is for comes first, how the licence itself stands beside it."""
    copy = public_copy(identifier, number)
    if copy is None:
        return replace(found, code="unsure")
    told = {"user": copy.user_name, "purpose": copy.purpose}
    rows = [
        Row(_("加注件"), None, _("只供“%(user)s”用于“%(purpose)s”。别人拿来的，或者办别的事，不能收。") % told),
        Row(
            _("加注件的期限"),
            not copy.over,
            _("已经过了最后一天，不能再用。") if copy.over else _("还在写明的期限内。"),
        ),
    ]
    shown = {
        _("加注件编号"): copy.number,
        _("只供谁用"): copy.user_name,
        _("只用于"): copy.purpose,
        _("制作日期"): _day(copy.made_on),
        _("用到哪一天"): _day(copy.until_on),
        _("证照本身"): found.title,
    }
    code = found.code if found.code != "valid" else "copy_over" if copy.over else "copy"
    return replace(found, code=code, rows=[*rows, *found.rows], face=shown | found.face)


def _day(value: date | None) -> str:
    return date_format(value, "Y年n月j日") if value else str(_("没有写明"))


def _sealed_by(judged: Judgement) -> dict[str, str]:
    """Who signed and when, as the file itself tells."""
    told = [
        f"{one.name}（{date_format(localtime(one.at), 'Y年n月j日 H:i')}）" if one.at else one.name
        for one in judged.signers
        if one.name
    ]
    return {_("盖章和签名"): "；".join(told)} if told else {}
