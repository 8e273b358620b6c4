"""陈静 double-clicks, goes back, types what no form expects, sends odd files and loses her session. Nothing she typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Meet
from .papers import nothing, photo, renamed
from .people import Visitor
from .steps import fill_in, hand_in, open_form

CAPACITY = "丝语理发店"
NAME = "场所名称"


@pytest.fixture
def citizen(meet: Meet) -> Visitor:
    visitor = meet("chenjing", capacity=CAPACITY)
    open_form(visitor)
    return visitor


def test_a_double_click_and_the_back_button_make_one_case(citizen: Visitor) -> None:
    fill_in(citizen)
    citizen.press("下一步：交材料")
    hand_in(citizen)
    citizen.press("下一步：领结果")
    citizen.choose("到窗口领取")
    citizen.press("下一步：核对")
    citizen.choose("我已阅读并同意")
    check = citizen.page.url
    citizen.page.get_by_role("button", name="提交申请").dblclick()
    citizen.sees("申请已提交")
    receipt = citizen.page.url
    citizen.page.go_back()
    citizen.go(check)
    assert citizen.page.url == receipt


def test_somebody_elses_draft_is_not_there(citizen: Visitor, meet: Meet) -> None:
    stranger = meet("liuyang", capacity="刘洋")
    answer = stranger.page.goto(citizen.page.url)
    assert answer is not None
    assert answer.status == 404
    stranger.sees("没有找到")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("丝语😀理发店", "表情符号"), ("丝语\u0007理发店", "控制字符"), ("店" * 80, "最多60个字")],
    ids=["emoji", "control", "too long"],
)
def test_odd_text_is_told_beside_the_field_and_kept(citizen: Visitor, typed: str, told: str) -> None:
    citizen.fill({NAME: typed})
    citizen.press("下一步：交材料")
    citizen.sees(told)
    field = citizen.page.get_by_label(NAME, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value().strip() in (typed, typed.replace("\u0007", ""))


def test_rare_characters_are_names_like_any_other(citizen: Visitor) -> None:
    fill_in(citizen, {NAME: "𬭊䶮㛃𠅤理发店"})
    citizen.press("下一步：交材料")
    citizen.sees("检测或者评价报告")
    citizen.page.go_back()
    expect(citizen.page.get_by_label(NAME, exact=True)).to_have_value("𬭊䶮㛃𠅤理发店")


def test_forged_fields_change_nothing(citizen: Visitor) -> None:
    fill_in(citizen)
    citizen.page.evaluate(
        """() => { for (const [name, value] of [["staff_count", "99"], ["evil", "1"], ["applicant_id", "x"]]) {
            const field = document.createElement("input");
            field.type = "hidden"; field.name = name; field.value = value;
            document.querySelector("form[data-autosave]").append(field);
        } }"""
    )
    citizen.press("下一步：交材料")
    hand_in(citizen)
    citizen.go(citizen.page.url.replace("/materials/", "/check/"))
    row = citizen.page.locator("dl.tb-summary > div").filter(has_text="从业人数")
    expect(row.locator("dd").first).to_have_text(re.compile(r"^\s*1\s*"))


def test_odd_files_are_refused_in_words_and_the_others_stay(citizen: Visitor) -> None:
    fill_in(citizen)
    citizen.press("下一步：交材料")
    card = "平面图"
    citizen.card(card).locator("input[type=file]").set_input_files(photo())
    expect(citizen.card(card)).to_contain_text("已交")
    for odd, told in ((nothing(), "空文件"), (renamed(), "后缀")):
        citizen.card(card).locator("details").first.evaluate("one => (one.open = true)")
        citizen.card(card).locator("input[type=file]").set_input_files(odd)
        expect(citizen.card(card)).to_contain_text(told)
        expect(citizen.card(card)).to_contain_text("平面图.png")


def test_a_session_lost_in_mid_form_costs_nothing(meet: Meet) -> None:
    citizen = meet()
    citizen.name = "hexin"
    citizen.sign_in("何欣")
    citizen.go("/apply/elderly-card/")
    while citizen.page.locator("input[name=asked]").count():
        citizen.page.locator(".tb-choice").first.click()
        with citizen.page.expect_navigation():
            citizen.press("继续")
    citizen.press(re.compile("开始填写|另填一份"))
    field = citizen.page.locator("main input.tb-input:visible:not([readonly])").first
    label = field.get_attribute("id")
    citizen.page.context.clear_cookies(name="sessionid")
    field.fill("何欣欣")
    citizen.page.get_by_role("button", name="下一步：交材料").click()
    citizen.sees("登录")
    with citizen.page.context.expect_page() as opened:
        citizen.press("在新窗口登录")
    elsewhere = Visitor(opened.value, "hexin")
    elsewhere.page.wait_for_load_state()
    elsewhere.sign_in("何欣", at="")
    expect(elsewhere.page).not_to_have_url(
        re.compile("/account/")
    )  # not closed: in the middle of it a page may never answer
    citizen.press("继续提交")
    expect(citizen.page.locator(f"#{label}")).to_have_value("何欣欣")


def test_without_script_one_can_apply_as_well(meet: Meet) -> None:
    citizen = meet(scripts=False)
    citizen.name = "chenjing"
    citizen.sign_in(CAPACITY)
    open_form(citizen)
    citizen.fill({NAME: "丝语理发店", "营业面积": "36.5"})
    citizen.page.get_by_role("button", name="下一步：交材料").click()
    citizen.sees("有内容需要更正")
    expect(citizen.page.get_by_label(NAME, exact=True)).to_have_value("丝语理发店")
