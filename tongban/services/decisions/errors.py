"""How automatic decisions say no."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotFound, Refused


class RulesRefused(Refused):
    """A rule set is not fit to be handed in or published; `reasons` names every cell that is wrong."""

    code, title = "decisions.rules_refused", _("这套规则还不能提交，请按下面的问题逐条修改。")


class RulesNotForReview(Conflict):
    code, title = "decisions.not_for_review", _("这套规则不在待审核状态，可能已有同事处理。请刷新后再看。")


class NoPlaceLeft(Conflict):
    """Somebody took the last place a moment before."""

    code, title = "decisions.no_place_left", _("最后一个名额刚刚被占用，您的申请转由工作人员办理。")


class HaltRefused(Refused):
    code, title = "decisions.halt_refused", _("请写明停用或恢复智能审批的原因。")


class AlreadyHalted(Conflict):
    code, title = "decisions.already_halted", _("这个事项的智能审批已经是这个状态，请刷新后再看。")


class DecidedNotFound(NotFound):
    code, title = "decisions.not_found", _("没有找到这次智能审批的记录，或者您无权查看。")


class CheckRefused(Refused):
    code, title = "decisions.check_refused", _("抽检结论还不完整，请补充后再提交。")


class CheckAnswered(Conflict):
    code, title = "decisions.check_answered", _("这一件已经有同事给出抽检结论。请刷新后再看。")
