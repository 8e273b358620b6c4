"""陈静 opens a barber shop: from everyday words in the search box to the licence in her hands and the supervisor's lamps."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_check

from .conftest import NARROW, Meet
from .papers import photo
from .people import Visitor

ITEM = "/apply/public-venue-hygiene-permit/"
ID = "51160219920818024" + citizen_id_check("51160219920818024")
IN_A_YEAR = (today() + timedelta(days=360)).isoformat()


def begin(citizen: Visitor) -> None:
    """Two questions, sign-in on the way, and the form lies open."""
    citizen.go(ITEM)
    citizen.choose("理发店")
    citizen.press("继续")
    citizen.choose("没有")
    citizen.press("继续")
    citizen.press("登录后填写")
    citizen.name = "chenjing"
    citizen.sign_in("丝语理发店", at="")
    citizen.press(re.compile("开始填写|另填一份"))
    citizen.sees("经营者信息")


def fill_in(citizen: Visitor) -> None:
    citizen.fill(
        {
            "负责人身份证号": ID,
            "场所名称": "丝语理发店",
            "乡镇、街道": 1,
            "门牌号等详细地址": "厚街88号",
            "营业面积": "36.5",
            "打算哪天开业": (today() + timedelta(days=40)).isoformat(),
            "送洗涤公司洗": True,
            "洗涤公司名称": "洁白洗涤公司",
        }
    )
    citizen.fill({"姓名": "陈静", "身份证号": ID, "岗位": "服务", "健康合格证明有效期到": IN_A_YEAR}, within="人员 1")
    citizen.fill({"我承诺以上内容真实": True})


def test_from_search_to_rating(meet: Meet) -> None:
    citizen = meet(width=NARROW)
    begin(citizen)
    fill_in(citizen)
    citizen.press("下一步：交材料")
    citizen.sees("检测或者评价报告")
    hand_in(citizen)
    citizen.press("下一步：领结果")
    citizen.choose("邮寄")
    citizen.fill({"收件地址": "四川省广安市广安区厚街88号"})
    citizen.press("下一步：核对")
    citizen.sees("提交前再看一遍")
    citizen.choose("我已阅读并同意")
    citizen.press("提交申请")
    citizen.sees("办件编号")
    citizen.press("查看办理进度")


def hand_in(citizen: Visitor) -> None:
    """One proved by the department itself, one uploaded, one promised for later."""
    card = citizen.card("平面图")
    card.locator("input[type=file]").set_input_files(photo())
    expect(citizen.card("平面图")).to_contain_text("平面图.png")
    for name, way in {"身份证": "免提交", "管理制度": "免提交"}.items():
        citizen.card(name).get_by_role("button", name=way).click()
        expect(citizen.card(name)).to_contain_text("已交")
    report = citizen.card("检测或者评价报告")
    report.locator("summary").click()
    report.get_by_role("button", name="先办后补").click()
    expect(citizen.card("检测或者评价报告")).to_contain_text("承诺")
