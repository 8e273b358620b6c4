"""How this room says no, and the words for each obstacle the rules can find."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, Reason, Refused, TongbanError


class CaseRefused(Refused):
    """What was written or attached does not suffice; the reasons stand beside their fields."""

    code = "cases.refused"


class StepRefused(Conflict):
    """The case is not where this step may be taken; every obstacle is listed."""

    code = "cases.step_refused"
    title = _("现在不能办理这一步。")


class VersionChanged(Conflict):
    """The item's rules changed since the draft was begun; nothing typed is lost."""

    code = "cases.version_changed"
    title = _("这个事项的办理要求已经更新。您填写的内容都还在，请按新要求核对后再提交。")


class ItemClosed(Conflict):
    """The item is suspended or withdrawn; nothing typed is lost."""

    code = "cases.item_closed"
    title = _("这个事项目前暂停受理。您填写的内容会继续保留，恢复受理后可以接着办理；急需办理请拨打咨询电话。")


class KeyReused(Conflict):
    code = "cases.key_reused"
    title = _("同一个提交编号已经用于另一份内容。请换一个编号再提交。")


class DraftMoved(Conflict):
    """Another device saved this draft meanwhile."""

    code = "cases.draft_moved"
    title = _("这份申请刚刚在别处保存过。请刷新页面，看过最新内容后再继续填写。")


class HelpEnded(Conflict):
    """A clerk writes no longer for this applicant: he took it back, a colleague took over, or two hours are over."""

    code = "cases.help_ended"
    title = _("您现在不能再填这份申请。请让申请人出示证件，重新接待。")


class LevelTooLow(NotAllowed):
    code = "cases.level_too_low"
    title = _("这个事项要求更高的实名等级，请先完成实名认证。")


class WrongApplicant(NotAllowed):
    code = "cases.wrong_applicant"
    title = _("这个事项不由您现在的身份申请。请切换为个人或单位身份后再办。")


OBSTACLES: dict[str, Any] = {
    "wrong_state": _("这个办件现在的状态不能办理这一步，请刷新页面查看最新进展。"),
    "told_once": _("补正要求应当一次性告知。确需再次告知的，请由监察人员写明理由。"),
    "reasons_missing": _("请写明理由。"),
    "no_review_due": _("目前没有等待本部门审查的环节。"),
    "no_opinion_due": _("目前没有等待其他部门出具意见的环节。"),
    "no_earlier_stage": _("前面没有可以退回的环节。"),
    "stage_unknown": _("请选择流程允许退回的环节。"),
    "signers_missing": _("会签或者加签的意见还没有到齐，不能办理这一步。"),
    "nobody_asked": _("现在没有等待答复的会签或者加签。"),
    "offered_elsewhere": _("这个办件正在商请其他部门接收。请等对方答复，或者先收回移送。"),
    "not_offered": _("现在没有等待答复的移送。"),
    "not_fitting": _("这位同事的岗位不能办理这一步，请另选一位。"),
    "last_decider": _("出具审查意见的人不能再作决定。请至少留一位审批人员不参加会签。"),
    "nobody_named": _("请至少选择一位同事或者一个部门。"),
    "too_many": _("一次最多征求10方意见。"),
    "asked_oneself": _("不能征求自己的意见。"),
    "asked_before": _("已经征求过这位同事的意见，正在等他答复。"),
    "no_rule": _("请选择全部答复或者过半数答复。"),
    "department_unfit": _("请选择有人在岗的其他部门。本部门请直接选择同事。"),
    "not_the_last": _("下一步已经有人办理，或者不是您刚刚办的，不能收回。"),
    "not_passed_on": _("刚刚办的这一步已经告知申请人，不能收回。"),
    "same_department": _("这个办件就在这个部门，请选择别的部门。"),
    "no_such_department": _("请选择在本平台办件的部门。对方不在本平台的，请用“告知向有权机关申请”。"),
    "sent_back_before": _("这个部门退回过这个办件，不能再移送给它。"),
    "offered_enough": _("已经有三个部门退回，请直接答复申请人。"),
    "document_missing": _("特别程序须有书面告知。"),
    "extended_before": _("审批期限只能延长一次，这个办件已经延长过。"),
    "too_late_to_extend": _("承诺期限已过，不能再延长。"),
    "review_unfinished": _("审查还没有全部完成，不能作出决定。"),
    "opinions_owed": _("还有部门没有出具意见，不能作出决定。"),
    "result_unknown": _("请选择准予、部分准予或者不予。"),
    "reviewed_by_same": _("审查和决定须由不同的人办理。您审查过这个办件，请交由其他人决定。"),
    "nothing_to_certify": _("这个办件不需要制证。"),
    "not_certified": _("请先制证，再送达。"),
    "unpaid": _("费用还没有缴清，结果暂不能送达。"),
    "promise_open": _("申请人承诺后补的材料还没有补齐，结果暂不能送达。"),
}


def refusal_of(codes: list[str]) -> StepRefused:
    """All obstacles at once, in words."""
    return StepRefused(reasons=[Reason(f"cases.{code}", OBSTACLES[code]) for code in codes])


class KeyMissing(TongbanError):
    """A create without an `Idempotency-Key`."""

    code = "cases.key_missing"
    title = _("缺少提交编号（Idempotency-Key）。")
