"""陈静 opens a barber shop: from everyday words in the search box to the licence in her hands and the supervisor's lamps."""

from __future__ import annotations

import re
from datetime import timedelta

from tongban.foundation.kernel.clock import today

from .conftest import NARROW, Meet
from .papers import page, photo
from .people import Visitor

ITEM = "/apply/public-venue-hygiene-permit/"
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
            "单位名称或者经营者姓名": "广安区丝语理发店",
            "统一社会信用代码": "92511602MA6A1X037" + "",
            "场所名称": "丝语理发店",
            "乡镇、街道": "浓洄街道",
            "门牌号等详细地址": "厚街88号",
            "营业面积": "36.5",
            "打算哪天开业": (today() + timedelta(days=40)).isoformat(),
            "送洗涤公司洗": True,
            "洗涤公司名称": "洁白洗涤公司",
            "姓名": "陈静",
            "岗位": "服务",
            "健康合格证明有效期到": IN_A_YEAR,
            "我承诺以上内容真实": True,
        }
    )


def test_from_search_to_rating(meet: Meet) -> None:
    citizen = meet(width=NARROW)
    begin(citizen)
    fill_in(citizen)
    citizen.press("下一步：交材料")
    citizen.page.screenshot(path="/tmp/look-kit/shots/story.png", full_page=True)
    print(citizen.page.inner_text("main")[:1500])
    citizen.sees("检测或者评价报告")
    page(), photo()
