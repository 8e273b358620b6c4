"""Looking at what somebody holds: one answer, the steps to it, and no more of the person than the paper shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tongban.foundation.credentials.queries import ANSWERS, STEPS, checked, step_words
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.letters.errors import LetterNotFound
from tongban.foundation.letters.queries import letter_by_code
from tongban.services.licences.queries import public_face, public_faces
from tongban.services.verification.errors import NothingToVerify
from tongban.services.verification.rules import read, standing

if TYPE_CHECKING:
    from tongban.foundation.credentials.queries import Checked
    from tongban.services.licences.queries import PublicFace


@dataclass(frozen=True)
class Row:
    """One step as it is shown: `ok` None means that it could not be looked at."""

    name: str
    ok: bool | None
    words: str


@dataclass(frozen=True)
class Verdict:
    """What was found about one thing. `face` is what may be shown to whoever holds it, `code` one of `sentences.ANSWERS`."""

    code: str
    checked_at: datetime
    rows: list[Row] = field(default_factory=list)
    face: dict[str, str] = field(default_factory=dict)
    altered: list[str] = field(default_factory=list)
    superseded_by: int | None = None  # the newest version
    superseded_on: date | None = None

    @property
    def title(self) -> str:
        return str(ANSWERS[self.code][0])

    @property
    def text(self) -> str:
        return str(ANSWERS[self.code][1])

    @property
    def mark(self) -> str:
        return ANSWERS[self.code][2]


def verdicts_of(text: str) -> list[Verdict]:
    """What a scanned code, an identifier, a number or a letter's code stands for. Several licences may bear one number."""
    kind, what = read(text)
    if kind == "nothing":
        raise NothingToVerify
    if kind == "credential":
        return [_of_credential(checked(what))]
    if kind == "identifier":
        return [_of_identifier(what)]
    if kind == "letter":
        return [of_letter(what) or unknown()]
    return _of_number(what)


def _of_credential(found: Checked) -> Verdict:
    """The signature by our keys; how the licence stands is asked of the store, which knows it this very moment."""
    rows = [row_of(step.step, step.ok) for step in found.steps if step.ok is not None]
    if found.claims is None:
        return Verdict(found.answer, now(), rows)
    face = public_face(found.claims.subject)
    if face is None:
        return Verdict("unknown", now(), [*rows, row_of("register", False)])
    verdict = of_face(face)
    code = found.answer if found.answer == "clock" else verdict.code
    rows = [row for row in rows if row.name != STEPS["period"][0]]
    return Verdict(
        code,
        now(),
        [*rows, *verdict.rows],
        verdict.face,
        superseded_by=verdict.superseded_by,
        superseded_on=verdict.superseded_on,
    )


def _of_identifier(identifier: str) -> Verdict:
    face = public_face(identifier)
    return of_face(face) if face else unknown()


def _of_number(number: str) -> list[Verdict]:
    found = [of_face(face) for face in public_faces(number)]
    if found:
        return found
    letter = of_letter(number.upper()) if number.isascii() else None
    return [letter or unknown()]


def unknown() -> Verdict:
    return Verdict("unknown", now(), [row_of("register", False)])


def of_face(face: PublicFace) -> Verdict:
    """A licence as the store has it today."""
    code = standing(face.status, face.valid_from, today())
    rows = [
        row_of("register", True),
        row_of("status", code not in ("suspended", "revoked", "superseded", "unknown")),
        row_of("period", code not in ("expired", "not_yet")),
    ]
    shown = {
        _("证照名称"): face.name,
        _("证照编号"): face.number,
        _("持证人"): face.holder,
        _("颁发机关"): face.issuer,
        _("有效期"): _period(face),
    }
    if face.version > 1:
        shown[_("版本")] = _("第%(number)s版") % {"number": face.version}
    return Verdict(
        code, now(), rows, shown, superseded_by=face.superseded_by, superseded_on=face.superseded_on
    )  # fmt: skip


def _period(face: PublicFace) -> str:
    first, last = face.valid_from, face.valid_until
    until = date_format(last, "Y年n月j日") if last else _("长期")
    return f"{date_format(first, 'Y年n月j日')} — {until}" if first else str(until)


def of_letter(code: str) -> Verdict | None:
    try:
        letter = letter_by_code(code)
    except LetterNotFound:
        return None
    shown = {
        _("文书"): letter.template.content["title"],
        _("文号"): letter.number,
        _("发文机关"): letter.department.name,
        _("日期"): date_format(letter.issued_on, "Y年n月j日"),
    }
    return Verdict("genuine", now(), [Row(_("文书库"), True, _("系统里有这份文书。"))], shown)


def row_of(step: str, ok: bool | None) -> Row:
    return Row(str(STEPS[step][0]), ok, step_words(step, ok))
