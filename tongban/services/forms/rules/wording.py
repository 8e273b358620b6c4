"""What a condition means, as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .conditions import Compared, Condition, Joined, Name, Named, Opposite, read
from .expressions import names_in
from .faults import gettext_noop

Translate = Callable[[str], str]

SAID = {
    "is": gettext_noop("“%(label)s”是%(value)s"),
    "is_not": gettext_noop("“%(label)s”不是%(value)s"),
    "greater": gettext_noop("“%(label)s”大于%(value)s"),
    "at_least": gettext_noop("“%(label)s”不小于%(value)s"),
    "less": gettext_noop("“%(label)s”小于%(value)s"),
    "at_most": gettext_noop("“%(label)s”不大于%(value)s"),
    "one_of": gettext_noop("“%(label)s”是%(value)s中的一个"),
    "none_of": gettext_noop("“%(label)s”不是%(value)s中的任何一个"),
    "has": gettext_noop("“%(label)s”选了%(value)s"),
    "has_not": gettext_noop("“%(label)s”没有选%(value)s"),
    "filled": gettext_noop("“%(label)s”填了"),
    "empty": gettext_noop("“%(label)s”没有填"),
}
DATED = {
    "is": gettext_noop("“%(label)s”就是%(value)s"),
    "is_not": gettext_noop("“%(label)s”不是%(value)s"),
    "greater": gettext_noop("“%(label)s”晚于%(value)s"),
    "at_least": gettext_noop("“%(label)s”不早于%(value)s"),
    "less": gettext_noop("“%(label)s”早于%(value)s"),
    "at_most": gettext_noop("“%(label)s”不晚于%(value)s"),
}
TICKED = {True: gettext_noop("勾选了“%(label)s”"), False: gettext_noop("没有勾选“%(label)s”")}
AND, OR = gettext_noop("，并且"), gettext_noop("，或者")
NOT = gettext_noop("不是这样：%(inner)s")
RECKONED = gettext_noop("按式子计算，用到%(names)s")
YUAN = gettext_noop("%(number)s元")


def say(expression: str, names: Mapping[str, Named], translate: Translate = str) -> str:
    """The sentence of an expression; of one that cannot be read, which fields it reckons with."""
    condition = read(expression)
    if condition is not None:
        return _said(condition, names, translate)
    labels = [f"“{_label(name, names)}”" for name in sorted(names_in(expression) - {"situation", "applicant"})]
    return translate(RECKONED) % {"names": translate("、").join(labels) or expression}


def _label(name: str, names: Mapping[str, Named]) -> str:
    return names[name].label if name in names else name


def _said(condition: Condition, names: Mapping[str, Named], translate: Translate) -> str:
    if isinstance(condition, Opposite):
        return translate(NOT) % {"inner": _said(condition.part, names, translate)}
    if isinstance(condition, Joined):
        parts = [_said(part, names, translate) for part in condition.parts]
        inner = [f"（{s}）" if isinstance(p, Joined) else s for p, s in zip(condition.parts, parts, strict=True)]
        return translate(AND if condition.every else OR).join(inner)
    return _compared(condition, names, translate)


def _compared(c: Compared, names: Mapping[str, Named], translate: Translate) -> str:
    about = names.get(c.name) or Named(c.name, c.name, "text")
    if isinstance(c.value, bool):
        return translate(TICKED[c.value == (c.operator == "is")]) % {"label": about.label}
    days = c.dated or (about.type == "date" and c.operator in DATED)
    pattern = (DATED if days else SAID)[c.operator]
    return translate(pattern) % {"label": about.label, "value": _value(c.value, about, names, translate)}


def _value(value: Any, about: Named, names: Mapping[str, Named], translate: Translate) -> str:
    if isinstance(value, tuple):
        return translate("、").join(_value(one, about, names, translate) for one in value)
    if isinstance(value, Name):
        return f"“{_label(value, names)}”"
    if about.type == "money" and isinstance(value, int | float):
        return translate(YUAN) % {"number": f"{value / 100:,.2f}".removesuffix(".00")}
    if isinstance(value, str):
        return f"“{dict(about.options).get(value, value)}”"
    return str(value)
