"""赵国强 lost his elderly card. On his phone he applies for another; the next page says it is done, why, and where the card is."""

from __future__ import annotations

import re

import pytest

from .conftest import RUNNING, Meet, run_in
from .looker import NARROW
from .people import Visitor

CARD = "老年人优待证"


def apply(citizen: Visitor) -> None:
    """Three questions, a form that knows him already, one material proved without paper."""
    citizen.go("/apply/elderly-card/?reason=lost&household=local&who=self")
    citizen.press(re.compile("开始填写|另填一份"))
    citizen.sees("老人信息")
    citizen.choose("只要电子证")
    citizen.press("下一步：交材料")
    citizen.card("老人身份证").get_by_role("button", name="免提交").click()
    citizen.card("老人身份证").get_by_text("已交").wait_for()
    citizen.press("下一步：领结果")
    citizen.choose("网上")
    citizen.press("下一步：核对")
    citizen.sees("秒批秒办")
    citizen.choose("我已阅读并同意")
    citizen.press("提交申请")


def test_granted_on_the_next_page_with_the_card_and_the_reasons(meet: Meet, request: pytest.FixtureRequest) -> None:
    citizen = meet("zhaoguoqiang", capacity="赵国强", width=NARROW)
    apply(citizen)
    citizen.sees("已经办好了")
    citizen.sees(CARD)
    assert not citizen.judge()

    citizen.press("查看办件和理由")
    citizen.sees("已满60周岁，住在广安区，符合补证条件。")
    citizen.sees("老年人权益保障法第五十三条")
    citizen.page.get_by_text("系统看了哪些数据").click()
    citizen.sees("人口")
    citizen.sees("1948-03-05")
    assert not citizen.judge()
    case = citizen.page.url.split("#")[0]

    citizen.go("/my/licences/")
    citizen.page.locator("main a", has_text=CARD).first.click()
    citizen.sees("赵国强")

    citizen.go(case)
    citizen.press("请人工复核")
    citizen.fill({"您觉得哪里不对": "照片不是我的。"})
    citizen.press("请人工复核")
    citizen.sees("正在人工复核")

    officer = meet("health-reviewer")
    officer.go("/console/decisions/checks/")
    officer.page.locator("main tbody tr", has_text="申请人").locator("a").first.click()
    officer.sees("照片不是我的。")
    officer.choose_radio("不一致")
    officer.fill({"答复申请人的理由": "照片取错了，将为您换证。"})
    officer.press("提交核查结论")
    officer.sees("不一致")

    citizen.go(case)
    citizen.sees("人工复核：原来的结果应当改变")
    head = meet("health-approver")
    head.go("/console/decisions/")
    head.sees("近30天人工核查与系统不一致")
    if not RUNNING:
        run_in(request.getfixturevalue("database"), "tongban", "decisions", "replay")
