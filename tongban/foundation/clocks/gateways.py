"""Holiday notices from files: the project's own YAML, and the archives the holiday-cn project publishes."""

from __future__ import annotations

import json
import lzma
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .errors import CalendarRefused

BROKEN = (
    tarfile.TarError,
    OSError,
    EOFError,
    lzma.LZMAError,
    ValueError,
    KeyError,
    TypeError,
    RecursionError,
)  # of whatever is no archive of years
OWN = Path(__file__).parent / "data" / "state-council.yaml"


def own_notices() -> list[dict[str, Any]]:
    """The notices this project ships, so that it works without any other data."""
    return [_from_own(notice) for notice in yaml.safe_load(OWN.read_text())]


def _from_own(notice: dict[str, Any]) -> dict[str, Any]:
    days = [
        {"date": day, "is_workday": is_workday, "name": name}
        for column, is_workday in (("holidays", False), ("make_up_days", True))
        for name, days in notice[column].items()
        for day in days
    ]
    return {"year": notice["year"], "source": notice["source"], "days": days}


def notices_in(folder: Path | str) -> list[dict[str, Any]]:
    """Every yearly notice in the newest `holiday-cn*.tar.xz` of a folder; none if there is none. Empty years are left out."""
    archives = sorted(Path(folder).glob("holiday-cn*.tar.xz"))
    return [notice for notice in _years_in(archives[-1]) if notice["days"]] if archives else []


def _years_in(archive: Path) -> list[dict[str, Any]]:
    try:
        with tarfile.open(archive) as packed:
            members = sorted((m for m in packed if m.isfile() and m.name.endswith(".json")), key=lambda m: m.name)
            return [_from_holiday_cn(json.load(packed.extractfile(member))) for member in members]  # type: ignore[arg-type]
    except BROKEN as error:
        raise CalendarRefused(file=archive.name) from error


def _from_holiday_cn(year: dict[str, Any]) -> dict[str, Any]:
    days = [
        {"date": date.fromisoformat(day["date"]), "is_workday": not day["isOffDay"], "name": str(day["name"])}
        for day in year["days"]
    ]
    return {"year": int(year["year"]), "source": " ".join(year["papers"])[:200], "days": days}
