"""What a code set and a data element say of themselves (GB/T 18391, GB/T 19488: standards §17.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Every field of a data element with the most characters it may have.
ELEMENT_FIELDS: Mapping[str, int] = {
    "name": 200,
    "english": 200,
    "definition": 1000,
    "object_class": 100,
    "property": 100,
    "representation": 40,
    "data_type": 20,
    "format": 20,
    "code_set": 40,
    "unit": 40,
    "synonyms": 300,
    "note": 500,
}
SET_FIELDS: Mapping[str, int] = {"name": 200, "standard": 100, "source": 300, "note": 500}
DATA_TYPES = ("text", "integer", "decimal", "date", "moment", "yes_no")
# Representation (GB/T 39046 table 3): a letters, n digits, an both, ul any text; 18 fixed, ..18 at most, 3..18 between, n..16,2 decimals.
FORMAT = re.compile(
    r"(?P<signs>a|n|an|ul)(?:(?P<least>\d{1,4})?(?P<upto>\.\.)?(?P<most>\d{1,5})?)(?:,(?P<places>\d{1,2}))?"
)


def content_faults(kind: str, content: Mapping[str, Any], *, known_sets: frozenset[str]) -> list[tuple[str, str]]:
    """Everything wrong with what a standard says, as (field, code). `known_sets`: keys of the code sets there are."""
    fields = ELEMENT_FIELDS if kind == "element" else SET_FIELDS
    wanted = ("name", "definition", "data_type") if kind == "element" else ("name",)
    faults = [(name, "missing") for name in wanted if not str(content.get(name, "")).strip()]
    faults += [(name, "too_long") for name, most in fields.items() if len(str(content.get(name, ""))) > most]
    faults += [(name, "unknown") for name in content if name not in fields]
    if kind != "element":
        return faults
    if content.get("data_type") and content["data_type"] not in DATA_TYPES:
        faults.append(("data_type", "data_type"))
    if content.get("format") and limits_of(content["format"]) is None:
        faults.append(("format", "format"))
    if content.get("code_set") and content["code_set"] not in known_sets:
        faults.append(("code_set", "code_set"))
    return faults


def limits_of(said: str) -> dict[str, Any] | None:
    """What a representation format demands: `signs`, `least` and `most` characters, `places` of decimals; None: it is none."""
    found = FORMAT.fullmatch(said.strip())
    if found is None:
        return None
    part: dict[str, str | None] = found.groupdict()
    few, many = part["least"] or "", part["most"] or ""
    if part["upto"] and not many:
        return None
    if not part["upto"]:  # one number, which the pattern may have split in two
        few = many = few + many
    least, most = (int(few) if few else None), (int(many) if many else None)
    if least is not None and most is not None and least > most:
        return None
    return {"signs": part["signs"], "least": least or 0, "most": most, "places": int(part["places"] or 0)}
