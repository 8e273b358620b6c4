"""A rule set looked at whole: its text, its expressions, its test cases; and what its tables leave open or say twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.listing import listed
from tongban.services.decisions.errors import FAULTS
from tongban.services.decisions.rules import (
    BadCell,
    Coverage,
    Fault,
    Piece,
    Weighed,
    coverage,
    faults_of_shape,
    items_at,
    kinds_of,
    weigh,
)
from tongban.services.forms.queries import faults_of_expression

from .words import sentence_of


@dataclass(frozen=True)
class Tried:
    """A test case and what it came to."""

    at: int
    name: str
    expect: str
    outcome: str
    why: str

    @property
    def passed(self) -> bool:
        return self.expect == self.outcome


def faults_of(content: Mapping[str, Any]) -> list[Fault]:
    """Everything that keeps a rule set from being handed in."""
    found = [*faults_of_shape(content), *_expressions(content)]
    if not found:
        found += [Fault(f"/tests/{one.at}", "test_differs", one.name) for one in tried(content) if not one.passed]
    return found


def reasons_of(faults: list[Fault]) -> list[Reason]:
    return [Reason(fault.code, sentence(fault), fault.path) for fault in faults]


def sentence(fault: Fault) -> str:
    return str(FAULTS[fault.code]) % {"word": fault.word}


def _expressions(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Each may ask for inputs and for what is derived before it."""
    known = {str(one.get("key", "")) for one in items_at(content, "inputs")}
    for name in ("derived", "checks"):
        for at, one in enumerate(items_at(content, name)):
            path = f"/{name}/{at}/expr"
            faults = faults_of_expression(one.get("expr"), path, known)
            yield from (
                Fault(path, f.code, str(f.params.get("name") or f.params.get("detail") or "")) for f in faults[:1]
            )
            if name == "derived":
                known.add(str(one.get("key", "")))


def tried(content: Mapping[str, Any], today: str = "") -> list[Tried]:
    """Each test case run through the rules as they stand. A case may name its own day."""
    found = []
    for at, case in enumerate(items_at(content, "tests")):
        values = case.get("values") if isinstance(case.get("values"), dict) else {}
        weighed = weigh_safely(content, {key: {"value": value} for key, value in (values or {}).items()},
                               str(case.get("today") or today or "2026-01-01"))  # fmt: skip
        why = "；".join(filter(None, (sentence_of(ground.as_data()) for ground in weighed.grounds)))
        found.append(Tried(at, str(case.get("name") or at + 1), str(case.get("expect")), weighed.outcome, why))
    return found


def weigh_safely(content: Mapping[str, Any], values: Mapping[str, Any], today: str) -> Weighed:
    """Of a draft that is not whole yet, too: what cannot be weighed goes to a person."""
    try:
        return weigh(content, values, today=today, refusal_allowed=bool(content.get("refusal")))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Weighed("person", ())


def remarks_of(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Gaps and overlaps of every table, in words: {path, text}. They keep nothing from being handed in."""
    kinds = kinds_of(content)
    labels = {one.get("key", ""): str(one.get("label") or one.get("key")) for name in ("inputs", "derived")
              for one in items_at(content, name)} | {"today": _("办理当天")}  # fmt: skip
    found = []
    for at, table in enumerate(items_at(content, "tables")):
        try:
            covered = coverage(table, kinds)
        except (BadCell, KeyError, TypeError, AttributeError):
            continue  # told as a fault of its cells
        found += [{"path": f"/tables/{at}", "text": text} for text in _covered_words(covered, labels)]
    return found


def _covered_words(covered: Coverage, labels: Mapping[str, str]) -> Iterator[str]:
    if covered.unknown:
        yield _("这张表的组合太多，没有逐一核对有没有遗漏。没有对应行的申请会转人工。")
    for gap in covered.open:
        parts = [_span_words(labels.get(name, name), pieces) for name, pieces in gap.where]
        where = "，".join(filter(None, parts)) or _("任何情况")
        yield _("没有一行管到：%(where)s。这样的申请会转人工。") % {"where": where}
    for twice in covered.twice:
        rows = {"first": twice.first + 1, "second": twice.second + 1}
        if twice.hidden:
            yield _("第%(second)d行永远轮不到：它管的情况都被前面的行（如第%(first)d行）先管了。") % rows
        else:
            yield _("第%(first)d行和第%(second)d行有重叠，结论不同。请确认先后是您的本意。") % rows


def _span_words(label: str, pieces: tuple[Piece, ...]) -> str:
    first, last = pieces[0], pieces[-1]
    if first.place in ("is", "other"):
        words = [_("其他") if piece.place == "other" else _end(piece.ends[0]) for piece in pieces]
        return f"{label}{_('为')}{listed(words)}" if first.ends or len(pieces) > 1 else ""
    if first.place == "below" and last.place == "above":
        return ""  # any value at all
    low = {"at": _("从%s起"), "between": _("大于%s"), "above": _("大于%s"), "below": "%s"}[first.place]
    high = {"at": _("到%s"), "between": _("小于%s"), "below": _("小于%s"), "above": "%s"}[last.place]
    if first == last and first.place == "at":
        return f"{label}{_('等于')}{_end(first.ends[0])}"
    begins = "" if first.place == "below" else low % _end(first.ends[0])
    ends = "" if last.place == "above" else high % _end(last.ends[-1])
    return f"{label}{begins}{ends}"


def _end(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value:g}" if isinstance(value, float) else str(value)
