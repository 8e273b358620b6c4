"""Whoever tries numbers one after another is stopped: his address is counted for a minute, and not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tongban.foundation.attempts.actions import allow, note
from tongban.foundation.kernel.errors import TooMany

from .errors import AskedTooOften, FileTooBig
from .rules import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from .queries import Verdict


def count(request: HttpRequest) -> None:
    """One verification more; `AskedTooOften` when there were too many."""
    try:
        allow("verification", request.META.get("REMOTE_ADDR", ""))
    except TooMany:
        raise AskedTooOften from None


def note_failures(request: HttpRequest, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
    """What says to be ours and is not as it was signed is kept for those who watch (`foundation/attempts`); not what it was."""
    if any(verdict.code == "altered" for verdict in verdicts):
        note("signature", address=request.META.get("REMOTE_ADDR", ""), route="verify")
    return verdicts


def read_file(brought: UploadedFile) -> bytes:
    """The bytes of a file that is to be looked at; it is kept nowhere."""
    if (brought.size or 0) > MOST_BYTES:
        raise FileTooBig
    return bytes(brought.read(MOST_BYTES + 1))
