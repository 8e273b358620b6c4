"""Rows that offended, as a table on a page and in a file tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tongban.data.quality import queries
from tongban.foundation.kernel.listing import listed


def told_rows(titles: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as a table tells them: values, where the row lies now, and by the titles of rules all that is wrong with it."""
    rules = queries.titles_of_rules({code for row in rows for code in row["_faults"]})
    return {
        "titles": [*titles.values(), _("现在在哪里"), _("原因")],
        "rows": [
            [
                *(row.get(name) for name in titles),
                _("隔离区") if row["_aside"] else _("数据集"),
                listed(rules.get(code, _("归集时的检查")) for code in row["_faults"]),
            ]
            for row in rows
        ],
    }
