"""陈静 opens a barber shop: from everyday words in the search box to the licence in her hands and the supervisor's lamps."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import Meet
from .looker import NARROW
from .papers import page, photo
from .people import Visitor
from .steps import act, agree, fill_in, finish, hand_in


def find_and_begin(citizen: Visitor) -> None:
    """Everyday words, the guide, two questions, sign-in on the way; the answers are kept."""
    citizen.go("/")
    citizen.page.fill("#search", "开理发店")
    citizen.page.locator(".tb-hero button[type=submit]").click()
    citizen.press("卫生许可证")
    citizen.sees("不收费")
    citizen.press("在线办理")
    citizen.choose("理发店")
    citizen.press("继续")
    citizen.choose("没有")
    citizen.press("继续")
    citizen.press("登录后填写")
    citizen.name = "chenjing"
    citizen.sign_in("丝语理发店", at="")
    citizen.sees("理发店")
    citizen.press(re.compile("开始填写|另填一份"))


def correct(citizen: Visitor, case_id: str) -> None:
    citizen.go(f"/my/cases/{case_id}/")
    citizen.sees("洗手池的位置看不清")
    citizen.press("去补正")
    citizen.press("提交补正")
    citizen.sees("还有内容没有补齐")
    citizen.page.locator("input[type=file]").first.set_input_files(photo("平面图（改）.png", "#e0c080"))
    citizen.page.locator("main button", has_text="上传").first.click()
    citizen.sees("平面图（改）.png")
    citizen.press("提交补正")
    citizen.sees("补正材料已提交")


def test_from_search_to_rating(meet: Meet) -> None:
    citizen = meet(width=NARROW)
    find_and_begin(citizen)
    expect(citizen.page.get_by_label("统一社会信用代码")).to_have_value("92511602MA6A1X037J")
    citizen.sees("来自")
    fill_in(citizen)
    citizen.press("下一步：交材料")
    hand_in(citizen)
    case_id = finish(citizen)

    clerk = meet("approval-clerk")
    clerk.go("/console/cases/")
    clerk.go(f"/console/cases/{case_id}/")
    clerk.sees("丝语理发店")
    act(clerk, case_id, "ask_correction", {"平面图": "洗手池的位置看不清，请标清楚。"})

    correct(citizen, case_id)
    act(clerk, case_id, "accept")

    reviewer, health, approver = meet("approval-reviewer"), meet("health-reviewer"), meet("approval-approver")
    agree(reviewer, case_id, "review", "材料齐全，现场符合要求。")
    agree(health, case_id, "give_opinion", "卫生条件符合要求。")
    act(approver, case_id, "decide", lambda: approver.choose_radio("准予"))
    act(clerk, case_id, "certify")

    citizen.go(f"/my/cases/{case_id}/")
    citizen.sees("准予")
    citizen.page.locator("input[type=file]").first.set_input_files(page())
    citizen.page.locator("main button", has_text="补交").first.click()
    citizen.sees("已收到承诺补交的材料")
    letter = citizen.page.locator("a[href^='/letters/']").first.get_attribute("href")
    pdf = citizen.page.context.request.get(str(letter))
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF")

    act(clerk, case_id, "deliver", {"邮寄": True, "寄递公司": "邮政特快专递", "邮寄单号": "EX202611210001"})
    citizen.go(f"/my/cases/{case_id}/")
    citizen.sees("EX202611210001")
    act(clerk, case_id, "close")

    citizen.go(f"/my/cases/{case_id}/")
    citizen.press("去评价")
    citizen.page.get_by_label("非常满意", exact=True).check()
    citizen.press("提交评价")
    citizen.sees("非常满意")

    supervisor = meet("supervisor")
    supervisor.go("/console/supervision/")
    supervisor.sees("区行政审批局")
    supervisor.sees("红牌")
    supervisor.sees("按时办结率")
