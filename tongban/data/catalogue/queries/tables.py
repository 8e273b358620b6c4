"""The dictionaries of the catalogue as they hold today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from tongban.data.catalogue.models import ValueTable
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.kept import kept

Tables = Mapping[str, Mapping[str, str]]
FOLDER = Path(__file__).resolve().parents[1] / "data"


def packaged_tables() -> dict[str, dict[str, str]]:
    """As a release ships them."""
    return _packaged("value_tables")


@cache
def _packaged(name: str) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[Any, Any]] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return {key: {str(code): str(name) for code, name in table.items()} for key, table in loaded.items()}


def value_tables(on: date | None = None) -> Tables:
    """Every dictionary on a day: key → code → name; the packaged ones where none is loaded. Kept for some seconds."""
    return _tables(on or today())


@kept(seconds=5)
def _tables(on: date) -> dict[str, dict[str, str]]:
    rows = ValueTable.objects.filter(status=ValueTable.Status.PUBLISHED, effective_on__lte=on)
    held = {row.key: row.content for row in rows.order_by("effective_on", "version")}
    return packaged_tables() | held


def spoken_tables() -> Tables:
    """The dictionaries of today in the reader's language, for pages: a name that a city changed stays as it wrote it. Files and rules
    keep `value_tables`."""
    tables = value_tables()
    if (get_language() or "zh").startswith("zh"):
        return tables
    packaged, english = packaged_tables(), _packaged("value_tables_en")
    return {
        key: {
            code: english.get(key, {}).get(code, name) if packaged.get(key, {}).get(code) == name else name
            for code, name in table.items()
        }
        for key, table in tables.items()
    }


def limit(name: str) -> int:
    """A limit in days: `platform_review`, `update`, `ground_review`."""
    return int(value_tables()["limit"][name])
