"""What changed between two texts of a definition, in sentences for colleagues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.canonical import canonical
from tongban.foundation.kernel.listing import listed
from tongban.services.items.rules.differences import (
    ADDED,
    MOVED,
    PARTS,
    PLAIN_FLAGS,
    REMOVED,
    Difference,
    differences,
    name_of,
)
from tongban.services.items.rules.findings import CODED, CODED_ROWS

from .element_words import PART_TITLES, ROW_NAMES, VALUES, label_of
from .guide import limit_in_words
from .items import code_tables

LONG = 40  # characters; what is longer stands beside the sentence, old and new
LIMITS = frozenset({"statutory", "promise", "limit_days"})
KNOWN_UNITS = ("1", "2")
TOLERATED = "3"


@dataclass(frozen=True)
class Told:
    """One change in words. `before` and `after` are the two texts when they are too long for the sentence."""

    part: str
    kind: str
    text: str
    path: str
    before: str = ""
    after: str = ""


def told_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Told]:
    """Every change of content from `old` to `new` as a sentence in the reader's language."""
    return [_told(one) for one in differences(old, new)]


def by_part(told: Iterable[Told]) -> list[tuple[str, str, list[Told]]]:
    """The same under the headings 要素, 材料, 表单 …: (part, title, changes), only parts where something changed."""
    rows = list(told)
    groups = [(part, str(PART_TITLES[part]), [one for one in rows if one.part == part]) for part in PARTS]
    return [group for group in groups if group[2]]


def part_titles() -> list[tuple[str, str]]:
    return [(part, str(PART_TITLES[part])) for part in PARTS]


def _told(one: Difference) -> Told:
    if one.kind == MOVED:
        text = _("%(label)s的次序改为：%(names)s") % {"label": _label(one), "names": listed(one.new)}
        return Told(one.part, one.kind, text, one.path)
    if one.kind in (ADDED, REMOVED):
        return Told(one.part, one.kind, _came_or_went(one), one.path)
    return _changed(one)


# --- rows that came and went -------------------------------------------------------------------------------------------


def _came_or_went(one: Difference) -> str:
    added = one.kind == ADDED
    value, name = (one.new if added else one.old), one.element.split(".")[-1]
    if not isinstance(value, Mapping):
        words = {"label": _label(one), "value": _words(one, value)}
        return (_("%(label)s增加“%(value)s”") if added else _("%(label)s去掉“%(value)s”")) % words
    words = {
        "where": _where(one),
        "kind": str(ROW_NAMES.get(name) or label_of(one.element, _rows(one))),
        "name": _row_name(name, value),
        "more": _more(name, value),
    }
    if not one.place:
        return (_("新增%(kind)s“%(name)s”%(more)s") if added else _("删除%(kind)s“%(name)s”")) % words
    if added:
        return _("%(where)s新增%(kind)s“%(name)s”%(more)s") % words
    return _("%(where)s删除%(kind)s“%(name)s”") % words


def _row_name(rows: str, row: Mapping[str, Any]) -> str:
    if rows == "parts":
        return f"{_value(rows, 'department', row.get('department'))} · {_value(rows, 'post', row.get('post'))}"
    if rows == "by_law":
        return f"{row.get('law', '')}{row.get('clause', '')}"
    return name_of(row)


def _more(rows: str, row: Mapping[str, Any]) -> str:
    """What one wants to know at once of something new."""
    told: list[str] = []
    if rows == "materials":
        told = [_need(row), _value(rows, "source", row.get("source"))]
    elif rows == "fields":
        told = [_value(rows, "type", row.get("type"))] + ([_("必填")] if row.get("required") is True else [])
    elif rows == "stages":
        told = [_days(row.get("limit_days"))]
    elif rows == "fees":
        told = [str(row.get("standard") or "")]
    told = [words for words in told if words]
    return _("（%(told)s）") % {"told": "，".join(told)} if told else ""


# --- what was said and is now said otherwise ------------------------------------------------------------------------------


