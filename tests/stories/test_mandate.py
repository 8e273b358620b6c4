"""孙丽 applies for a hotel by mandate: the company's data are filled in, the case is the company's, not hers."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tongban.demo.identities import identities
from tongban.foundation.kernel.clock import today

from .conftest import Meet
from .steps import ITEM, apply


def test_a_company_applies_through_a_person_with_a_mandate(meet: Meet) -> None:
    handler = meet("sunli", capacity="渠江之畔")
    handler.go(f"/apply/{ITEM}/?venue=hotel&air=no")
    handler.sees("渠江之畔酒店管理有限公司")
    handler.press("开始填写")
    expect(handler.page.get_by_label("单位名称或者经营者姓名").first).to_have_value(
        "广安渠江之畔酒店管理有限公司（示例）"
    )
    handler.go("/my/drafts/")
    handler.sees("公共场所卫生许可")

    herself = meet("sunli", capacity="孙丽")
    herself.go("/my/drafts/")
    herself.sees("没有草稿")

    director = meet("zhangwei", capacity="渠江之畔")
    director.go("/my/drafts/")
    director.sees("公共场所卫生许可")


def test_a_mandate_for_other_matters_does_not_reach_this_one(meet: Meet) -> None:
    stranger = meet("hexin", capacity="何欣")
    stranger.go("/account/enter/?stay=1")
    assert stranger.page.get_by_role("button", name="渠江之畔").count() == 0


def test_a_mandate_for_one_item_reaches_that_item_and_no_other(meet: Meet) -> None:
    director = meet("majun", capacity="马记牛肉面馆")
    director.go("/my/companies/")
    human = identities()["persons"]["liuyang"]
    director.page.get_by_text("授权给一个人").first.click()
    grant = director.page.locator("main details[open] form")
    grant.get_by_label("姓名").fill(human["name"])
    grant.get_by_label("身份证号码").fill(human["id_number"])
    grant.get_by_label("授权到哪一天").fill((today() + timedelta(days=30)).isoformat())
    grant.get_by_text("只限下面勾选的").click()
    grant.locator(f"input[value={ITEM}]").check()
    grant.get_by_role("button", name="授权").click()
    expect(director.page.locator("body")).to_contain_text("授权已生效")

    handler = meet("liuyang", capacity="马记牛肉面馆")
    handler.go("/apply/food-business-permit/")
    while handler.page.locator("main input[type=radio]").count():
        handler.page.locator("main .tb-choice").first.click()
        with handler.page.expect_navigation():  # before the next page is there, nobody can count what it asks
            handler.page.locator("main form button[type=submit]").first.click()
    handler.sees("授权")
    assert handler.page.get_by_role("button", name="开始填写").count() == 0
    apply(handler)
    handler.go("/my/cases/")
    handler.sees("公共场所卫生许可")
