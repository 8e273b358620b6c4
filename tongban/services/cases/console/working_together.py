"""The pages of the verbs by which colleagues work on one case: 转办 退回 会签 加签 撤回 催办 移送."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.identity.queries import departments_who_may
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.organisations.queries import departments_of
from tongban.services.cases import actions
from tongban.services.cases.models import Asking
from tongban.services.cases.queries import colleagues_asked, colleagues_fit, rounds_of, standing_of
from tongban.services.cases.rules import ways_back

from .fields import VERDICT, Choices, Field, VerbPage, fixed

if TYPE_CHECKING:
    from django.http import QueryDict

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Case

POOL = "pool"


def one(name: str) -> Any:
    """Reads an id; what is none is not given."""
    return lambda post: {name: id_typed(post.get(name, ""))}


def _several(post: QueryDict) -> dict[str, Any]:
    found = {
        name: [pk for pk in map(id_typed, post.getlist(name)) if pk is not None]
        for name in ("account_ids", "department_ids")
    }
    return {"account_ids": found["account_ids"], "department_ids": found["department_ids"]}


def _fit(actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    others = [(str(pk), name) for pk, name in colleagues_fit(case) if pk != actor.seat_id]
    return [*others, (POOL, _("放回待接办"))]


def _askable(actor: Actor, _case: Case, _content: dict[str, Any]) -> Choices:
    return [(str(pk), name) for pk, name in colleagues_asked(actor)]


def _others(case: Case, right: str) -> list[Any]:
    """The other departments of the division where somebody's post holds a right."""
    here, manned = (case.department_id, case.holder_department_id), departments_who_may(right)
    return [row for row in departments_of(case.division) if row.pk in manned and row.pk not in here]


def _other_departments(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    return [(str(row.pk), row.short_name) for row in _others(case, "cases.sign")]


def _competent(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    """Departments that may take a case over, and have not sent it back before."""
    said_no = set(case.transfers.filter(answer="returned").values_list("to_department_id", flat=True))
    return [(str(row.pk), row.short_name) for row in _others(case, "cases.transfer") if row.pk not in said_no]


def _earlier(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    standing = standing_of(case)
    return [(stage.key, stage.name) for stage in reversed(ways_back(standing.stages, standing.stage))]


def _missing(_actor: Actor, case: Case, _content: dict[str, Any]) -> Choices:
    answers = [answer for found in rounds_of(case) for answer in found.answers if answer.is_missing]
    return [(str(answer.step.pk), answer.who) for answer in answers]


QUESTION = Field("question", _("想请对方答复什么"), "area", _("写给被征求意见的人看。"))
WAIT = Field("days", _("请在几个工作日内答复"), "number", _("不填按本环节的期限。办理期限继续计算。"), optional=True)
WHY = Field("reasons", _("理由"), "area", _("写给同事看。"))

PAGES: dict[str, VerbPage] = {
    "sign": VerbPage(
        _("出具会签意见"),
        _("答复征求您意见的同事。意见留在办件记录里。"),
        actions.sign,
        (VERDICT, Field("opinion", _("会签意见"), "area")),
    ),
    "ask_opinions": VerbPage(
        _("会签"),
        _("同时征求几位同事、几个部门的意见。意见到齐以后，才能办理下一步。"),
        actions.ask_opinions,
        (
            QUESTION,
            Field("account_ids", _("本部门同事"), "checks", choices=_askable, optional=True),
            Field("department_ids", _("其他部门"), "checks", choices=_other_departments, optional=True),
            Field("rule", _("怎样算到齐"), "radio", choices=fixed(*Asking.Rule.choices), value="all"),
            WAIT,
        ),
        read=_several,
        leads=False,
    ),
    "add_signer": VerbPage(
        _("加签"),
        _("再请一位同事出具意见。他答复以后，才能办理下一步。"),
        actions.add_signer,
        (Field("account_id", _("请谁出具意见"), "select", choices=_askable), QUESTION, WAIT),
        read=one("account_id"),
        leads=False,
    ),
    "excuse": VerbPage(
        _("不再征求意见"),
        _("有人不能答复的，可以不再等他。"),
        actions.excuse,
        (Field("step_id", _("不再等谁"), "radio", choices=_missing), WHY),
        read=one("step_id"),
        leads=False,
    ),
    "reassign": VerbPage(
        _("转办"),
        _("把手上的办件交给岗位相符的同事，或者放回待接办。期限继续计算。"),
        actions.reassign,
        (Field("account_id", _("转给谁"), "select", choices=_fit), WHY),
        read=one("account_id"),
        leads=False,
    ),
    "send_back": VerbPage(
        _("退回"),
        _("退回前面的环节，由原来的经办人重新办理。已写的意见保留，办理期限继续计算。"),
        actions.send_back,
        (Field("to", _("退回到"), "radio", choices=_earlier), WHY),
        leads=False,
    ),
    "take_back": VerbPage(
        _("收回"),
        _("收回刚刚交出去的这一步。下一步还没有人办理时才能收回，已写的意见保留。"),
        actions.take_back,
        direct=True,
        leads=False,
    ),
    "urge": VerbPage(
        _("催办"),
        _("提醒现在的经办人。每人每天对一个办件最多催3次。"),
        actions.urge,
        (Field("note", _("想说的话"), "area", optional=True, longest=500),),
        leads=False,
    ),
    "offer_transfer": VerbPage(
        _("移送其他部门"),
        _("不属于本部门职权、有权部门也在本平台办件的，商请对方接收。对方接收后由对方办理，对方退回的仍由本部门答复。期限继续计算。"),
        actions.offer_transfer,
        (Field("department_id", _("有权部门"), "select", choices=_competent), WHY),
        read=one("department_id"),
        leads=False,
    ),
    "take_over": VerbPage(
        _("接收移送"),
        _("由本部门接着办理，答复申请人的期限继续计算。申请人会收到通知。"),
        actions.take_over,
        (Field("note", _("说明"), "area", optional=True, longest=500),),
    ),
    "return_transfer": VerbPage(
        _("退回移送"),
        _("不属于本部门职权的，退回原来的部门，写明理由。"),
        actions.return_transfer,
        (WHY,),
        leads=False,
    ),
}  # fmt: skip
