"""Whoever tries numbers one after another is stopped: his address is counted for a minute, and not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from tongban.foundation.kernel.allowance import Allowance

from .errors import AskedTooOften, FileTooBig
from .rules import MOST_BYTES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

allowance = Allowance()


def count(request: HttpRequest) -> None:
    """One verification more; `AskedTooOften` when there were too many."""
    calls, _left = allowance.counted(request.META.get("REMOTE_ADDR", ""))
    if calls > settings.VERIFICATIONS_PER_MINUTE:
        raise AskedTooOften


def read_file(brought: UploadedFile) -> bytes:
    """The bytes of a file that is to be looked at; it is kept nowhere."""
    if (brought.size or 0) > MOST_BYTES:
        raise FileTooBig
    return bytes(brought.read(MOST_BYTES + 1))
