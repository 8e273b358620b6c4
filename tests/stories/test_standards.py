"""A code set from its first line to the data that are written by it: drafted, handed in, agreed to by another, revised, compared, bound."""

from __future__ import annotations

import re
import time

from playwright.sync_api import expect

from .conftest import Meet
from .looker import Looker
from .people import Visitor

RUN = f"{int(time.time()) % 10**6:06d}"  # names of its own, so that it can be told again in the same house
KEY, NAME = f"SL {RUN}", f"示例业务类别代码{RUN}"
BROKEN = '代码,名称,上级\n01,新办\n"02"x,换证\n'
CODES = "代码,名称,上级\n01,新办,\n02,换证,\n0201,到期换证,02\n"


def test_a_code_set_is_written_agreed_to_revised_and_bound(meet: Meet) -> None:
    keeper, platform, steward = meet("standard-keeper"), meet("data-admin"), meet("health-steward")
    looker, looking = Looker(keeper), Looker(platform)

    keeper.go("/console/standards/")
    looker.here("standards-sets")
    keeper.press("新建代码集")
    keeper.press("写成草稿")
    keeper.sees("名称：请填写这一项")
    looker.here("standards-refused")
    keeper.fill({"标识": KEY, "名称": NAME, "施行日期": "2026-01-01"})
    keeper.press("写成草稿")
    _import(keeper, BROKEN.encode())
    keeper.sees("第 3 行读不下去")
    looker.here("standards-broken-file")
    keeper.page.reload()
    _import(keeper, CODES.encode("gb18030"))
    keeper.sees("代码（3个）")
    looker.here("standards-draft")
    keeper.press("保存，去提交")
    looker.here("standards-draft-standard")
    keeper.press("提交审核")
    keeper.sees("待审核")
    standard = keeper.page.url.split("?")[0]

    platform.go("/console/standards/")
    looking.here("standards-waiting")
    platform.press(re.compile(NAME))
    looking.here("standards-review")
    platform.press("同意发布")
    platform.sees("已发布")

    keeper.go(standard)
    keeper.press("修订出新版本")
    keeper.page.locator("main summary").first.click()
    keeper.fill({"代码": "0201", "含义": "期满换证", "上级代码": "01"})
    keeper.press("存下这个代码")
    keeper.sees("期满换证")
    keeper.go(f"{standard}compare/")
    keeper.sees("期满换证（上级 01）")
    looker.here("standards-compare")

    bound = Looker(steward)
    bound.at(
        {"standards-elements": "/console/standards/elements/", "standards-resources": "/console/standards/resources/"}
    )
    steward.page.locator("main tbody th a").first.click()
    bound.here("standards-resource")
    steward.go(standard)
    steward.press("对照到这个标准")
    steward.sees("请选要对照的一列")
    column = steward.page.get_by_label("数据集的列").locator("option").nth(1).inner_text()
    steward.fill({"数据集的列": column})
    steward.press("对照到这个标准")
    steward.sees(f"解除{column}的对照")
    bound.here("standards-bound")
    steward.press(f"解除{column}的对照")
    expect(steward.page.get_by_role("button", name=f"解除{column}的对照")).to_have_count(0)
    expect(steward.page.get_by_role("button", name="修订出新版本")).to_have_count(0)
    faults = [*looker.faults, *looking.faults, *bound.faults]
    assert not faults, "\n".join(faults)


def _import(keeper: Visitor, data: bytes) -> None:
    keeper.page.get_by_label("从文件导入").set_input_files(
        {"name": "codes.csv", "mimeType": "text/csv", "buffer": data}
    )
    keeper.page.get_by_role("button", name="导入", exact=True).click()
