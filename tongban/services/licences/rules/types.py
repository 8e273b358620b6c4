"""What the definition of a licence type may say (GB/T 36902), and whether the values of one licence agree with it."""

from __future__ import annotations

import json
import re
from calendar import isleap
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tongban.foundation.kernel.identifiers import uscc_fault

SCHEMA = Path(__file__).parents[1] / "type.schema.json"
DEFAULTS: dict[str, Any] = {
    "title": "", "summary": "", "basis": "", "items": [], "yearly_check": False, "colour": "red", "pages": [],
}  # fmt: skip
FIELD: dict[str, Any] = {"element": "", "type": "text", "required": False, "max": 200, "codes": {}, "mask": ""}
GAPS = frozenset({"year", "region", "serial", "holder"})
GAP = re.compile(r"\{(\w+)\}")
FOREVER, YEARS, DAYS, GIVEN = "forever", "years", "days", "given"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))


def complete(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with every element that may be left out written in."""
    content = DEFAULTS | json.loads(json.dumps(definition))
    content["fields"] = [FIELD | field for field in content["fields"]]
    return content


def type_faults(definition: Any) -> list[tuple[str, str]]:
    """Every (path, code) that keeps a definition from being published."""
    misshapen = [
        (".".join(str(part) for part in error.instance_path) or "definition", "shape")
        for error in _validator().iter_errors(definition)
    ]
    return misshapen or _meaning_faults(definition)


def _meaning_faults(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = Counter(field["key"] for field in content["fields"])
    faults = [("code", "definer_code")] if uscc_fault(content["code"][:18]) else []
    faults += [("fields", "twice") for _key, times in keys.items() if times > 1]
    kind, length = content["validity"]["kind"], content["validity"].get("length")
    if (kind in (YEARS, DAYS)) != (length is not None):
        faults.append(("validity", "length"))
    gaps = set(GAP.findall(content["number"]))
    if gaps - GAPS or not gaps & {"serial", "holder"}:
        faults.append(("number", "gaps"))
    try:
        date.fromisoformat(content["effective_on"])
    except ValueError:
        faults.append(("effective_on", "shape"))
    return faults


def last_day(validity: Mapping[str, Any], valid_from: date) -> date | None:
    """The last day by the type's own rule, first day included; None: without end, or said by whoever issues it. The calendar's own
    end if that comes first, by which other systems say that there is none."""
    if validity["kind"] == YEARS:
        year = valid_from.year + validity["length"]
        if year > MAXYEAR:
            return date.max
        leap_day = (valid_from.month, valid_from.day) == (2, 29) and not isleap(year)
        return (date(year, 3, 1) if leap_day else valid_from.replace(year=year)) - timedelta(days=1)
    if validity["kind"] == DAYS:
        return valid_from + min(timedelta(days=validity["length"] - 1), date.max - valid_from)
    return None


def renewed_until(validity: Mapping[str, Any], until: date | None, on: date) -> date | None:
    """The last day when it is renewed on a day: counted on from the old last day while that has not passed, so that nobody
    who comes early loses what is left."""
    running = until is not None and until >= on
    return last_day(validity, until + timedelta(days=1) if until and running else on)


def number_of(pattern: str, *, year: int, region: str, serial: int, holder: str) -> str:
    """The number of a licence by its type's pattern."""
    values = {"year": str(year), "region": region[:6], "serial": f"{serial:07d}", "holder": holder}
    return GAP.sub(lambda gap: values[gap[1]], pattern)


def field_faults(definitions: Iterable[Mapping[str, Any]], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every (field, code) in which the values differ from what the type wants: `missing`, `long`, `date`, `code`, `unknown`."""
    known = {field["key"]: field for field in definitions}
    faults = [(key, "unknown") for key in values if key not in known]
    for key, field in known.items():
        fault = _value_fault(field, values.get(key))
        if fault:
            faults.append((key, fault))
    return faults


def _value_fault(field: Mapping[str, Any], value: Any) -> str:
    text = "" if value is None else str(value).strip()
    if not text:
        return "missing" if field.get("required") else ""
    if len(text) > (field.get("max") or 200):
        return "long"
    if field.get("type") == "date" and not _is_day(text):
        return "date"
    if field.get("type") == "number" and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return "number"
    return "code" if field.get("codes") and text not in field["codes"] else ""


def _is_day(text: str) -> bool:
    try:
        return DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def coded(definitions: Iterable[Mapping[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a type keeps them: where it has codes, a word by its code."""
    codes = {field["key"]: {word: code for code, word in (field.get("codes") or {}).items()} for field in definitions}
    return {key: codes.get(key, {}).get(str(value), value) for key, value in values.items()}


def spoken(definitions: Iterable[Mapping[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the record tells them: in words, and where there is a code, the code beside them (`…_DM`)."""
    told = dict(values)
    for field in definitions:
        key, word = field["key"], shown(field, values.get(field["key"], ""))
        if key in values and word != str(values[key]):
            told |= {key: word, f"{key}_DM": values[key]}
    return told


def shown(field: Mapping[str, Any], value: Any) -> str:
    """A value in words: a code by what it means."""
    return (field.get("codes") or {}).get(str(value), str(value))
