"""The steps of a work in a few words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS_TOLD = {
    "text": gettext_lazy("文字"), "integer": gettext_lazy("整数"), "decimal": gettext_lazy("小数"), "number": gettext_lazy("浮点数"),
    "date": gettext_lazy("日期"), "moment": gettext_lazy("日期时间"), "yes_no": gettext_lazy("是否"),
}  # fmt: skip
ALIKE_TOLD = {
    "half_width": gettext_lazy("全角变半角"), "blanks": gettext_lazy("去掉所有空白"), "digits": gettext_lazy("只留数字"),
    "upper": gettext_lazy("字母大写"), "date": gettext_lazy("日期写成一样"), "codes": gettext_lazy("换成代码"),
    "division": gettext_lazy("地址换成区划代码"),
}  # fmt: skip
WORDS_TOLD: Mapping[str, Callable[[str], str]] = {
    "trim": lambda _d: _("去掉首尾空白，空的作没有值"),
    "steps": lambda detail: _("标准化：%(name)s") % {"name": ALIKE_TOLD.get(detail, detail)},
    "read": lambda detail: _("读作%(kind)s") % {"kind": KINDS_TOLD.get(detail, detail)},
    "check": lambda detail: _("校验：%(name)s") % {"name": detail},
    "codes": lambda detail: _("代码集核对（%(count)s个）") % {"count": detail},
    "required": lambda _d: _("必填"),
    "key": lambda _d: _("主键"),
    "newest": lambda _d: _("同一主键取它最大的一行"),
}


def told_steps(steps: Iterable[tuple[str, str]]) -> list[str]:
    """Each step in a few words."""
    return [WORDS_TOLD[code](detail) for code, detail in steps]
