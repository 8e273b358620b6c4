"""What is still missing or wrong in a draft, each with its ground and the place that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.services.authoring.rules import Gap, filled, gaps_in, pointer
from tongban.services.items.actions import check_definition, sentence
from tongban.services.items.queries import shape_faults

from .filler import FILLER
from .places import place_in_tree
from .words import describe, tab_of

ELEMENTS_RULE = "GB/T 39554.2—2020"
MUST, WARN = "must", "warn"


@dataclass(frozen=True)
class Finding:
    """One sentence about one place (a JSON pointer). `must` keeps the draft from being handed in, `warn` does not."""

    path: str
    text: str
    ground: str
    tab: str
    level: str = MUST
    gap: bool = False  # nothing wrong, only nothing there yet


def findings_of(content: Mapping[str, Any], more: Iterable[Finding] = ()) -> list[Finding]:
    """Everything wrong with a document in any state, in the order of its elements; `more` are findings of other rooms."""
    gaps = gaps_in(content, shape_faults(content))
    whole, silent = filled(content, gaps, FILLER)
    found = [Finding(gap.path, _of_gap(gap, content), ELEMENTS_RULE, tab_of(gap.path), gap=gap.empty) for gap in gaps]
    for one in check_definition(whole)[1]:
        path = place_in_tree(content, one.path) or pointer(content, one.path)
        if path[1:].partition("/")[0] not in silent:
            found.append(Finding(path, _bare(sentence(one), one.ground), one.ground, tab_of(path)))
    return sorted({*found, *more}, key=_order)


def completed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its gaps filled, fit to be shown (never to be published)."""
    gaps = gaps_in(content, shape_faults(content))
    return filled(content, gaps, BLANK)[0]


def _bare(text: str, ground: str) -> str:
    """The sentence without the ground in brackets, which stands beside it here."""
    return text.removesuffix(f"（{ground}）")


def _of_gap(gap: Gap, content: Mapping[str, Any]) -> str:
    place = describe(gap.path, content) or _("整份草稿")
    if gap.kind == "additionalProperties":
        return _("%(place)s：有不认识的要素“%(word)s”。") % {"place": place, "word": gap.word}
    if gap.empty:
        return _("还没有填写：%(place)s。") % {"place": place}
    return _("%(place)s：填写得不对，请核对。") % {"place": place}


ORDER = list(FILLER)


def _order(finding: Finding) -> tuple[int, str, str]:
    top = finding.path[1:].partition("/")[0]
    return (ORDER.index(top) if top in ORDER else -1, finding.path, finding.text)


BLANK: dict[str, Any] = FILLER | {
    "task_name": "",
    "plain_name": "",
    "summary": "",
    "by_law": [],
    "accept_conditions": [],
}
