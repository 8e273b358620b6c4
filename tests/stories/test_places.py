"""The data administrator looks at the map of his district: boundaries drawn from our own data, nothing fetched from elsewhere."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from .conftest import Meet
from .looker import NARROW, Looker
from .steps import open_form


@pytest.mark.skipif(
    not (settings.DATA_FOLDER / "boundaries").exists(),
    reason="the demo city has no boundaries without the data sets beside it",
)
def test_the_map_draws_boundaries_and_leads_from_one_division_to_the_next(meet: Meet) -> None:
    admin = meet("data-admin")
    page, looker = admin.page, Looker(admin)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    admin.go("/console/places/map/?division=5116")
    expect(page.locator("#map path.places-own")).to_have_count(1)
    expect(page.locator("#map path.places-part").first).to_be_visible()
    admin.sees("个地址")
    looker.here("place-map-drawn")
    home = "/".join(page.url.split("/")[:3])
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []
    page.locator("#map").get_by_role("button", name="放大").click()
    page.locator("#map").press("ArrowLeft")
    admin.fill({"到下一级": "广安区"})
    admin.press("看")
    assert admin.heading == "广安区地图"
    expect(page.locator("#map path.places-own")).to_have_count(1)
    expect(page.locator("#map .places-group").first).to_be_visible()  # many at once are told in groups
    looker.here("place-map-district")
    admin.go("/console/places/map/?division=511602001001")
    expect(page.locator("#map path.places-point").first).to_be_visible()
    looker.here("place-map-community")
    link = page.locator("#list a").first
    text = link.inner_text()
    link.focus()
    expect(page.locator(".leaflet-tooltip").filter(has_text=text).first).to_be_visible()
    link.press("Enter")
    assert text in admin.heading
    admin.sees("每个值从哪里来")
    looker.here("place-address")
    admin.go("/console/places/")
    admin.press("采用的记录")
    admin.sees("已完成")
    looker.here("place-takeover")
    admin.go("/console/places/addresses/")
    admin.fill({"一段地址": "广安区广花路１２０号"})  # the road's former name
    admin.press("辨认")
    admin.sees("找到标准地址")
    looker.here("place-address-recognised")
    assert not [*looker.faults, *admin.complaints], "\n".join([*looker.faults, *admin.complaints])


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without"])
def test_a_standard_address_is_offered_while_one_writes_and_taken_by_keyboard(meet: Meet, scripts: bool) -> None:
    citizen = meet("chenjing", capacity="丝语理发店", width=NARROW, scripts=scripts)
    looker = Looker(citizen)
    open_form(citizen)
    page = citizen.page
    detail = page.get_by_label("门牌号等详细地址").first
    detail.fill("老厚街５")  # what the road was called before, full-width, half a number
    if not scripts:
        page.get_by_role("button", name="查标准地址").first.click()
    offer = page.get_by_role("button", name="厚街56号")
    expect(offer).to_be_visible()
    if scripts:
        looker.here("apply-form-addresses")
        detail.focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            if offer.evaluate("button => button === document.activeElement"):
                break
    offer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("门牌号等详细地址").first).to_have_value("厚街56号")
    citizen.sees("来自地址库")
    assert not [*looker.faults, *citizen.complaints], "\n".join([*looker.faults, *citizen.complaints])
