"""A form put together in the browser: by keyboard alone, by dragging, seen as a citizen sees it, and taken back."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from .conftest import Meet
from .people import Visitor

WHO = "health-manager"


def begin(visitor: Visitor, name: str) -> None:
    """The form's page of a new draft, its form empty of what the skeleton brings."""
    visitor.go("/console/authoring/new/")
    visitor.fill({"事项名称": name, "基本编码": "000123009000"})
    visitor.press("开始编制")
    expect(visitor.page.locator("h1")).to_have_text(name)
    visitor.page.goto(f"{visitor.page.url}form/")


def piece(visitor: Visitor, label: str) -> Locator:
    return visitor.page.locator("[data-canvas] [data-choose]").filter(has_text=label)


def order(visitor: Visitor) -> list[str]:
    return visitor.page.locator("[data-canvas] li .tb-piece__label").all_inner_texts()


def added(visitor: Visitor, kind: str, label: str) -> None:
    """Added behind what is chosen and named, without a mouse."""
    visitor.page.locator(f"[data-add][data-kind={kind}]").focus()
    visitor.page.keyboard.press("Enter")
    new = visitor.page.locator("[data-canvas] [data-choose][aria-current]").filter(has_text="新的")
    expect(new).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#p-label")).to_be_focused()
    visitor.page.keyboard.press("Control+a")
    visitor.page.keyboard.type(label)
    expect(piece(visitor, label)).to_be_visible()


def test_a_form_is_built_by_keyboard_alone_and_every_step_can_be_taken_back(meet: Meet) -> None:
    manager = meet(WHO)
    begin(manager, "键盘做的表")
    keys = manager.page.keyboard
    added(manager, "boolean", "租房经营")
    added(manager, "money", "月租金")
    before = order(manager)
    piece(manager, "月租金").focus()
    keys.press("Alt+ArrowUp")
    labels = manager.page.locator("[data-canvas] li .tb-piece__label")
    expect(labels).to_have_text([*before[:-2], "月租金", "租房经营"])
    expect(piece(manager, "月租金")).to_be_focused()
    keys.press("Control+z")
    expect(labels).to_have_text(before)
    piece(manager, "月租金").focus()
    keys.press("Enter")
    expect(manager.page.locator("#p-label")).to_be_focused()
    builder = manager.page.locator("[data-condition$='/show_if']")
    builder.locator("[data-term-add]").press("Enter")
    builder.locator("[data-part=name]").select_option(label="租房经营")
    expect(builder.locator("[data-says]")).to_have_text("勾选了“租房经营”")
    expect(piece(manager, "月租金")).to_contain_text("当勾选了“租房经营”时出现")
    assert manager.judge() == []
    assert not manager.complaints


def test_the_preview_lives_and_becomes_a_test_that_watches_the_form(meet: Meet) -> None:
    manager = meet(WHO)
    begin(manager, "拖动做的表")
    for kind, label in (("text", "店名"), ("boolean", "外卖"), ("phone", "外卖电话")):
        added(manager, kind, label)
    last = order(manager).index("店名")
    piece(manager, "外卖电话").drag_to(piece(manager, "店名"), target_position={"x": 40, "y": 3})
    expect(manager.page.locator("[data-canvas] li .tb-piece__label").nth(last)).to_have_text("外卖电话")
    expect(manager.page.locator("[data-draft-state]")).to_have_attribute("data-state", "saved")
    builder = manager.page.locator("[data-condition$='/show_if']")
    builder.locator("[data-term-add]").click()
    builder.locator("[data-part=name]").select_option(label="外卖")
    expect(piece(manager, "外卖电话")).to_contain_text("时出现")

    manager.page.locator("[data-preview-open]").click()
    inside = manager.page.frame_locator("[data-preview-stage] iframe")
    expect(inside.get_by_label("店名")).to_be_visible()
    expect(inside.get_by_label("外卖电话")).to_have_count(0)
    inside.locator("label", has_text="外卖").locator("input[type=checkbox]").check()
    expect(inside.get_by_label("外卖电话")).to_be_visible()
    manager.page.locator("[data-preview-as][value=care]").check()
    expect(inside.locator("html")).to_have_class(re.compile("tb-care"))
    expect(inside.get_by_label("外卖电话")).to_be_visible()

    manager.page.locator("#test-name").fill("送外卖的")
    manager.page.locator("[data-record]").click()
    expect(manager.page.locator("[data-canvas]")).to_contain_text("1个测试都对")
    piece(manager, "外卖电话").click()
    builder.locator("[data-part=operator]").select_option(label="没有勾选")
    expect(manager.page.locator("[data-canvas]")).to_contain_text("1个测试中1个不对")
    manager.page.locator("[data-draft-undo]").click()
    expect(manager.page.locator("[data-canvas]")).to_contain_text("1个测试都对")
