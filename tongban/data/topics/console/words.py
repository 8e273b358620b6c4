"""Words for what facts and codes say. What has no word here is shown as it stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

FACTS: dict[str, Any] = {
    "cases.submitted": _("提交"), "cases.received": _("收件"), "cases.accepted": _("受理"), "cases.not_accepted": _("不予受理"),
    "cases.transferred": _("转有权机关"), "cases.correction_asked": _("要求补正"), "cases.correction_supplied": _("已补正"),
    "cases.lapsed": _("逾期未补正"), "cases.claimed": _("领取"), "cases.reviewed": _("审查"), "cases.opinion_given": _("提出意见"),
    "cases.sent_back": _("退回"), "cases.suspended": _("暂停计时"), "cases.resumed": _("恢复计时"), "cases.extended": _("延长期限"),
    "cases.decided": _("决定"), "cases.certified": _("制证"), "cases.delivered": _("送达"), "cases.closed": _("办结"),
    "cases.withdrawn": _("申请人撤回"), "cases.terminated": _("终止"), "cases.voided": _("作废"), "cases.reassigned": _("改派"),
    "cases.opinions_asked": _("征求意见"), "cases.signer_added": _("增加签字人"), "cases.signed": _("签字"), "cases.excused": _("免签"),
    "cases.taken_back": _("收回"), "cases.urged": _("催办"), "cases.transfer_offered": _("提出移交"), "cases.taken_over": _("接手"),
    "cases.application_signed": _("补签申请"), "cases.promise_supplied": _("补交承诺的材料"), "cases.promise_broken": _("承诺没有做到"),
    "evaluation.rated": _("评价"), "evaluation.bad": _("差评"), "evaluation.supplemented": _("追评"),
    "licences.issued": _("签发"), "licences.changed": _("状态变更"), "licences.shown": _("出示"), "licences.used": _("使用"),
    "licences.allowed": _("授权使用"), "licences.taken_back": _("收回"), "licences.received": _("部门送来"),
    "licences.gathered": _("归集入库"), "licences.confirmed": _("确认"),
    "items.drafted": _("起草"), "items.submitted": _("送审"), "items.recalled": _("收回送审"), "items.returned": _("退回"),
    "items.published": _("发布"), "items.taken_back": _("撤下"), "items.suspended": _("暂停"), "items.resumed": _("恢复"),
    "items.cancelled": _("取消"), "items.kept": _("不再取消"), "items.merged": _("合并"), "items.split": _("拆分"),
    "items.proposed": _("提出"), "items.declined": _("不同意"), "items.dropped": _("收回提议"), "items.review_ended": _("审核结束"),
    "persons.seen": _("查看"),
}  # fmt: skip
CODES: dict[str, dict[str, Any]] = {
    "channel": {"online": _("网上"), "api": _("部门系统"), "counter": _("窗口")},
    "stage": {
        "accept": _("受理"), "review": _("审查"), "decide": _("决定"), "certify": _("制证"), "deliver": _("送达"), "done": _("办结"),
    },
    "result": {
        "granted": _("准予"), "partly": _("部分准予"), "refused": _("不予"), "not_accepted": _("不予受理"), "withdrawn": _("申请人撤回"),
        "lapsed": _("逾期未补正"), "transferred": _("转有权机关"), "terminated": _("终止"), "void": _("作废"),
    },
    "kind": {"person": _("个人"), "company": _("单位")},
    "by": {
        "person": _("申请人"), "company": _("申请单位"), "staff": _("工作人员"), "system": _("系统"), "anonymous": _("没有登录的人"),
    },
}  # fmt: skip


def codes_said(word: str) -> set[str]:
    """The codes that a word stands for, in whatever column."""
    every = [FACTS, *CODES.values()]
    return {code for told in every for code, said in told.items() if str(said) == word}
