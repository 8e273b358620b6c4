"""How letters say no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, Refused, TongbanError

if TYPE_CHECKING:
    from .rules import Fault


class LetterNotFound(NotFound):
    code, title = "letters.not_found", _("没有找到这份文书，或者您无权查看。")


class TemplateNotFound(TongbanError):
    code, status, title = "letters.no_template", 500, _("没有这种文书的模板，请联系管理员。")


class TemplateRefused(Refused):
    code, title = "letters.template_refused", _("这份文书还不能提交，请按下面的问题逐条修改。")


class NotForReview(Conflict):
    code, title = "letters.not_for_review", _("这份文书不在待审核状态，可能已有同事处理。请刷新后再看。")


FAULTS = {
    "shape": _("这一段的内容不完整或写法不对（%(word)s），请重新添加这一段。"),
    "empty": _("这一段还没有写内容，请填写，或者删去这一段。"),
    "unbalanced": _("括号或加粗符号没有成对：“%(word)s”。每个［都要有］，每对**要写两次。"),
    "no_such_field": _("没有“%(word)s”这个空格。请从右边的清单里点选。"),
    "no_such_answer": _("申请表里没有“%(word)s”这个问题。请从清单里点选，或者先在表单里加上。"),
    "no_such_list": _("“%(word)s”不是一份清单，不能逐条列出。请另选一项。"),
    "unsigned": _("文书最后要有“落款”，否则没有机关名称、日期和印章。"),
    "without_remedies": _("对申请人不利的决定必须告知救济途径，请加上“救济途径”一段（行政许可法第三十八条）。"),
}


def sentence(fault: Fault) -> str:
    """What is wrong and what to do."""
    return str(FAULTS[fault.code]) % {"word": fault.word}


def reasons_of(faults: Iterable[Fault]) -> list[Reason]:
    return [Reason(fault.code, sentence(fault), fault.path) for fault in faults]
