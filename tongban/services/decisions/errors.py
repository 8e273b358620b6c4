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


FAULTS = {
    "title_missing": _("请写上规则的名称。"),
    "inputs_missing": _("还没有数据项，请先写明要看哪些数据。"),
    "rules_missing": _("还没有核对规则，也没有决策表，无法得出结论。"),
    "tests_missing": _("请至少写一个测试用例，每次改动都会重新测试。"),
    "test_differs": _("测试用例“%(word)s”的结果和预期不一样。"),
    "share": _("抽检比例请填1到100之间的整数（百分之几）。"),
    "too_many": _("太多了，最多%(word)s项。"),
    "key": _("代号“%(word)s”不能用：请用小写英文字母开头，只用小写字母、数字和下划线。"),
    "key_twice": _("代号“%(word)s”用了两次，请改一个。"),
    "label_missing": _("请写上名称，解释结论时要用。"),
    "source": _("不知道从哪里取数：“%(word)s”。请从清单里选。"),
    "take_missing": _("请写明“%(word)s”取哪一项。"),
    "type": _("没有“%(word)s”这种类型。"),
    "of_unknown": _("没有“%(word)s”这个数据项，无法确定查谁的登记。"),
    "register_must_answer": _("“%(word)s”来自登记库，查不到时必须转人工，不能设默认值。"),
    "fresh_days": _("“%(word)s”的有效天数请填1到36500之间的整数，或者留空。"),
    "article_missing": _("请写明依据的法律条款。"),
    "sentence_missing": _("请写一句给申请人看的话。"),
    "outcome": _("请选择结论：准予、转人工或者不予。"),
    "hit": _("请选择命中方式：按顺序取第一行，或者收集所有命中的行。"),
    "columns_missing": _("决策表还没有条件列。"),
    "rows_missing": _("决策表还没有行。"),
    "input_unknown": _("没有“%(word)s”这个数据项，请从清单里选。"),
    "input_list": _("“%(word)s”是一份清单，不能直接作条件，请先用计算项得出数量。"),
    "refusal_basis": _("有“不予”的结论，请写明法律依据，以及当事人怎样要求由人重新审查。"),
    "cell_number": _("“%(word)s”看不懂。数字列可以写：60、>= 60、[60..80)、60, 70、not(60)，或者 - 表示任意。"),
    "cell_date": _(
        "“%(word)s”看不懂。日期列可以写：2026-01-01、>= 2026-01-01、[2026-01-01..2026-12-31]，或者 - 表示任意。"
    ),
    "cell_text": _("“%(word)s”看不懂。文字列可以写：一个值、几个值用逗号隔开、not(值)，或者 - 表示任意。"),
    "cell_boolean": _("“%(word)s”看不懂。是否列请写：是、否，或者 - 表示任意。"),
    "expression_syntax": _("表达式看不懂：%(word)s"),
    "expression_forbidden": _("表达式里不能用：%(word)s"),
    "expression_name": _("表达式里的“%(word)s”不是数据项，也不是前面的计算项。"),
}
