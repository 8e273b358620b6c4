"""李华 lost his identity card: he pays the fee of the new one online, from the bill to what proves that he paid."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import Meet


def test_a_fee_is_paid_online_and_stays_proved(meet: Meet) -> None:
    citizen = meet("lihua", capacity="李华")
    citizen.go("/my/bills/")
    citizen.sees("待缴费")
    citizen.press("居民身份证")
    bill = citizen.page.url
    citizen.sees("居民身份证补领工本费")
    citizen.sees("发改价格〔2003〕2322号")

    citizen.press(re.compile("去缴费"))
    citizen.sees("模拟银行收银台")
    citizen.page.locator("main button[value=later], main button:not([value=pay])").first.click()
    citizen.page.wait_for_url(bill)
    expect(citizen.page.locator("body")).to_contain_text("没有完成缴费，您没有被扣款")
    citizen.sees("待缴费")

    citizen.press(re.compile("去缴费"))
    citizen.press("确认支付")
    citizen.page.wait_for_url(bill)
    expect(citizen.page.locator("body")).to_contain_text("缴费成功")
    citizen.sees("已缴费")
    citizen.sees("缴费时间")
    assert citizen.page.get_by_role("button", name=re.compile("去缴费")).count() == 0
    assert not citizen.judge()

    citizen.page.locator("main dl a").first.click()  # the number of the case
    citizen.sees("居民身份证")
    citizen.go("/my/messages/")
    expect(citizen.page.locator("main")).to_contain_text("缴费成功")
