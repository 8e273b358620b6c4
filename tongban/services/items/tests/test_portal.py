"""The catalogue's public pages: what is found, what a guide says, what a notice holds."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from tongban.foundation.kernel.clock import today
from tongban.services.items.actions import import_listed
from tongban.services.items.actions.standing import cancel_item, merge_items, suspend_item

from .factories import MANAGER, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(tmp_path):
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["department", "main_item", "name", "item_code", "task_type", "area_code", "dept_code", "link"])
        writer.writerow(
            ["区卫健局", "未分类", "义诊活动备案", "511A1-511602000000-000-1-1-00", "10", "511602000000", "1", "x"]
        )
        writer.writerow(
            [
                "区卫健局",
                "x",
                "公共场所卫生许可（新证）",
                "511A2-511602000000-000-1-1-00",
                "1",
                "511602000000",
                "1",
                "x",
            ]
        )
    import_listed(MANAGER, path)
    return "511A1-511602000000-000-1-1-00"


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_everyday_words_lead_to_the_guide(client):
    make_item()
    for words in ("卫生证", "weishengzheng", "開賓館", "宾馆 许可"):
        assert "/items/venue-permit/" in page(client, f"/items/?q={words}")


def test_a_search_without_result_offers_other_ways(client):
    make_item()
    html = page(client, "/items/?q=量子纠缠")
    assert "12345" in html
    assert "没有找到" in html
    assert "区卫健局" in html


def test_what_was_typed_is_shown_as_text(client):
    make_item()
    assert "<script>x" not in page(client, "/items/?q=<script>x</script>")


def test_browsing_narrows_by_audience_topic_and_department(client):
    make_item()
    assert "/items/venue-permit/" in page(client, "/items/?for=company&topic=准营准办")
    assert "/items/venue-permit/" in page(client, "/items/?department=区卫健局")
    assert "/items/venue-permit/" not in page(client, "/items/?department=区民政局")
    assert "/items/venue-permit/" not in page(client, "/items/?for=person&topic=婚姻登记")


def test_a_bad_cursor_is_a_sentence_not_a_breakdown(client):
    page(client, "/items/?cursor=!!", 422)


def test_suggestions_are_a_fragment(client):
    make_item()
    html = page(client, "/items/suggest/?q=卫生")
    assert "/items/venue-permit/" in html
    assert "<html" not in html
    assert page(client, "/items/suggest/?q=").strip() == ""


def test_a_guide_says_all_in_plain_words(client, django_assert_max_num_queries):
    make_item()
    with django_assert_max_num_queries(8):
        html = page(client, "/items/venue-permit/")
    for words in ("开宾馆、理发店要办的卫生许可证", "5个工作日", "不收费", "不用跑", "全程网办", "有固定场所", "平面图", "区政务服务大厅",
                  "要等装修完吗？", "国家对公共场所实行", "0826-12345", "/apply/venue-permit/", "notice.pdf"):  # fmt: skip
        assert words in html
    assert len(html.encode()) < 60_000


def test_answers_narrow_what_to_bring(client):
    make_item()
    unknown = page(client, "/items/venue-permit/")
    assert "有的情形还要带" in unknown
    hotel = page(client, "/items/venue-permit/?venue=hotel")
    assert "水质检测报告" not in hotel
    pool = page(client, "/items/venue-permit/?venue=pool")
    assert "水质检测报告" in pool
    assert 'href="/apply/venue-permit/?venue=pool"' in pool
    assert "不用交，我们自己查" in pool


def test_forged_answers_fall_away(client):
    make_item()
    html = page(client, "/items/venue-permit/?venue=palace&venue.x=1&other=<b>")
    assert "有的情形还要带" in html
    assert 'href="/apply/venue-permit/"' in html


def test_a_version_to_come_is_not_shown_yet(client):
    make_item(effective_on="2100-01-01")
    assert "目前没有生效" in page(client, "/items/venue-permit/", 404)


def test_a_suspended_item_says_so(client):
    make_item()
    suspend_item(actor=MANAGER, code="venue-permit", reason="系统升级")
    html = page(client, "/items/venue-permit/", 404)
    assert "这个事项暂停受理" in html
    assert "原因：系统升级" in html
    assert "草稿都保留着" in html
    page(client, "/items/no-such-thing/", 404)


def test_what_ends_soon_says_so_before(client):
    make_item()
    day = today() + timedelta(days=3)
    cancel_item(actor=MANAGER, code="venue-permit", reason="国务院决定取消", from_on=day)
    html = page(client, "/items/venue-permit/")
    assert "国务院决定取消" in html
    assert "在线办理" in html


def test_what_was_replaced_points_to_what_took_its_place_and_is_no_longer_found(client):
    make_item()
    make_item(code="other", catalog_code="000123009001", task_name="公共场所消毒备案", plain_name="消毒备案")
    new = make_item(
        code="both", catalog_code="000123009002", effective_on=today().isoformat(), task_name="公共场所综合许可"
    )
    merge_items(actor=MANAGER, codes=["venue-permit", "other"], into="both", reason="合二为一")
    html = page(client, "/items/other/", 404)
    assert "这个事项已经并入新的事项" in html
    assert 'href="/items/both/"' in html
    found = page(client, "/items/?q=公共场所")
    assert new.content["task_name"] in found
    assert "/items/other/" not in found
    assert "/items/venue-permit/" not in found


def test_a_row_without_guide_is_honest_about_it(client, row):
    make_item()
    assert "这个事项还没有网上办事指南" in page(client, f"/items/{row}/")
    assert row in page(client, "/items/?q=义诊")


def test_a_row_with_a_guide_leads_there(client, row):
    make_item()
    answer = client.get("/items/511A2-511602000000-000-1-1-00/")
    assert answer.headers["Location"] == "/items/venue-permit/"
    assert page(client, "/items/?q=公共场所卫生许可").count("公共场所卫生许可（新证）") == 1


def test_the_notice_holds_what_this_situation_needs(client):
    make_item()
    answer = client.get("/items/venue-permit/notice.pdf?venue=pool")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = (
        "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages)
        .replace("\n", "")
        .replace(" ", "")
    )
    for words in ("一次性告知书", "水质检测报告", "游泳馆", "5个工作日", "身份证", "0826-2222222"):
        assert words in text
    other = client.get("/items/venue-permit/notice.pdf?venue=hotel").content
    assert "水质检测" not in "".join(p.extract_text() for p in PdfReader(io.BytesIO(other)).pages)
