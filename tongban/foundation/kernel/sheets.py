"""Rows as a file for a spreadsheet program, in which nothing is run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .cells import inert


def csv_answer(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A CSV to take along as `name`, with the mark by which such a program knows that it is UTF-8. Nothing of it stays in between."""
    out = io.StringIO()
    csv.writer(out).writerows([inert(text) for text in row] for row in rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