def _changed(one: Difference) -> Told:
    words = {"label": _label(one), "old": _words(one, one.old), "new": _words(one, one.new)}
    if one.element == "need" and isinstance(one.old, Mapping) and isinstance(one.new, Mapping):
        words |= {"where": _where(one), "old": _need(one.old), "new": _need(one.new)}
        return Told(one.part, one.kind, _("%(where)s从%(old)s改为%(new)s") % words, one.path)
    if faster := _faster(one):
        return Told(one.part, one.kind, faster % words, one.path)
    if max(len(words["old"]), len(words["new"])) > LONG:
        return Told(one.part, one.kind, _long(one) % words, one.path, words["old"], words["new"])
    if not words["old"]:
        return Told(one.part, one.kind, _("%(label)s写为“%(new)s”，原来没有写") % words, one.path)
    if not words["new"]:
        return Told(one.part, one.kind, _("%(label)s不再写明，原来是“%(old)s”") % words, one.path)
    return Told(one.part, one.kind, _("%(label)s由“%(old)s”改为“%(new)s”") % words, one.path)


def _long(one: Difference) -> str:
    if one.old is None:
        return _("%(label)s新写了内容")
    return _("%(label)s的内容删去了") if one.new is None else _("%(label)s改了内容")


def _faster(one: Difference) -> str:
    """A sentence that says at once whether a limit became shorter or longer; empty where that cannot be said."""
    if one.element.split(".")[-1] not in LIMITS or one.old is None or one.new is None:
        return ""
    old, new = (_length(value) for value in (one.old, one.new))
    if old is None or new is None or old[1] != new[1] or old[0] == new[0]:
        return ""
    if new[0] < old[0]:
        return _("%(label)s由%(old)s缩短为%(new)s")
    return _("%(label)s由%(old)s延长为%(new)s")


def _length(limit: Any) -> tuple[int, Any] | None:
    days, unit = (limit.get("days"), limit.get("unit")) if isinstance(limit, Mapping) else (limit, "1")
    return (days, unit) if type(days) is int else None


# --- words for places, labels and values ------------------------------------------------------------------------------------


def _rows(one: Difference) -> str:
    return one.place[-1][0].split(".")[-1] if one.place else ""


def _where(one: Difference) -> str:
    """The rows around it: 表单分组“场所”的问题“名称”."""
    names = [
        _("%(kind)s“%(name)s”") % {"kind": str(ROW_NAMES.get(rows, rows)), "name": name} for rows, name in one.place
    ]
    said = names[0] if names else ""
    for name in names[1:]:
        said = _("%(outer)s的%(inner)s") % {"outer": said, "inner": name}
    return said


def _label(one: Difference) -> str:
    label = label_of(one.element, _rows(one))
    return _("%(outer)s的%(inner)s") % {"outer": _where(one), "inner": label} if one.place else label


def _need(material: Mapping[str, Any]) -> str:
    need, tolerance = material.get("need"), material.get("tolerance")
    words = _value("materials", "need", need)
    if need != TOLERATED or not tolerance:
        return words
    return _("%(need)s（%(days)s）") % {"need": words, "days": _whole(tolerance)}


def _days(days: Any) -> str:
    return _("%(days)s个工作日") % {"days": days} if days is not None else ""


def _words(one: Difference, value: Any) -> str:
    name = one.element.split(".")[-1]
    return _value(_rows(one), name, False if value is None and name in PLAIN_FLAGS else value)


def _value(rows: str, element: str, value: Any) -> str:
    """A value as people say it: a code by its name, yes or no, money in yuan, days with their unit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Mapping):
        return _whole(value)
    if isinstance(value, list):
        return listed(_value(rows, element, one) if not isinstance(one, Mapping) else _whole(one) for one in value)
    if element == "limit_days":
        return _days(value)
    if element == "amount_fen" and type(value) is int:
        return _("%(yuan)s元") % {"yuan": f"{value / 100:.2f}"}
    return _coded(rows, element, value)


def _coded(rows: str, element: str, value: Any) -> str:
    table = CODED_ROWS.get(rows, {}).get(element) if rows else CODED.get(element)
    if table:
        return str(code_tables().get(table, {}).get(value, value))
    named = VALUES.get(f"{rows}.{element}") or VALUES.get(element) or {}
    return str(named.get(value, value)) if isinstance(value, str) else str(value)


def _whole(value: Mapping[str, Any]) -> str:
    """A limit as its days; any other record by its elements, so that nothing in it stays unsaid."""
    if type(value.get("days")) is int:
        unit = value.get("unit", "1")
        said = limit_in_words({**value, "unit": unit}) if unit in KNOWN_UNITS else f"{value['days']} {unit}"
        rest = [str(value[name]) for name in ("explain", "basis") if value.get(name)]
        return _("%(limit)s（%(more)s）") % {"limit": said, "more": "，".join(rest)} if rest else said
    return canonical(value).decode()
