"""What staff can do to a case: one page a verb, each with its own small form. Data, so that all pages behave alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.services.cases import actions
from tongban.services.cases.models import Delivery
from tongban.services.cases.queries import colleagues_fit, undoable

from .fields import VERDICT, Choices, Field, VerbPage, fixed
from .working_together import PAGES as TOGETHER
from .working_together import one

if TYPE_CHECKING:
    from django.http import QueryDict

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Case


def _correction_items(post: QueryDict) -> dict[str, Any]:
    """Everything that is wrong, in one notice: a line for each material somebody wrote about."""
    problems = [
        (key.removeprefix("problem-"), str(value).strip()) for key, value in post.items() if key.startswith("problem-")
    ]
    names = {key: post.get(f"name-{key}", "") for key, _problem in problems}
    items = [
        {"key": "" if key == FORM else key, "name": names[key], "problem": problem}
        for key, problem in problems
        if problem
    ]
    return {"items": items}


def _papers(post: QueryDict) -> dict[str, Any]:
    """Paper handed in at the counter, material by material."""
    return {"materials": {key: [{"way": "1"}] for key in post.getlist("got")}}


def _promised(post: QueryDict) -> dict[str, Any]:
    return {"key": post.get("key", ""), "rows": [{"way": "1"}]}


def _procedures(_actor: Actor, _case: Case, content: dict[str, Any]) -> Choices:
    return [
        (row["key"], f"{row['name']}（{row.get('limit_days') or 20}个工作日）")
        for row in content.get("special_procedures") or ()
    ]


def _colleagues(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    return [(str(account), name) for account, name in colleagues_fit(case)]


def _open_promises(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    return [(row.key, row.name) for row in case.materials.all() if row.way == "4" and row.supplied_at is None]


FORM = "application-form"  # what stands for the form itself where materials are named
REASONS = Field("reasons", gettext_lazy("理由"), "area", gettext_lazy("写给申请人看：事实是什么，依据哪一条。"))
DAYS = Field("days", gettext_lazy("工作日天数"), "number", gettext_lazy("不填按事项规定的天数。"), optional=True)

PAGES: dict[str, VerbPage] = {
    "claim": VerbPage(
        gettext_lazy("接办"), gettext_lazy("由您承办这个办件，其他人能看到。"), actions.claim, direct=True, leads=False
    ),
    "release": VerbPage(
        gettext_lazy("退回待办"), gettext_lazy("放回待接办，由其他人承办。"), actions.release, direct=True, leads=False
    ),
    "receive": VerbPage(
        gettext_lazy("收件"), gettext_lazy("确认材料已收到，向申请人出具收件凭证。"), actions.receive, direct=True
    ),
    "accept": VerbPage(
        gettext_lazy("受理"),
        gettext_lazy("材料齐全、符合法定形式。向申请人出具受理通知书，从今天起计算办理期限。"),
        actions.accept,
        (Field("note", gettext_lazy("给申请人的说明"), "area", optional=True),),
    ),
    "ask_correction": VerbPage(
        gettext_lazy("一次性告知补正"),
        gettext_lazy("把需要补正的全部内容一次写清，出具补正告知书。按法律规定，补正要求只能告知一次。"),
        actions.ask_correction,
        special="cases/console/correction_fields.html",
        read=lambda post: (
            _correction_items(post)
            | {
                "days": Field("days", "", "number").read(post) or 0,
                "supervisor_reason": post.get("supervisor_reason", ""),
            }
        ),
        leads=False,
    ),
    "refuse_acceptance": VerbPage(
        gettext_lazy("不予受理"),
        gettext_lazy("出具不予受理通知书，写明理由和救济途径，办件随即办结。"),
        actions.refuse_acceptance,
        (REASONS, Field("not_needed", gettext_lazy("依法不需要取得行政许可"), "check", optional=True)),
        danger=True,
    ),
    "transfer": VerbPage(
        gettext_lazy("告知向有权机关申请"),
        gettext_lazy("不属于本部门职权。告知申请人应当向哪个机关申请，办件随即办结。"),
        actions.transfer,
        (Field("competent_body", gettext_lazy("有权机关"), hint=gettext_lazy("写全称。"), longest=200), REASONS),
        danger=True,
    ),
    "supply_correction": VerbPage(
        gettext_lazy("窗口收补正材料"),
        gettext_lazy("申请人把补正材料送到了窗口。勾选收到的纸质材料。"),
        actions.supply_correction,
        special="cases/console/supply_fields.html",
        read=_papers,
        leads=False,
    ),
    "supply_promised": VerbPage(
        gettext_lazy("窗口收容缺材料"),
        gettext_lazy("申请人把承诺后补的材料送到了窗口。"),
        actions.supply_promised,
        (Field("key", gettext_lazy("材料"), "radio", choices=_open_promises),),
        read=_promised,
        leads=False,
    ),
    "review": VerbPage(
        gettext_lazy("完成审查"),
        gettext_lazy("写明审查意见，交下一环节。"),
        actions.review,
        (VERDICT, Field("opinion", gettext_lazy("审查意见"), "area", optional=True)),
    ),
    "give_opinion": VerbPage(
        gettext_lazy("出具会办意见"),
        gettext_lazy("代表本部门答复主办部门。"),
        actions.give_opinion,
        (VERDICT, Field("opinion", gettext_lazy("会办意见"), "area")),
    ),
    "suspend": VerbPage(
        gettext_lazy("启动特别程序"),
        gettext_lazy("向申请人出具书面告知，所需时间不计入办理期限（行政许可法第四十五条）。"),
        actions.suspend,
        (
            Field("procedure", gettext_lazy("特别程序"), "radio", choices=_procedures),
            Field("reason", gettext_lazy("理由"), "area"),
            DAYS,
        ),
        leads=False,
    ),
    "resume": VerbPage(
        gettext_lazy("结束特别程序"),
        gettext_lazy("恢复计时，期限按实际所用的工作日顺延。"),
        actions.resume,
        (Field("outcome", gettext_lazy("特别程序的结果"), "area", optional=True),),
    ),
    "extend": VerbPage(
        gettext_lazy("延长办理期限"),
        gettext_lazy("经负责人批准可以延长一次，把理由告知申请人（行政许可法第四十二条）。"),
        actions.extend,
        (Field("reason", gettext_lazy("理由"), "area"), DAYS),
        leads=False,
    ),
    "decide": VerbPage(
        gettext_lazy("作出决定"),
        gettext_lazy("出具决定书。不予或者部分准予的，写明理由，决定书会写明救济途径。"),
        actions.decide,
        (
            Field(
                "result",
                gettext_lazy("决定"),
                "radio",
                choices=fixed(
                    ("granted", gettext_lazy("准予")),
                    ("partly", gettext_lazy("部分准予")),
                    ("refused", gettext_lazy("不予")),
                ),
            ),
            Field("reasons", gettext_lazy("理由"), "area", gettext_lazy("准予时可以不写。"), optional=True),
        ),
    ),
    "certify": VerbPage(
        gettext_lazy("制证"),
        gettext_lazy("制作事项规定的证件。"),
        actions.certify,
        (
            Field(
                "certificate_no",
                gettext_lazy("证件编号"),
                hint=gettext_lazy("不填则用文书编号。"),
                optional=True,
                longest=100,
            ),
        ),
    ),
    "deliver": VerbPage(
        gettext_lazy("送达"),
        gettext_lazy("网上送达和窗口领取当即办结；邮寄的，收到后再办结。"),
        actions.deliver,
        (
            Field(
                "way",
                gettext_lazy("送达方式"),
                "radio",
                choices=lambda _actor, _case, _content: list(Delivery.Way.choices),
            ),
            Field("carrier", gettext_lazy("寄递公司"), hint=gettext_lazy("邮寄时填写。"), optional=True, longest=60),
            Field(
                "tracking_no", gettext_lazy("邮寄单号"), hint=gettext_lazy("邮寄时填写。"), optional=True, longest=60
            ),
            Field(
                "receiver", gettext_lazy("领取人"), hint=gettext_lazy("窗口领取时填写姓名。"), optional=True, longest=60
            ),
        ),
    ),
    "close": VerbPage(gettext_lazy("办结"), gettext_lazy("邮件已妥投，办件办结，请申请人评价。"), actions.close),
    "withdraw": VerbPage(
        gettext_lazy("代为撤回"),
        gettext_lazy("申请人书面要求撤回申请，办件随即办结。"),
        actions.withdraw,
        (Field("reason", gettext_lazy("申请人的说明"), "area", optional=True),),
        danger=True,
    ),
    "terminate": VerbPage(
        gettext_lazy("终止办理"),
        gettext_lazy("许可的标的消失、申请人死亡或者终止的，终止办理，办件随即办结。"),
        actions.terminate,
        (REASONS,),
        danger=True,
    ),
    "void": VerbPage(
        gettext_lazy("作废"),
        gettext_lazy("录入错误或者重复的办件，作废后不再统计。"),
        actions.void,
        (REASONS,),
        danger=True,
    ),
    "assign": VerbPage(
        gettext_lazy("分派"),
        gettext_lazy("交给本部门一位同事承办。"),
        actions.assign,
        (Field("account_id", gettext_lazy("承办人"), "select", choices=_colleagues),),
        read=one("account_id"),
        leads=False,
    ),
    **TOGETHER,
}

# The usual next step first; what ends a case without a decision last.
ORDER = (
    "take_over", "receive", "accept", "sign", "review", "give_opinion", "decide", "certify", "deliver", "close", "resume",
    "supply_correction", "supply_promised", "ask_correction", "claim", "take_back", "ask_opinions", "add_signer", "excuse", "reassign",
    "release", "assign", "suspend", "extend", "send_back", "urge", "offer_transfer", "return_transfer", "transfer",
    "refuse_acceptance", "withdraw", "terminate", "void",
)  # fmt: skip


def offered(actor: Actor, case: Case, may: Iterable[str]) -> list[str]:
    """The verbs to draw buttons for, in order: what the rules allow, and what depends on who has the case."""
    verbs = set(may)
    if not case.is_open:
        return []
    if case.holder_account_id == actor.seat_id:
        verbs = verbs - {"claim"} | {"release"}
    else:
        verbs -= {"reassign"} | ({"claim"} if case.holder_account_id is not None else set())
    # Without a right of its own: whoever passed a step on may take it back.
    if not undoable(case, actor)[1]:
        verbs.add("take_back")
    if {"cases.decide", "supervision.see"} & set(actor.grants) and case.holder_department_id == actor.department_id:
        verbs.add("assign")
    if "cases.apply" in actor.grants and _open_promises(actor, case, {}):
        verbs.add("supply_promised")
    return [verb for verb in ORDER if verb in verbs]


def said(page: VerbPage) -> str:
    """What the officer reads when it is done."""
    return _("已办理：%(title)s。") % {"title": page.title}
