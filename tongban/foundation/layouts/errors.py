"""How layouts say no, and the sentences for what is wrong with a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Reason, Refused, TongbanError

if TYPE_CHECKING:
    from .rules import Fault


class PagesRefused(Refused):
    """The description of pages cannot be drawn; each reason's field is the path of what is wrong."""

    code, title = "layouts.pages_refused", _("版面描述有误，请按下面的问题逐条修改。")


class TypesettingFailed(TongbanError):
    """The template's source or a picture is at fault, never what people wrote: that is only shown as text."""

    code, status, title = "layouts.typesetting_failed", 500, _("这份文件暂时无法生成，请稍后再试或联系工作人员。")


class NotSealable(Refused):
    """What should be sealed is no PDF or OFD of ours, or the seal's place lies outside its pages."""

    code, title = "layouts.not_sealable", _("这份文件不能盖章：文件不完整，或者盖章位置不在页面内。")


FAULTS = {
    "no_pages": _("没有页面，请至少添加一页。"),
    "too_many": _("太多了，最多 %(word)s 个。"),
    "shape": _("这一页的内容不完整或写法不对。"),
    "page_size": _("页面大小应为宽和高两个数，单位毫米，在 10 到 1200 之间。"),
    "unknown_kind": _("没有“%(word)s”这种版面元素。"),
    "missing": _("缺少“%(word)s”，请填写。"),
    "unknown_part": _("这种元素没有“%(word)s”这一项，请删去。"),
    "not_a_number": _("“%(word)s”应为数字。"),
    "out_of_range": _("“%(word)s”太大或太小了。"),
    "unknown_value": _("“%(word)s”的取值不在可选范围内。"),
    "not_a_colour": _("“%(word)s”应为颜色，例如 #c8102e。"),
    "not_text": _("“%(word)s”应为文字。"),
    "too_long": _("“%(word)s”的文字太长。"),
    "not_a_png": _("“%(word)s”应为 PNG 图片。"),
    "picture_too_big": _("图片太大，请缩小到 5 MB 以内后再用。"),
    "off_page": _("这个元素有一部分在页面之外，请移回页面内。"),
    "does_not_fit": _("“%(word)s”缩到最小字号仍放不下，请把框画大一些。"),
}


def sentence(fault: Fault) -> str:
    """What is wrong and what to do."""
    return str(FAULTS[fault.code]) % {"word": fault.word}


def reasons_of(faults: Iterable[Fault]) -> list[Reason]:
    return [Reason(fault.code, sentence(fault), fault.path) for fault in faults]
