"""李华's application is refused: with reasons, with the ways to object, and nobody decides what he reviewed himself."""

from __future__ import annotations

from .conftest import Meet
from .steps import act, agree, apply


def test_a_refusal_says_why_and_what_can_be_done(meet: Meet) -> None:
    citizen = meet("lihua", capacity="清渠茶馆")
    case_id = apply(citizen, card_stands=True)
    act(meet("approval-clerk"), case_id, "accept")
    reviewer = meet("approval-reviewer")
    agree(reviewer, case_id, "review", "现场没有消毒间。")
    agree(meet("health-reviewer"), case_id, "give_opinion", "不符合卫生规范。")

    approver = meet("approval-approver")

    def refuse() -> None:
        approver.choose_radio("不予")
        approver.fill({"理由": "没有消毒间，不符合《公共场所卫生管理条例》第四条。"})

    act(approver, case_id, "decide", refuse)
    citizen.go(f"/my/cases/{case_id}/")
    citizen.sees("不予")
    citizen.sees("没有消毒间")
    citizen.sees("行政复议")
    reviewer.go(f"/console/cases/{case_id}/decide/")
    assert reviewer.page.get_by_role("button", name="确认作出决定").count() == 0


def test_what_is_not_accepted_is_closed_with_reasons(meet: Meet) -> None:
    citizen = meet("lihua", capacity="清渠茶馆")
    case_id = apply(citizen, card_stands=True)
    clerk = meet("approval-clerk")
    act(clerk, case_id, "refuse_acceptance", {"理由": "茶馆不属于需要办理公共场所卫生许可的场所。"})
    citizen.go(f"/my/cases/{case_id}/")
    citizen.sees("不予受理")
    citizen.sees("茶馆不属于")
