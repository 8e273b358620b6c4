"""Credit records (信用信息): which of them stand against somebody, how long, and what mending and objecting change.

国务院办公厅《关于进一步完善失信约束制度构建诚信建设长效机制的指导意见》(国办发〔2020〕49号); 国家发展改革委令第58号 (2023),
《失信行为纠正后的信用信息修复管理办法（试行）》: published for three years at most; a penalty may be mended after three months, one over
food, drugs, special equipment, work safety and the like after a year. The list of dishonest persons goes by the court's day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


def _(text: str) -> str:
    """Marks words for translation; rules know no framework."""
    return text


@dataclass(frozen=True)
class Kind:
    """`against`: it stands against somebody when rules ask; `mend_after`: months until one may ask for mending (0: never)."""

    title: str
    against: bool = False
    mend_after: int = 0


KINDS: Mapping[str, Kind] = {
    "permit": Kind(_("行政许可")),
    "penalty": Kind(_("行政处罚"), mend_after=3),
    "grave_penalty": Kind(_("行政处罚（重点领域）"), mend_after=12),
    "dishonest": Kind(_("失信被执行人"), against=True),
    "abnormal": Kind(_("经营异常名录"), against=True),
    "seriously_illegal": Kind(_("严重违法失信名单"), against=True, mend_after=12),
    "praised": Kind(_("守信激励")),
    "promise": Kind(_("信用承诺")),
}
CREDIT_MARKS = {name: kind.title for name, kind in KINDS.items() if kind.against}
REPAIRS = {"none": _("未修复"), "asked": _("修复审核中"), "done": _("已修复")}
DISPUTES = {
    "none": _("无异议"),
    "open": _("异议处理中"),
    "upheld": _("异议成立，已更正"),
    "turned_down": _("异议不成立"),
}
CREDIT_DAYS = 31  # the credit register is delivered monthly; older than that it proves nothing


def stands(mark: Mapping[str, Any], today: date) -> bool:
    """Whether a record still counts: in its term, not mended, and no objection to it was upheld."""
    ended = mark.get("until") and str(mark["until"]) < today.isoformat()
    return not ended and mark.get("repair", "none") != "done" and mark.get("dispute", "none") != "upheld"


def mendable_from(mark: Mapping[str, Any]) -> date | None:
    """The first day on which mending may be asked for; None: not by this way, or it is mended."""
    kind = KINDS.get(str(mark.get("kind")))
    if kind is None or not kind.mend_after or not mark.get("since") or mark.get("repair") == "done":
        return None
    since = date.fromisoformat(str(mark["since"]))
    years, month = divmod(since.month - 1 + kind.mend_after, 12)
    for day in range(since.day, 27, -1):
        try:
            return date(since.year + years, month + 1, day)
        except ValueError:  # the thirty-first of a short month
            continue
    return date(since.year + years, month + 1, min(since.day, 28))


def credit_values(
    marks: Iterable[Mapping[str, Any]], source: str, as_of: date, today: date
) -> dict[str, dict[str, Any]]:
    """Each kind of mark as yes or no, whether there is any, and whether an objection to one is still being looked into."""
    standing = [mark for mark in marks if mark["kind"] in CREDIT_MARKS and stands(mark, today)]
    kinds = {mark["kind"] for mark in standing}
    said = {kind: kind in kinds for kind in CREDIT_MARKS} | {"marked": bool(standing)}
    said["disputed"] = any(mark.get("dispute") == "open" for mark in standing)
    entry = {"source": source, "as_of": as_of.isoformat(), "stale": (today - as_of).days > CREDIT_DAYS}
    return {element: entry | {"value": value} for element, value in said.items()}


__all__ = ["CREDIT_DAYS", "CREDIT_MARKS", "DISPUTES", "KINDS", "REPAIRS", "credit_values", "mendable_from", "stands"]
