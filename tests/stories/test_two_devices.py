"""陈静 writes the same application on a phone and on a computer: the second to save is told, and nothing typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import Meet
from .looker import NARROW
from .steps import open_form

CAPACITY = "丝语理发店"


def test_the_second_device_is_told_and_keeps_what_was_typed(meet: Meet) -> None:
    computer, phone = meet("chenjing", capacity=CAPACITY), meet("chenjing", capacity=CAPACITY, width=NARROW)
    open_form(computer)
    phone.go(computer.page.url)

    computer.fill({"场所名称": "电脑上写的店名"})
    expect(computer.page.locator("#saved")).to_have_attribute("data-state", "saved")
    phone.fill({"门牌号等详细地址": "手机上写的8号"})
    expect(phone.page.locator("#saved")).to_have_attribute("data-state", "failed")
    expect(phone.page.locator("#tb-toast")).to_contain_text("别处")

    phone.press("下一步：交材料")
    phone.sees("这份申请刚刚在别处保存过")
    address = phone.page.get_by_label("门牌号等详细地址").first
    expect(address).to_have_value("手机上写的8号")
    assert not phone.judge()
    with phone.page.context.expect_page() as other:
        phone.page.get_by_role("link", name="看别处存的内容").click(modifiers=["ControlOrMeta"])
    expect(other.value.get_by_label("场所名称", exact=True)).to_have_value("电脑上写的店名")

    phone.fill({"场所名称": "电脑上写的店名"})
    phone.press("下一步：交材料")
    phone.sees("有内容需要更正")  # the rest is not filled in yet, but both are kept
    computer.page.reload()
    expect(computer.page.get_by_label("场所名称", exact=True)).to_have_value("电脑上写的店名")
    expect(computer.page.get_by_label("门牌号等详细地址").first).to_have_value("手机上写的8号")
    assert re.search("/form/", computer.page.url)
