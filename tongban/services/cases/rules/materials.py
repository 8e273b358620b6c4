"""What must be handed in with an application: 必要性, 容缺后补 and 免提交 (国发〔2022〕5号)."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REQUIRED, OPTIONAL, TOLERANT = "1", "2", "3"
PAPER, UPLOAD, SCAN, PROMISE, LICENCE, EARLIER, WAIVED, FORM = "1", "2", "3", "4", "5", "6", "7", "8"
TO_BE_SEEN = frozenset({PAPER, UPLOAD, SCAN, PROMISE})  # no rule can look at these: a person must
WITH_FILE = frozenset({UPLOAD, SCAN, EARLIER})
ELECTRONIC_ONLY = "2"
WRITTEN = "2"  # 申请表格文书
BY_LICENCE = "1"  # 免提交方式: 电子证照
DEFAULT_TOLERANCE_DAYS = 10  # working days to bring what was promised, where the item says nothing


@dataclass(frozen=True)
class MaterialFault:
    """What is wrong with one material, as a code."""

    key: str
    code: str
    name: str


def is_the_form(material: Mapping[str, Any]) -> bool:
    """The application form itself, which is made from the answers: nobody hands it in."""
    written_here = material.get("type") == WRITTEN and material.get("format") == ELECTRONIC_ONLY
    return bool(material.get("form")) or (material["key"] == "application" and written_here)


def may_be_promised(material: Mapping[str, Any]) -> bool:
    """容缺后补 is for secondary materials that the item names; never for a 主审要件."""
    return material.get("need") == TOLERANT and not material.get("main")


def tolerance_days(material: Mapping[str, Any]) -> int:
    return int((material.get("tolerance") or {}).get("days") or DEFAULT_TOLERANCE_DAYS)


def types_asked(materials: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By key, the types of licence that may stand for a material; empty where the item names none."""
    return {m["key"]: list(m["licence_types"]) for m in materials if m.get("licence_types")}


def of_legal_person(material: Mapping[str, Any], applicant_kind: str) -> bool:
    """Whether the licence that may stand for it is not the company's own but its legal representative's (法定代表人)."""
    return applicant_kind == "company" and bool(material.get("of_legal_person"))


def says_licence(row: Mapping[str, Any], material: Mapping[str, Any]) -> bool:
    """Whether a row says that a licence of the store stands for it; a waiver by licence says so, too, where types are named."""
    by_waiver = row.get("way") == WAIVED and row.get("waive_mode") == BY_LICENCE
    return row.get("way") == LICENCE or (by_waiver and bool(material.get("licence_types")))


def handed_in(
    material: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], stands: bool
) -> Sequence[Mapping[str, Any]]:
    """The rows of a material as they count. A licence that `stands` for it needs no saying where something must be handed in."""
    if not stands:
        return rows
    if not rows:
        return [{"way": LICENCE}] if material.get("need", REQUIRED) != OPTIONAL else []
    others = [row for row in rows if not says_licence(row, material)]
    return rows if len(others) == len(rows) else [*others, {"way": LICENCE}]


def waivers_of(material: Mapping[str, Any]) -> list[str]:
    """The lawful reasons why it need not be handed in, beside a licence whose type the item names."""
    return [mode for mode in material.get("waive") or () if mode != BY_LICENCE or not material.get("licence_types")]


def _row_fault(material: Mapping[str, Any], row: Mapping[str, Any], stands: bool) -> str:
    way, waivers = row.get("way"), material.get("waive") or ()
    faults = {
        "way_unknown": way not in (PAPER, UPLOAD, SCAN, PROMISE, LICENCE, EARLIER, WAIVED),
        "file_missing": way in WITH_FILE and not row.get("file_id"),
        "may_not_be_promised": way == PROMISE and not may_be_promised(material),
        "may_not_be_waived": way == WAIVED and row.get("waive_mode") not in waivers,
        "no_licence": says_licence(row, material) and not stands,
        "no_paper": way == PAPER and material.get("format") == ELECTRONIC_ONLY,
    }
    return next((code for code, found in faults.items() if found), "")


def material_faults(
    materials: Sequence[Mapping[str, Any]],
    given: Mapping[str, Sequence[Mapping[str, Any]]],
    standing: Container[str] = frozenset(),
) -> list[MaterialFault]:
    """Every material that is missing or may not be handed in this way. What the situation does not ask for is left aside.

    `standing`: keys of materials for which the applicant has a licence that can stand.
    """
    found = []
    for material in materials:
        if is_the_form(material):
            continue
        stands = material["key"] in standing
        rows = handed_in(material, given.get(material["key"]) or (), stands)
        if not rows and material.get("need", REQUIRED) != OPTIONAL:
            found.append(MaterialFault(material["key"], "missing", material["name"]))
        codes = [_row_fault(material, row, stands) for row in rows]
        found += [MaterialFault(material["key"], code, material["name"]) for code in dict.fromkeys(codes) if code]
    return found


def file_answers(form: Mapping[str, Any], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(path, file id) of every answer that is a stored file, rows of repeated groups included."""
    fields = [field for group in form.get("groups") or () for field in group.get("fields") or ()]
    found = _files_in(fields, answers, "")
    for field in fields:
        for number, row in enumerate(answers.get(field["key"]) or () if field.get("fields") else ()):
            found += _files_in(field["fields"], row, f"{field['key']}.{number}.")
    return found


def _files_in(fields: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], before: str) -> list[tuple[str, str]]:
    kinds = ("file", "signature")
    return [(before + f["key"], answers[f["key"]]) for f in fields if f.get("type") in kinds and answers.get(f["key"])]
