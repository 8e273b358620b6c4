"""Rows that offended, as a table on a page and in a file tell them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tongban.data.quality import queries


def told_rows(titles: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as a table tells them: values, where the row lies now, and by the titles of rules all that is wrong with it."""
    rules = queries.titles_of_rules({code for row in rows for code in row["_faults"]})
    return {
        "titles": [*titles.values(), _("现在在哪里"), _("原因")],
        "rows": [
            [
                *(row.get(name) for name in titles),
                _("隔离区") if row["_aside"] else _("数据集"),
                "、".join(rules.get(code, _("归集时的检查")) for code in row["_faults"]),
            ]
            for row in rows
        ],
    }


def as_csv(lines: Sequence[Sequence[Any]]) -> bytes:
    """Marked UTF-8, so that spreadsheets show Chinese; what a spreadsheet would take for a formula is made a text."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_plain(value) for value in line] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    said = "" if value is None else str(value)
    return f"'{said}" if said[:1] in "=+-@\t\r" and said else said
