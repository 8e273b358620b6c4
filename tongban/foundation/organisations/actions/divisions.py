"""Divisions come from the national files, or from a small list when the files are not there."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import installer, permit
from tongban.foundation.organisations.models import Division
from tongban.foundation.organisations.rules import MANAGE, level_of, padded, parent_of, pinyin_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

DIVISION_FILES = (
    "provinces.csv", "cities.csv", "areas.csv", "guangan-5116-streets.csv", "guangan-5116-villages.csv",
)  # fmt: skip


def _save_divisions(rows: dict[str, str]) -> int:
    divisions = [
        Division(code=code, name=name, level=level_of(code), parent_id=parent_of(code), pinyin=pinyin_of(name))
        for code, name in rows.items()
    ]
    divisions = [d for d in divisions if d.parent_id is None or d.parent_id in rows]
    Division.objects.bulk_create(
        sorted(divisions, key=lambda d: d.level),
        update_conflicts=True, unique_fields=["code"], update_fields=["name", "pinyin"], batch_size=2000,
    )  # fmt: skip
    return len(divisions)


@transaction.atomic
def import_divisions(folder: Path, *, actor: Actor | None = None, within: str = "511602") -> int:
    """Read the whole country's first three levels and the streets and villages of `within`; says how many it holds.

    May run again: names follow the files, nothing is removed. Missing files are left out; none at all gives 0.
    """
    actor = actor or installer(MANAGE)
    permit(actor, MANAGE)
    rows: dict[str, str] = {}
    for name in DIVISION_FILES:
        path = Path(folder) / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if len(row["code"]) <= 6 or row["code"].startswith(within):
                    rows[padded(row["code"])] = row["name"].strip()
    count = _save_divisions(rows)
    if count:
        record("organisations.divisions_imported", actor=actor, subject="divisions:country", data={"count": count})
    return count


@transaction.atomic
def add_divisions(names: dict[str, str], *, actor: Actor) -> int:
    """Add or rename divisions given as code → name; a code whose parent is not given along is left out."""
    permit(actor, MANAGE)
    count = _save_divisions({padded(code): name for code, name in names.items()})
    record("organisations.divisions_imported", actor=actor, subject="divisions:country", data={"count": count})
    return count
