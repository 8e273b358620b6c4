"""What is wrong with a row of the district's published list. A flag marks; it never mends and never drops."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel.identifiers import uscc_fault

Row = Mapping[str, str]

FIELDS = ("name", "main_item", "item_code", "task_type", "area_code", "department_code")
UNSORTED = {"", "未分类", "无", "-", "/"}
LONGEST_NAME = 200  # GB/T 39046—2020
HALF = re.compile(r"[(),:;]")
FULL = re.compile(r"[（），：；]")
FULL_DIGITS = re.compile(r"[０-９Ａ-Ｚａ-ｚ]")
ODD = re.compile(r"[\\?？*•#|<>^]")
LEVEL_IN_NAME = re.compile(r"[（(](?:[省市县区]级[/、]?)+(?:权限|行使)?[）)]")
NOTE_IN_NAME = re.compile(r"[（(][据根][^）)]*(?:号令|令第)[^）)]*[）)]")
OPEN_LIST = re.compile(r"等(?![级效同额])")
PLACEHOLDER = re.compile(r"([1-9])\1{7,}")
AREA = re.compile(r"-(\d{12})-")
ITEM_CODE = re.compile(r"[0-9A-Z]+(?:-[0-9]+)*-\d{12}-\d{3}-[0-9A-Za-z-]+-\d-\d{2}")
ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")


@dataclass(frozen=True)
class Flag:
    """One thing wrong with one field; `values` is what its sentence needs to be told."""

    code: str
    field: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    def stored(self) -> dict[str, Any]:
        return {"code": self.code, "field": self.field, **self.values}


@dataclass(frozen=True)
class Neighbours:
    """What a row cannot know of itself: how often its name occurs, and which codes its department goes by."""

    names: Mapping[str, int]
    alike: Mapping[str, int]
    department_codes: Mapping[str, list[str]]

    @classmethod
    def of(cls, rows: list[Row]) -> Neighbours:
        codes: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            codes[row["department_name"]].add(row["department_code"])
        return cls(
            Counter(row["name"] for row in rows),
            Counter(name_key(row["name"]) for row in rows),
            {name: sorted(found) for name, found in codes.items()},
        )


def name_key(name: str) -> str:
    """A name without what is only a matter of typing: width, case, spaces, brackets' form, quotes."""
    return re.sub(r"[\s\"'“”‘’《》]", "", unicodedata.normalize("NFKC", name)).casefold()


def flags_of(row: Row, beside: Neighbours, *, area_code: str) -> list[Flag]:
    """Everything wrong with a row of the list of a division."""
    return [
        *_name_flags(row["name"]),
        *_repeated(row, beside),
        *_main_item_flags(row),
        *_item_code_flags(row, area_code),
        *_department_flags(row, beside),
    ]


# What may be wrong with a name: (flag, pattern of the words that show it).
IN_NAMES = (
    ("digits_full", FULL_DIGITS),
    ("odd_characters", ODD),
    ("level_in_name", LEVEL_IN_NAME),
    ("note_in_name", NOTE_IN_NAME),
    ("open_list_in_name", OPEN_LIST),
)


def _name_flags(name: str) -> Iterator[Flag]:
    half = _joined(HALF.findall(name))
    if half:
        yield Flag("width_mixed" if FULL.search(name) else "width_half", "name", {"words": half})
    for code, pattern in IN_NAMES:
        if words := _joined(pattern.findall(name)):
            yield Flag(code, "name", {"words": words})
    if len(name) > LONGEST_NAME:
        yield Flag("name_too_long", "name", {"count": len(name)})
    if not name.strip():
        yield Flag("name_missing", "name")


def _joined(words: list[str]) -> str:
    return "".join(dict.fromkeys(words))


def _repeated(row: Row, beside: Neighbours) -> Iterator[Flag]:
    exact, alike = beside.names[row["name"]], beside.alike[name_key(row["name"])]
    if exact > 1:
        yield Flag("name_repeated", "name", {"count": exact})
    elif alike > 1:
        yield Flag("name_alike", "name", {"count": alike})


def _main_item_flags(row: Row) -> Iterator[Flag]:
    if row["main_item"].strip() in UNSORTED:
        yield Flag("main_item_missing", "main_item", {"words": row["main_item"]})
    elif HALF.search(row["main_item"]):
        yield Flag("width_half", "main_item", {"words": _joined(HALF.findall(row["main_item"]))})


def _item_code_flags(row: Row, area_code: str) -> Iterator[Flag]:
    code = row["item_code"]
    area = AREA.search(code)
    if area is None:
        yield Flag("area_missing_in_code", "item_code", {"words": code})
    elif area.group(1) != area_code:
        yield Flag("other_area_in_code", "item_code", {"words": area.group(1)})
    if match := PLACEHOLDER.search(AREA.sub("-", code)):
        yield Flag("placeholder_in_code", "item_code", {"words": match.group()})
    elif not ITEM_CODE.fullmatch(code) and area:
        yield Flag("item_code_form", "item_code", {"words": code})
    if row["area_code"] != area_code:
        yield Flag("area_differs", "area_code", {"words": row["area_code"]})


def _department_flags(row: Row, beside: Neighbours) -> Iterator[Flag]:
    code = row["department_code"]
    if form := _department_code_form(code):
        yield Flag(f"department_code_{form}", "department_code", {"words": code, "length": len(code)})
    others = [other for other in beside.department_codes[row["department_name"]] if other != code]
    if others:
        yield Flag("department_codes_differ", "department_code", {"words": "、".join(others), "count": len(others) + 1})


def _department_code_form(code: str) -> str:
    """How a code departs from a unified social credit code of 18 valid characters; empty when it does not."""
    forms = {
        "missing": not code.strip(),
        "suffix": "_" in code,
        "lower": code != code.upper(),
        "old": ORGANISATION_CODE.fullmatch(code) is not None,
        "serial": code.isdigit() and len(code) == 19,
        "length": len(code) != 18,
        "check": uscc_fault(code) is not None,
    }
    return next((form for form, applies in forms.items() if applies), "")
