"""What may be said of columns, their steps and checks; what of it is looked up in the standards is fixed with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import JobRefused
from tongban.data.gathering.models import worked
from tongban.data.gathering.rules import MOST_STEPS, places_of
from tongban.data.lake.queries import is_pattern, step_faults, work_faults
from tongban.data.places.actions import DIVISIONS
from tongban.data.places.queries import names_in
from tongban.data.standards.queries import below, codes_in_force
from tongban.foundation.kernel.errors import Reason

COUNTY = 6  # digits of its code
FAULTS = {
    "empty": _("请至少选一列。"),
    "missing": _("来源里没有“%(name)s”这一列。"),
    "kind": _("列“%(name)s”的类型“%(kind)s”不存在。"),
    "newest": _("增量列“%(name)s”也要归集，才能分清新旧。"),
}
STEP_FAULTS = {
    "unknown": _("“%(name)s”：没有这种步骤。"),
    "values": _("“%(name)s”：代码对照是空的，或者多于5000个。请选代码集，或者写对照。"),
    "many": _("“%(name)s”：最多10步。"),
    "pattern": _("“%(name)s”：格式写得不对，写成正则表达式，如 [0-9]{6}。"),
    "ends": _("“%(name)s”：长度要填整数，最少不多于最多。"),
    "code_set": _("“%(name)s”：这个代码集现在没有生效的版本，或者代码多于5000个。"),
}


def settled(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns with the codes of the sets that they name, as those sets stand today: a later version of a set changes no mapping."""
    return [{"required": False, "kind": "text", **_settled(column)} for column in columns]


def _settled(column: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(column)
    if "code_set" in found:
        found["codes"] = list(codes_in_force(found["code_set"])) if found["code_set"] else []
    if found.get("steps"):
        found["steps"] = [_step(one) for one in found["steps"]]
    return found


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    if step.get("do") == "codes":
        known = {name: code for code, name in codes_in_force(step.get("set", "")).items()} if step.get("set") else {}
        return {**step, "values": {**known, **step.get("own", {})}}
    if step.get("do") == "division":
        found = below(step.get("set", ""), step.get("under", "")) if step.get("set") and step.get("under") else []
        return {**step, "values": _also_called(step) | places_of((one.code, one.name, one.parent) for one in found)}
    return dict(step)


def _also_called(step: Mapping[str, Any]) -> dict[str, str]:
    """How else people name a county's divisions, as the matcher of addresses knows it: without 居委会, and as they were called before.

    Of anything larger than a county not: so many names no step holds, and too many of them would mean two places.
    """
    under = str(step.get("under") or "")
    if step.get("set") != DIVISIONS or len(under) < COUNTY:
        return {}
    return {name: code for name, code in names_in(under).items() if code.startswith(under) and code != under}


def check_columns(columns: Sequence[Mapping[str, Any]]) -> None:
    """Raises `JobRefused` with everything that is wrong with steps and checks."""
    reasons = [
        Reason(code, STEP_FAULTS[code] % {"name": column.get("title") or column["name"]}, field)
        for column in columns
        for field, code in _column_faults(column)
    ]
    if reasons:
        raise JobRefused(reasons=reasons)


def _column_faults(column: Mapping[str, Any]) -> list[tuple[str, str]]:
    steps = column.get("steps") or ()
    faults = [("steps", code) for code in step_faults(steps)]
    faults += [("steps", "many")] if len(steps) > MOST_STEPS else []
    faults += [("code_set", "code_set")] if column.get("code_set") and not column.get("codes") else []
    for one in column.get("asked") or ():
        faults += [("pattern", "pattern")] if one["kind"] == "format" and not is_pattern(one["pattern"]) else []
        faults += [("length-least", "ends")] if one["kind"] == "length" and not _are_ends(one) else []
    return faults


def _are_ends(one: Mapping[str, Any]) -> bool:
    least, most = str(one.get("least") or "0"), str(one.get("most") or "99999")
    if not all(text.isascii() and text.isdecimal() and len(text) < 6 for text in (least, most)):
        return False
    return int(least) <= int(most)


def check_work(columns: Sequence[Mapping[str, Any]], cursor: str, shape: Mapping[str, str], table: str) -> None:
    """Raises `JobRefused` where a source that has these columns cannot be read so."""
    if not shape:
        raise JobRefused(reasons=[Reason("table", _("来源里没有这张表，或者没有读它的权限。"), "table")])
    faults = work_faults({"columns": worked(columns), "newest": cursor}, shape)
    if faults:
        reasons = [Reason(code, FAULTS[code] % details, details.get("name", "columns")) for code, details in faults]
        raise JobRefused(reasons=reasons)
