"""Grounds, sources and outcomes as sentences for the person they concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DOUBTS = {
    "missing": gettext_lazy("没有查到“%(about)s”，由工作人员核对。"),
    "stale": gettext_lazy("“%(about)s”的登记时间太久，由工作人员核对。"),
    "silent": gettext_lazy("查询“%(about)s”的系统没有及时回答，由工作人员核对。"),
    "contradicts": gettext_lazy("“%(about)s”的登记信息前后不一致，由工作人员核对。"),
    "wrong_type": gettext_lazy("“%(about)s”的内容无法自动判断，由工作人员核对。"),
    "broken": gettext_lazy("“%(about)s”这条规则没有得出结果，由工作人员判断。"),
    "no_row": gettext_lazy("您的情况不在“%(about)s”列出的范围内，由工作人员判断。"),
    "no_rule": gettext_lazy("没有规则可以直接作出决定，由工作人员办理。"),
    "too_slow": gettext_lazy("自动核对用时太久，由工作人员办理。"),
    "refusal_not_allowed": gettext_lazy("对您不利的决定不由系统作出，由工作人员审查。"),
}
OUTCOMES = {
    "grant": gettext_lazy("准予"),
    "person": gettext_lazy("转人工"),
    "refuse": gettext_lazy("不予"),
}


def sentence_of(ground: Mapping[str, Any]) -> str:
    """What one ground says to the person."""
    kind, _sep, doubt = str(ground.get("row", "")).partition(":")
    if kind == "doubt" and doubt in DOUBTS:
        return str(DOUBTS[doubt]) % {"about": ground.get("about", "")}
    return str(ground.get("sentence", ""))


def told(grounds: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Grounds as {row, article, sentence}, each sentence once."""
    found: dict[str, dict[str, str]] = {}
    for ground in grounds:
        sentence = sentence_of(ground)
        found.setdefault(sentence, {"row": ground["row"], "article": ground.get("article", ""), "sentence": sentence})
    return list(found.values())


def outcome_words(outcome: str) -> str:
    return str(OUTCOMES.get(outcome, _("未知")))


def value_words(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values())
    if isinstance(value, list):
        return _("%(count)d 项") % {"count": len(value)}
    return "" if value is None else str(value)


FOUND = {
    "holds": gettext_lazy("符合"),
    "grant": gettext_lazy("准予"),
    "person": gettext_lazy("转人工"),
    "refuse": gettext_lazy("不予"),
    "broken": gettext_lazy("没有得出结果"),
    "no_row": gettext_lazy("没有对应的行"),
}


def rule_found_words(found: str) -> str:
    """What one rule found, for the department."""
    return str(FOUND.get(found, found))
