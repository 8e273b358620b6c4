"""Files that others made: the edge cases of csv-spectrum, and years of air quality by the hour."""

from __future__ import annotations

import json
import lzma
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.conf import settings as city

from tongban.data.gathering.gateways import Page
from tongban.data.gathering.gateways.folders import Files

SPECTRUM = city.DATA_FOLDER / "messy-csv" / "csv-spectrum.tar.xz"
AIR = city.DATA_FOLDER / "air"
beside = pytest.mark.skipif(
    not SPECTRUM.exists() or not AIR.exists(), reason="the data sets are not beside the checkout"
)


def read(folder: Path, table: str, settings: Any) -> list[dict[str, Any]]:
    settings.GATHERING_ROOT = str(folder.parent)
    with closing(Files({"folder": folder.name}, {})) as source:
        names = list(source.columns(table))
        source.write(table, Page(names), folder.parent / "part", 1)
    with duckdb.connect() as duck:
        rows = duck.execute(f"select * from read_parquet('{folder.parent / 'part'}')")
        told = [column[0] for column in rows.description]
        found = [dict(zip(told, row, strict=True)) for row in rows.fetchall()]
    assert {row["_reject"] for row in found} <= {None, ""}
    return [{name: row[name] for name in names} for row in found]


@beside
def test_csv_spectrum_is_read_as_its_makers_say(tmp_path: Path, settings: Any) -> None:
    with tarfile.open(SPECTRUM) as packed:
        packed.extractall(tmp_path)
    files = sorted((tmp_path / "csvs").glob("*.csv"))
    assert len(files) >= 11
    for file in files:
        meant = json.loads((tmp_path / "json" / f"{file.stem}.json").read_text("utf-8"))
        found = [
            {name: value or "" for name, value in row.items()} for row in read(tmp_path / "csvs", file.name, settings)
        ]
        assert found == meant, file.name


@beside
def test_years_of_air_quality_lose_no_hour(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "air").mkdir()
    for packed in sorted(AIR.glob("*.csv.xz")):
        text = lzma.decompress(packed.read_bytes())
        (tmp_path / "air" / packed.stem).write_bytes(text)
        rows = read(tmp_path / "air", packed.stem, settings)
        assert [row["No"] for row in rows] == [str(n) for n in range(1, text.count(b"\n"))]
        first = text.splitlines()[1].decode().replace('"', "").split(",")
        assert ["" if value is None else str(value) for value in rows[0].values()] == first
