"""The dictionaries of the catalogue as they hold today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tongban.data.catalogue.models import ValueTable
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.kept import kept

Tables = Mapping[str, Mapping[str, str]]
SEED = Path(__file__).resolve().parents[1] / "data" / "value_tables.yaml"


@cache
def packaged_tables() -> dict[str, dict[str, str]]:
    """As a release ships them."""
    loaded: dict[str, dict[Any, Any]] = yaml.safe_load(SEED.read_text("utf-8"))
    return {key: {str(code): str(name) for code, name in table.items()} for key, table in loaded.items()}


def value_tables(on: date | None = None) -> Tables:
    """Every dictionary on a day: key → code → name; the packaged ones where none is loaded. Kept for some seconds."""
    return _tables(on or today())


@kept(seconds=5)
def _tables(on: date) -> dict[str, dict[str, str]]:
    rows = ValueTable.objects.filter(status=ValueTable.Status.PUBLISHED, effective_on__lte=on)
    held = {row.key: row.content for row in rows.order_by("effective_on", "version")}
    return packaged_tables() | held


def limit(name: str) -> int:
    """A limit in days: `platform_review`, `update`, `ground_review`."""
    return int(value_tables()["limit"][name])
