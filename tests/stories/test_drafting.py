"""Writing an item in the browser: it saves itself, gives back, tells of others, and loses nothing when the line is cut."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from .conftest import Meet
from .looker import Looker
from .people import Visitor

WHO = "health-manager"


def begin(visitor: Visitor, name: str) -> str:
    """A new draft; its address."""
    visitor.go("/console/authoring/new/")
    visitor.fill({"事项名称": name, "基本编码": "000123009000"})
    visitor.press("开始编制")
    expect(visitor.page.locator("h1")).to_have_text(name)
    visitor.page.wait_for_load_state()  # nobody types before the script listens
    return visitor.page.url


def at(visitor: Visitor, path: str) -> Locator:
    return visitor.page.locator(f'[data-path="{path}"]').first


def saved(visitor: Visitor) -> None:
    expect(visitor.page.locator("[data-draft-state]")).to_have_attribute("data-state", "saved")


def test_typing_saves_itself_and_can_be_taken_back(meet: Meet) -> None:
    manager = meet(WHO)
    address = begin(manager, "公共场所卫生许可自动保存")
    summary = at(manager, "/summary")
    summary.fill("开店前要办。")
    saved(manager)
    expect(manager.page.locator("#author-findings")).not_to_contain_text("一句话说明")
    expect(manager.page.frame_locator("#author-guide").locator("main, body").first).to_contain_text("开店前要办。")
    summary.press("Control+z")
    expect(summary).to_have_value("")
    summary.press("Control+y")
    expect(summary).to_have_value("开店前要办。")
    manager.press("添加一条依据")
    expect(at(manager, "/by_law/0/law")).to_be_focused()
    at(manager, "/by_law/0/law").fill("公共场所卫生管理条例")
    saved(manager)
    manager.page.goto(address)
    expect(at(manager, "/by_law/0/law")).to_have_value("公共场所卫生管理条例")
    manager.press("改动记录")
    manager.sees("公共场所卫生管理条例")
    assert not manager.complaints


def test_a_finding_leads_to_its_field(meet: Meet) -> None:
    manager = meet(WHO)
    begin(manager, "公共场所卫生许可检查")
    at(manager, "/promise/days").fill("30")
    saved(manager)
    beside = manager.page.locator('[data-finding-for="/promise/days"]')
    expect(beside).to_contain_text("比法定时限")
    manager.page.locator("#author-findings").get_by_role("link", name=re.compile("承诺时限")).click()
    expect(at(manager, "/promise/days")).to_be_focused()


def test_two_windows_are_told_and_nothing_is_overwritten(meet: Meet) -> None:
    one, other = meet(WHO), meet(WHO)
    address = begin(one, "公共场所卫生许可两个人")
    other.page.goto(address)
    at(one, "/summary").fill("甲写的。")
    at(one, "/summary").blur()
    saved(one)
    at(other, "/plain_name").fill("另一处")
    at(other, "/plain_name").blur()
    saved(other)
    expect(at(other, "/summary")).to_have_value("甲写的。")
    at(one, "/summary").fill("甲又写的。")
    at(one, "/summary").blur()
    saved(one)
    at(other, "/summary").fill("乙写的。")
    at(other, "/summary").blur()
    choice = other.page.get_by_role("dialog", name="同一处被别人改过了")
    expect(choice).to_contain_text("甲又写的。")
    expect(choice).to_contain_text("乙写的。")
    choice.get_by_role("button", name="用对方的").click()
    expect(at(other, "/summary")).to_have_value("甲又写的。")
    at(other, "/summary").fill("商量好的。")
    at(other, "/summary").blur()
    saved(other)


def test_a_cut_line_loses_nothing(meet: Meet) -> None:
    manager = meet(WHO)
    address = begin(manager, "公共场所卫生许可断网")
    manager.page.context.set_offline(True)
    at(manager, "/summary").fill("断网时写的。")
    expect(manager.page.locator("[data-draft-state]")).to_contain_text("会自动重试")
    manager.page.context.set_offline(False)
    saved(manager)
    manager.page.goto(address)
    expect(at(manager, "/summary")).to_have_value("断网时写的。")
    manager.complaints.clear()  # the browser says that the line was cut


def test_a_session_that_ends_loses_nothing(meet: Meet) -> None:
    manager = meet(WHO)
    address = begin(manager, "公共场所卫生许可登录过期")
    context = manager.page.context
    cookies = context.cookies()
    context.clear_cookies(name="sessionid")
    at(manager, "/summary").fill("登录过期时写的。")
    expect(manager.page.locator("[data-draft-state]")).to_contain_text("登录已过期")
    context.add_cookies(cookies)  # signed in again in another window
    saved(manager)
    manager.page.goto(address)
    expect(at(manager, "/summary")).to_have_value("登录过期时写的。")


def test_materials_by_keyboard_by_paste_and_back_from_the_trash(meet: Meet) -> None:
    manager = meet(WHO)
    address = begin(manager, "公共场所卫生许可材料")
    manager.page.goto(f"{address}materials/")
    manager.page.locator("[data-paste]").evaluate(
        """(field) => {
            const data = new DataTransfer();
            data.setData("text/html", "<table><tr><th>名称</th><th>来源渠道</th></tr><tr><td><b>平面图</b></td><td>申请人自备</td></tr>"
                + "<tr><td>身份证</td><td>政府部门核发</td></tr></table>");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    rows = manager.page.locator(".tb-row__name")
    expect(rows).to_have_text(["1. 平面图", "2. 身份证"])
    manager.page.get_by_role("button", name="下移：平面图").or_(
        manager.page.locator('[data-row="/materials/0"] [data-down]')
    ).first.evaluate("(button) => { button.closest('details').open = true; button.focus(); }")
    manager.page.keyboard.press("Enter")
    expect(rows).to_have_text(["1. 身份证", "2. 平面图"])
    manager.page.keyboard.press("Control+z")
    expect(rows).to_have_text(["1. 平面图", "2. 身份证"])
    manager.go("/console/authoring/?q=许可材料")
    manager.press("放进回收站")
    expect(manager.page.locator("#tb-toast")).to_contain_text("已放进回收站")
    manager.go("/console/authoring/?state=trashed&q=许可材料")
    manager.press("恢复")
    expect(manager.page.locator("h1")).to_have_text("公共场所卫生许可材料")


def test_the_pages_are_fit_for_everybody(meet: Meet) -> None:
    manager = meet(WHO)
    looker = Looker(manager)
    address = begin(manager, "公共场所卫生许可样子")
    looker.here("draft")
    looker.at({
        "draft-materials": f"{address}materials/", "drafts": "/console/authoring/", "draft-new": "/console/authoring/new/",
    })  # fmt: skip
    manager.page.goto(address)
    history = str(manager.page.locator(".tb-draftbar a").last.get_attribute("href"))
    looker.at({"draft-history": history})
    assert not looker.faults, "\n".join(looker.faults)
    assert not manager.complaints
