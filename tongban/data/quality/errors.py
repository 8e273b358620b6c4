"""How this room says no."""

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, Refused


class RuleRefused(Refused):
    """A quality rule cannot be so; `reasons` lists everything."""

    code, title = "quality.rule_refused", _("质量规则有问题，请按提示修改。")


class TicketRefused(Refused):
    """What is said of a ticket does not do."""

    code, title = "quality.ticket_refused", _("这张质量工单还不能这样处理，请按提示修改。")


class QualityMoved(Conflict):
    """A ticket or a check is not in the state that this step needs."""

    code, title = "quality.moved", _("已处在另一个环节，请刷新后再试。")


class RuleChanged(Conflict):
    """Somebody has saved another version of the rule since this one was opened."""

    code, title = "quality.rule_changed", _("这条规则刚被别人改过，您填的还在这一页上。请先看过新的版本再保存。")
