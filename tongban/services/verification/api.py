"""Verification for other programs, open to all: what the page `/verify/` says, as data."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from .limits import count, note_failures, read_file
from .queries import Verdict, verdict_of_file, verdicts_of

router = Router(tags=["verification"], auth=None)


class AskedIn(BaseModel):
    """A scanned code, a licence identifier (证照标识), a licence number, or a letter's code."""

    text: str = Field(max_length=4000)


class VerdictStepOut(Schema):
    """One step; `ok` null means that it could not be looked at."""

    name: str
    ok: bool | None
    words: str


class FaceOut(Schema):
    label: str
    value: str


class VerdictOut(Schema):
    """`answer` is stable; the words are for people. `altered` says where."""

    answer: str
    title: str
    text: str
    checked_at: datetime
    steps: list[VerdictStepOut]
    face: list[FaceOut]
    altered: list[str]
    superseded_by: int | None
    superseded_on: date | None

    @classmethod
    def of(cls, verdict: Verdict) -> VerdictOut:
        return cls(
            answer=verdict.code,
            title=verdict.title,
            text=verdict.text,
            checked_at=verdict.checked_at,
            steps=[VerdictStepOut(name=row.name, ok=row.ok, words=row.words) for row in verdict.rows],
            face=[FaceOut(label=str(label), value=value) for label, value in verdict.face.items()],
            altered=verdict.altered,
            superseded_by=verdict.superseded_by,
            superseded_on=verdict.superseded_on,
        )


@router.post("/verifications", response=list[VerdictOut], summary="Verify a code, an identifier or a number")
def verify(request: HttpRequest, asked: AskedIn) -> list[VerdictOut]:
    """Several answers when several licences bear one number."""
    count(request)
    return [VerdictOut.of(verdict) for verdict in note_failures(request, verdicts_of(asked.text))]


@router.post("/verifications/files", response=VerdictOut, summary="Verify a PDF or OFD")
def verify_file(request: HttpRequest, file: File[UploadedFile]) -> VerdictOut:
    """`altered` names pages of a PDF or parts of an OFD. The file is read and forgotten; 20 MB at most."""
    count(request)
    return VerdictOut.of(note_failures(request, [verdict_of_file(read_file(file))])[0])
