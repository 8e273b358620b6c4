"""孙丽 applies for a hotel by mandate: the company's data are filled in, the case is the company's, not hers."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Meet
from .steps import ITEM


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
