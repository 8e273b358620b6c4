"""Parts of a way that several stories walk: a hygiene permit applied for, and what officers do about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.identifiers import citizen_id_check

from .papers import photo
from .people import Visitor

ITEM = "public-venue-hygiene-permit"
SITUATION = "?venue=barber&air=no"
ID = "51160219920818024" + citizen_id_check("51160219920818024")  # 陈静's, invented like her
VENUE = {
    "负责人身份证号": ID,
    "场所名称": "丝语理发店",
    "乡镇、街道": 1,
    "门牌号等详细地址": "厚街88号",
    "营业面积": "36.5",
    "打算哪天开业": (today() + timedelta(days=40)).isoformat(),
    "送洗涤公司洗": True,
    "洗涤公司名称": "洁白洗涤公司",
}
BARBER = {
    "姓名": "陈静",
    "身份证号": ID,
    "岗位": "服务",
    "健康合格证明有效期到": (today() + timedelta(days=360)).isoformat(),
}


def open_form(citizen: Visitor) -> None:
    """The situation is known and the applicant signed in: a new draft."""
    citizen.go(f"/apply/{ITEM}/{SITUATION}")
    citizen.press(re.compile("开始填写|另填一份"))
    citizen.sees("经营者信息")


def fill_in(citizen: Visitor, changes: dict[str, Any] | None = None) -> None:
    citizen.fill({**VENUE, **(changes or {})})
    citizen.fill(BARBER, within="人员 1")
    citizen.fill({"我承诺以上内容真实": True})


def hand_in(citizen: Visitor, *, card_stands: bool = False) -> None:
    """Two proved by the department itself, one uploaded, one promised for later. Whose electronic card stands need not ask for it."""
    citizen.card("平面图").locator("input[type=file]").set_input_files(photo())
    expect(citizen.card("平面图")).to_contain_text("已交")
    if card_stands:
        expect(citizen.card("身份证").locator(".tb-tag--green")).to_have_text("免提交")
    for name in ("管理制度",) if card_stands else ("身份证", "管理制度"):
        citizen.card(name).get_by_role("button", name="免提交").click()
        expect(citizen.card(name)).to_contain_text("已交")
    report = citizen.card("检测或者评价报告")
    report.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    report.get_by_role("button", name="先办后补").click()
    expect(citizen.card("检测或者评价报告")).to_contain_text("已交")


def finish(citizen: Visitor) -> str:
    """From the materials to the receipt; the case's id."""
    citizen.press("下一步：领结果")
    citizen.choose("邮寄")
    citizen.fill({"收件地址": "四川省广安市广安区厚街88号"})
    citizen.press("下一步：核对")
    citizen.sees("丝语理发店")
    citizen.choose("我已阅读并同意")
    citizen.press("提交申请")
    citizen.sees("申请已提交")
    found = re.search(r"/my/cases/([0-9a-f-]{36})/receipt/", citizen.page.url)
    assert found, citizen.page.url
    return found[1]


def apply(citizen: Visitor, *, card_stands: bool = False) -> str:
    """A whole application; the case's id."""
    open_form(citizen)
    fill_in(citizen)
    citizen.press("下一步：交材料")
    citizen.sees("检测或者评价报告")
    hand_in(citizen, card_stands=card_stands)
    return finish(citizen)


def act(officer: Visitor, case_id: str, verb: str, fill: Callable[[], None] | dict[str, Any] | None = None) -> None:
    """One verb from the case page to its confirmation."""
    officer.go(f"/console/cases/{case_id}/{verb}/")
    if callable(fill):
        fill()
    elif fill:
        officer.fill(fill)
    officer.page.get_by_role("button", name=re.compile("^确认")).click()
    officer.page.wait_for_url(f"**/console/cases/{case_id}/")


def agree(officer: Visitor, case_id: str, verb: str, words: str) -> None:
    field = "审查意见" if verb == "review" else "会办意见"

    def write() -> None:
        officer.choose_radio("同意")
        officer.fill({field: words})

    act(officer, case_id, verb, write)
