"""陈静 begins at home and goes on at the counter: the clerk writes with her beside him, by keyboard, and she sees who it was."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import Meet
from .looker import NARROW, Looker
from .papers import photo
from .steps import ID, fill_in, open_form

HERSELF = {
    "单位名称或者经营者姓名": "陈静",
    "统一社会信用代码": "92511602MA6A1X010T",
    "法定代表人或者负责人": "陈静",
}


def test_a_draft_goes_on_at_the_counter(meet: Meet) -> None:
    citizen = meet("chenjing", capacity="陈静", width=NARROW)
    open_form(citizen)
    fill_in(citizen, HERSELF)
    citizen.press("下一步：交材料")
    citizen.sees("平面图")

    clerk = meet("approval-clerk")
    looker, page, keys = Looker(clerk), clerk.page, clerk.page.keyboard
    clerk.go("/console/cases/counter/")
    expect(page.locator("#f-id_number")).to_be_focused()
    looker.here("counter")
    keys.type(ID)
    for key in ("Tab", "Tab", "Space", "Enter"):
        keys.press(key)
    clerk.sees("没有提交的申请")
    looker.here("counter-visit")
    keys.press("Enter")  # the latest draft has the focus
    clerk.sees("核对提交")
    assert ID not in page.url
    expect(page.get_by_label("场所名称").first).to_have_value("丝语理发店")

    detail = page.get_by_label("门牌号等详细地址").first
    detail.fill("老厚街５")  # what the road was called before, full-width, half a number
    offer = page.get_by_role("button", name="厚街56号")
    expect(offer).to_be_visible()
    looker.here("counter-addresses")
    offer.press("Enter")
    expect(page.get_by_label("门牌号等详细地址").first).to_have_value("厚街56号")
    clerk.sees("来自地址库")

    paper = page.locator("[data-part=plan]")
    paper.locator("input[type=file]").set_input_files(photo())
    expect(paper.locator("img")).to_be_visible()
    page.get_by_role("button", name="要交的都收到纸质").press("Enter")
    expect(page.locator("#papers .tb-tag--yellow")).to_have_count(0)
    looker.here("counter-intake")

    citizen.go("/my/drafts/")
    citizen.sees("起在窗口帮您填写")
    looker.faults += citizen.judge()

    page.locator("#f-declared").press("Space")
    keys.press("Tab")
    keys.press("Enter")
    clerk.sees("收件凭证")
    looker.here("counter-receipt")
    number = page.locator("main dd.tb-number").first.inner_text()
    citizen.go("/my/cases/")
    citizen.page.locator("main .tb-list h2 a").first.click()
    expect(citizen.page).to_have_url(re.compile("/my/cases/.+"))
    citizen.sees(number)
    citizen.sees("窗口工作人员帮您填写")
    assert not looker.faults, "\n".join(looker.faults)
