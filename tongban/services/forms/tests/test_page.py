"""The form in a real browser: filled in with and without script, by axe found clean, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tongban.foundation.kernel.tests.looking import axe_finds, keep_picture
from tongban.services.forms.tests import factories, pages
from tongban.services.forms.tests.samples import SOURCES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW, WIDE = 390, 1440


@pytest.fixture
def address(live_server: Any, settings: Any, tmp_path: Path) -> str:
    settings.ROOT_URLCONF = "tongban.services.forms.tests.pages"
    settings.MEDIA_ROOT = tmp_path
    factories.divisions()
    pages.draft.update(answers={}, notes={}, sources=SOURCES)
    return f"{live_server.url}/sample-form/"


def visit(browser: Browser, address: str, *, width: int = WIDE, script: bool = True) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script, locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    return page


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def fill_in(page: Page) -> None:
    """As a person would who reads the labels."""
    page.get_by_label("场所名称").first.fill("清渠茶馆")
    page.get_by_label("营业面积").fill("８６.５")
    page.get_by_label("种类").select_option(label="宾馆")
    page.get_by_label("门牌号等详细地址").fill("翠屏路18号")
    page.get_by_label("餐饮").check()
    page.get_by_label("开业日期").fill("2026-10-01")
    page.get_by_label("投资额").fill("1,200.5")
    page.locator("#f-staff-0-name").fill("田㛃")
    page.locator("#f-staff-0-id").fill("11010519491231002x")
    page.locator("#f-id_number").fill("11010519491231002X")
    page.get_by_label("联系电话").first.fill("19900000001")
    page.get_by_label("我已阅读并承诺内容真实").check()


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_whether_empty_wrong_or_filled(browser: Browser, address: str, width: int):
    page = visit(browser, address, width=width)
    keep_picture(page, f"form-empty-{width}")
    assert axe_finds(page) == []
    press(page, "下一步")
    expect(page.locator(".tb-error-summary")).to_contain_text("请填写“营业面积”。")
    keep_picture(page, f"form-wrong-{width}")
    assert axe_finds(page) == []
    press(page, "添加设备")
    press(page, "添加人员")
    fill_in(page)
    keep_picture(page, f"form-filled-{width}")
    assert axe_finds(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"


def test_every_link_of_the_error_summary_leads_to_its_field(browser: Browser, address: str):
    page = visit(browser, address)
    press(page, "下一步")
    links = page.locator(".tb-error-summary a")
    assert links.count() >= 6
    for number in range(links.count()):
        target = links.nth(number).get_attribute("href") or ""
        assert page.locator(target).count() == 1, target
        links.nth(number).click()
        assert page.evaluate("document.activeElement.closest('[data-widget]') !== null"), target


def test_the_whole_form_can_be_filled_in_without_script(browser: Browser, address: str):
    page = visit(browser, address, script=False)
    page.locator("#f-address-level4").select_option(label="浓洄街道")
    press(page, "显示下一级")
    page.locator("#f-address-level5").select_option(label="厚街社区居委会")
    fill_in(page)
    press(page, "添加设备")
    page.locator("#f-equipment-0-what").fill("茶桌")
    page.locator("#f-equipment-0-price").fill("350")
    page.locator("#f-equipment-0-count").fill("4")
    page.locator("input[name='plan.upload']").set_input_files(
        {"name": "平面图.png", "mimeType": "image/png", "buffer": factories.PICTURE}
    )
    page.locator("button[value='upload:plan']").click()
    expect(page.locator("[data-widget=plan]")).to_contain_text("平面图.png")
    page.locator("#f-signature-typed").fill("李华")
    press(page, "以输入的姓名签名")
    press(page, "下一步")
    main = page.locator("main")
    for words in (
        "四川省广安市广安区浓洄街道厚街社区居委会翠屏路18号",
        "86.5 平方米",
        "宾馆",
        "¥1,200.50",
        "¥1,400.00",
        "2026年10月1日",
    ):
        expect(main).to_contain_text(words)
    expect(main).to_contain_text("来自区市监局 · 法人库")
    keep_picture(page, "form-summary")


def test_with_script_a_file_goes_up_at_once_and_a_signature_is_drawn(browser: Browser, address: str):
    page = visit(browser, address, width=NARROW)
    page.locator("input[name='plan.upload']").set_input_files(
        {"name": "平面图.png", "mimeType": "image/png", "buffer": factories.PICTURE}
    )
    expect(page.locator("[data-widget=plan]")).to_contain_text("平面图.png")
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 80, steps=8)
    page.mouse.up()
    keep_picture(page, "form-signing")
    press(page, "用这个签名")
    expect(page.locator("[data-signature] img")).to_have_count(1)
    press(page, "重新签名")
    expect(page.locator("[data-signature] canvas")).to_be_visible()


def test_a_refused_file_says_why_beside_its_field_and_everything_typed_stays(browser: Browser, address: str):
    page = visit(browser, address)
    fill_in(page)
    page.locator("input[name='plan.upload']").set_input_files(
        {"name": "平面图.pdf", "mimeType": "application/pdf", "buffer": factories.PICTURE}
    )
    expect(page.locator("[data-widget=plan] .tb-error")).to_contain_text("后缀是pdf，内容却是png")
    expect(page.get_by_label("投资额")).to_have_value("1200.50")
    expect(page.locator("#f-staff-0-name")).to_have_value("田㛃")


def test_a_value_from_a_register_can_be_called_wrong(browser: Browser, address: str):
    page = visit(browser, address)
    place = page.locator("[data-widget=venue_name]")
    place.locator("summary").click()
    place.get_by_label("哪里不对").fill("少了“广安区”三个字")
    press(page, "下一步")
    expect(page.locator("[data-widget=venue_name] textarea")).to_have_value("少了“广安区”三个字")
