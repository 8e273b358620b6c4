"""What was typed or handed in at the desk, in the shapes that actions take; what makes no sense is as if it were missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.sheets import csv_answer

LARGEST_DOCUMENT = 20_000_000


def count_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def start_of(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day typed, or of one so many days later."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), SHANGHAI)
    except (ValueError, OverflowError):
        return None


def file_of(request: HttpRequest, name: str) -> bytes:
    """The content of a file handed in; nothing when there is none or it is too large."""
    handed = request.FILES.get(name)
    return bytes(handed.read()) if handed and 0 < (handed.size or 0) <= LARGEST_DOCUMENT else b""


def digest_of(request: HttpRequest, name: str) -> str:
    """The SM3 of a file handed in, hex; the file itself is not kept."""
    content = file_of(request, name)
    return sm3(content) if content else ""


def sheet(name: str, rows: Iterable[list[Any]]) -> HttpResponse:
    """A CSV that spreadsheets open as Chinese, and in which no cell is a formula."""
    return csv_answer(f"{name}.csv", (["" if cell is None else str(cell) for cell in row] for row in rows))


def download(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
