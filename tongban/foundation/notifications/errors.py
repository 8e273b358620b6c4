"""Ways this room says no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, Refused, Unavailable

if TYPE_CHECKING:
    from .rules import Notice


class NoSuchTemplate(NotFound):
    """Nobody has written the sentences of this message."""

    code, title = "notifications.no_such_template", _("没有这种消息的模板。")


class TemplateUnfit(Refused):
    code, title = "notifications.template_unfit", _("消息模板的内容不完整，请补齐后再发布。")


class NotSent(Unavailable):
    """A gateway did not take the message; it is tried again later."""

    code, title = "notifications.not_sent", _("短信或邮件暂时没有发出，系统稍后会自动重发。")


class AlreadySent(Conflict):
    code, title = "notifications.already_sent", _("这条短信或邮件已经发出，不需要重发。")


class NoticeRefused(Refused):
    code, title = "notifications.notice_refused", _("这份通知还不能这样做，请按下面的问题逐条修改。")


class NotForReview(Conflict):
    code, title = "notifications.not_for_review", _("这份通知不在待审核状态，可能已有同事处理。请刷新后再看。")


FAULTS = {
    "title_missing": _("请填写标题。"),
    "body_missing": _("请填写站内消息的内容。"),
    "too_long": _("太长了，最多%(word)s个字。"),
    "sms_too_long": _("短信按示例填好后有%(word)s个字，超过三条短信的长度，请写短一些。"),
    "no_such_field": _("没有“%(word)s”这个空格。请从清单里点选。"),
    "unbalanced": _("【和】没有成对，请补全。"),
    "braces": _("请不要用花括号，要填的地方写成【空格名称】。"),
    "day_past": _("生效日期不能早于今天，请改为今天或以后的日期。"),
    "reason_missing": _("请写明原因，2到1000个字。"),
    "already_standard": _("现在用的就是标准文本。"),
    "same": _("这一版的内容和现在用的一样，不用恢复。"),
}


def reason_of(code: str, field: str = "", word: str = "") -> Reason:
    """What is wrong and what to do."""
    return Reason(code, str(FAULTS[code]) % {"word": word}, field)


def reasons_of(faults: Iterable[Notice]) -> list[Reason]:
    return [reason_of(fault.code, fault.path.strip("/"), fault.word) for fault in faults]
