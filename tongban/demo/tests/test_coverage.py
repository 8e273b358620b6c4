"""What the demo city's items cover together, and that they are drawn from the district's list and from the laws as they stand."""

from __future__ import annotations

import csv
import re
import tarfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ITEMS = [
    yaml.safe_load(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parents[1] / "definitions" / "items").glob("*.yaml"))
]
LISTED = Path(settings.DATA_FOLDER) / "service-items" / "guangan-511602-items.csv"
LAWS = Path(settings.DATA_FOLDER) / "laws" / "laws-selection.tar.xz"
# Not in the list of April 2025, yet asked for every day.
UNLISTED = {"fertility-registration", "real-estate-transfer"}


def has(test) -> int:
    return sum(bool(test(item)) for item in ITEMS)


def test_there_are_enough_items_of_enough_departments():
    assert len(ITEMS) >= 26
    assert len({item["department"] for item in ITEMS}) >= 9


def test_every_kind_of_task_is_there():
    kinds = Counter(item["task_type"] for item in ITEMS)
    assert kinds.keys() >= {"01", "05", "07", "08", "09", "10", "20"}
    assert {item["project_type"] for item in ITEMS} == {"1", "2"}


def test_every_kind_of_applicant_fee_and_result_is_there():
    assert has(lambda item: item["applicants"] == ["person"])
    assert has(lambda item: item["applicants"] == ["company"])
    assert has(lambda item: item["fees"]) >= 3
    assert has(lambda item: any(result["type"] == "10" for result in item["results"])) >= 8
    assert {result["type"] for item in ITEMS for result in item["results"]} == {"10", "20", "30"}


def test_special_procedures_and_joint_review_are_there():
    names = {special["name"] for item in ITEMS for special in item["special_procedures"]}
    for word in ("现场", "评审", "公示", "听证"):
        assert any(word in name for name in names), word
    assert has(lambda item: any(len(stage["parts"]) > 1 for stage in item["flow"]["stages"])) >= 4


def test_every_way_to_spare_a_paper_is_there():
    materials = [material for item in ITEMS for material in item["materials"]]
    assert {way for material in materials for way in material["waive"]} == {"1", "2", "3", "4", "5"}
    assert sum(material["need"] == "3" for material in materials) >= 10


def test_every_type_of_field_is_there():
    fields = [field for item in ITEMS for group in item["form"]["groups"] for field in group["fields"]]
    types = {field["type"] for field in fields} | {row["type"] for field in fields for row in field.get("fields", [])}
    assert types == set(
        "text textarea id_number uscc phone email date date_range money integer number address select radio checkboxes "
        "boolean repeat table file signature notice".split()
    )


@pytest.mark.skipif(not LISTED.exists(), reason="the district's list is not beside the checkout")
def test_items_bear_the_names_of_the_districts_list():
    with LISTED.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    listed, departments = {(row["department"], row["name"]) for row in rows}, {row["department"] for row in rows}
    for item in ITEMS:
        assert item["code"] in UNLISTED or (item["department"], item["task_name"]) in listed, item["code"]
        parts = [part["department"] for stage in item["flow"]["stages"] for part in stage["parts"]]
        assert {item["department"], *parts} - {"self"} <= departments


@pytest.mark.skipif(not LAWS.exists(), reason="the laws are not beside the checkout")
def test_quoted_clauses_are_quoted_word_for_word():
    found = {}
    with tarfile.open(LAWS) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            if member.isfile() and "DLC" not in member.name:
                name = re.sub(r"\(.*|\.md$", "", member.name.rpartition("/")[2])
                found[name] = re.sub(r"\s", "", archive.extractfile(member).read().decode())
    checked = 0
    for item in ITEMS:
        for law in item["by_law"]:
            if law["text_source"] == "found" and law["law"] in found:
                assert re.sub(r"\s", "", law["text"]) in found[law["law"]], (item["code"], law["clause"])
                checked += 1
    assert checked >= 15
