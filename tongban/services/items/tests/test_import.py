"""Files of items: judged row by row, put in whole or not at all."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tongban.foundation.audit.models import Fact
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.tasks.actions import run_waiting
from tongban.services.items.actions import begin_import, confirm_import, drop_import, put_in
from tongban.services.items.actions.standing import cancel_item
from tongban.services.items.errors import ExportRefused, ImportRefused
from tongban.services.items.models import ImportBatch
from tongban.services.items.queries.exchange import (
    ExportFilters,
    exported,
    file_notes,
    import_counts,
    own_remarks,
    remark_text,
    report_of,
)

from .factories import MANAGER, a_definition, make_item
from .test_exchange_rules import a_template, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_department("区卫健局")


@pytest.fixture
def manager(office):
    return officer("item_manager", department=office)


def as_json(*items) -> bytes:
    return json.dumps({"items": items}, ensure_ascii=False).encode()


def brought(manager, *items) -> ImportBatch:
    return begin_import(actor=manager, upload=as_json(*items), name="事项.json")


def outcomes(batch) -> list[str]:
    return list(batch.rows.order_by("position").values_list("outcome", flat=True))


def told(batch, position: int = 1) -> list[str]:
    return [remark["code"] for remark in batch.rows.get(position=position).remarks]


def test_each_row_is_new_changed_or_the_same(manager):
    make_item()
    batch = brought(
        manager, a_definition(), a_definition(code="other", catalog_code="000123009001", task_name="另一个")
    )
    assert outcomes(batch) == ["same", "new"]
    batch = brought(manager, a_definition(summary="改了", plain_name="也改了"))
    row = batch.rows.get()
    assert (row.outcome, row.changes) == ("changed", 2)


def test_confirming_makes_a_draft_of_each_new_and_changed_row_and_nothing_is_published(manager):
    version = make_item()
    batch = brought(
        manager,
        a_definition(summary="改了"),
        a_definition(code="other", catalog_code="000123009001", task_name="另一个"),
    )
    assert confirm_import(actor=manager, batch_id=batch.pk).state == "imported"
    changed, new = Draft.objects.order_by("-key")
    assert (changed.key, changed.base_ref, changed.base["summary"]) == (
        "venue-permit",
        "venue-permit@1",
        "开店前要办。",
    )
    assert (changed.content["summary"], changed.content["version"], changed.kind) == ("改了", 2, "item")
    assert (new.key, new.base, new.department_id) == ("other", None, manager.department_id)
    assert version.item.versions.count() == 1
    assert Fact.objects.filter(name="items.imported").exists()


def test_while_a_row_is_refused_none_is_put_in(manager):
    batch = brought(manager, a_definition(), a_definition(code="other", department="没有的局"))
    assert outcomes(batch) == ["new", "refused"]
    assert told(batch, 2) == ["department_unknown"]
    with pytest.raises(ImportRefused) as refused:
        confirm_import(actor=manager, batch_id=batch.pk)
    assert refused.value.reasons[0].code == "some_refused"
    assert not Draft.objects.exists()
    confirm_import(actor=manager, batch_id=batch.pk, only_sound=True)
    assert Draft.objects.count() == 1


def test_a_crash_in_the_middle_leaves_nothing_half_imported(manager, monkeypatch):
    batch = brought(
        manager, *(a_definition(code=f"item-{n}", catalog_code=f"00012300900{n}", task_name=f"事{n}") for n in range(3))
    )
    real, calls = put_in.__globals__["begin"], []

    def failing(**asked):
        calls.append(asked["key"])
        if len(calls) == 3:
            raise RuntimeError
        return real(**asked)

    monkeypatch.setitem(put_in.__globals__, "begin", failing)
    with pytest.raises(RuntimeError):
        confirm_import(actor=manager, batch_id=batch.pk)
    assert not Draft.objects.exists()
    monkeypatch.setitem(put_in.__globals__, "begin", real)
    put_in(batch_id=batch.pk)  # what the task does when it runs again
    put_in(batch_id=batch.pk)
    assert Draft.objects.count() == 3


def test_two_rows_with_one_code_are_both_refused(manager):
    batch = brought(manager, a_definition(), a_definition(task_name="冒名"))
    assert outcomes(batch) == ["refused", "refused"]
    assert "code_twice" in told(batch, 1)


def test_the_codes_of_others_and_of_the_dead_are_refused(manager):
    make_item(department="区民政局", code="theirs", catalog_code="000123009007", task_name="别人的")
    make_item()
    cancel_item(actor=MANAGER, code="venue-permit", reason="不办了")
    batch = brought(manager, a_definition(code="theirs"), a_definition(task_name="复活"))
    assert outcomes(batch) == ["refused", "refused"]
    assert "clash" in told(batch, 1)
    assert "item_cancelled" in told(batch, 2)


def test_another_departments_items_are_not_mine_to_import(manager):
    make_department("区民政局")
    batch = brought(manager, a_definition(department="区民政局"))
    assert told(batch)[0] == "not_yours"


def test_an_item_with_an_open_draft_is_refused_until_it_is_done(manager):
    confirm_import(actor=manager, batch_id=brought(manager, a_definition()).pk)
    assert told(brought(manager, a_definition(summary="又改"))) == ["draft_under_way"]


def test_what_changed_since_the_check_is_not_overwritten(manager):
    make_item()
    batch = brought(manager, a_definition(summary="改了"))
    make_item(version=2, summary="别人先改了", effective_on="2026-02-01")
    assert confirm_import(actor=manager, batch_id=batch.pk).state == "unusable"
    assert not Draft.objects.exists()
    batch.refresh_from_db()
    assert "公共场所卫生许可" in file_notes(batch)[0]


def test_the_templates_alone_is_enough_for_a_draft_and_the_gaps_are_told(manager):
    row = {"task_name": "诊所备案", "task_type": "其他行政权力", "department": "区卫健局", "promise": "5个工作日"}
    batch = begin_import(actor=manager, upload=saved(a_template(row)), name="模板.xlsx")
    found = batch.rows.get()
    assert (found.outcome, found.code) == ("new", "zhen-suo-bei-an")
    assert found.content["flow"]["stages"]
    texts = [remark_text(remark) for remark in found.remarks]
    assert any("基本编码" in text for text in texts), texts
    assert not any(remark["stop"] for remark in found.remarks)


def test_the_template_alone_leaves_the_rest_of_an_item_as_it_is(manager):
    make_item()
    row = {"task_name": "公共场所卫生许可（新证）", "department": "区卫健局", "promise": "3个工作日"}
    batch = begin_import(actor=manager, upload=saved(a_template(row)), name="模板.xlsx")
    found = batch.rows.get()
    assert (found.outcome, found.code, found.changes) == ("changed", "venue-permit", 1)
    assert len(found.content["materials"]) == 3


def test_what_goes_out_comes_back_the_same(manager):
    make_item()
    for kind in ("xlsx", "json"):
        data = exported(manager, ExportFilters(), kind)
        batch = begin_import(actor=manager, upload=data, name=f"导出.{kind}")
        assert outcomes(batch) == ["same"], batch.rows.get().remarks


def test_a_department_exports_its_own(manager):
    make_item(department="区民政局")
    with pytest.raises(ExportRefused):
        exported(manager, ExportFilters(), "json")
    assert exported(officer("supervisor"), ExportFilters(text="卫生"), "json")


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_bad_files_are_refused_each_with_a_sentence(manager):
    book = saved(a_template({"task_name": "甲"}))
    bad = [
        (b"", "空.xlsx", "空"),
        (with_member(book, "xl/vbaProject.bin", b"x"), "宏.xlsm", "宏"),
        (with_member(book, "xl/bomb.xml", b"0" * 30_000_000), "炸弹.xlsx", "大得不正常"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密.xlsx", "密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.xls", "旧版"),
        (b"%PDF-1.4\n1 0 obj\n", "清单.pdf", ""),
        (book[:500], "半截.xlsx", ""),
        ("一段话".encode(), "说明.txt", "只能导入"),
    ]
    for data, name, words in bad:
        with pytest.raises(ImportRefused) as refused:
            begin_import(actor=manager, upload=data, name=name)
        assert words in "".join(str(reason.text) for reason in refused.value.reasons), name
    assert not ImportBatch.objects.exists()


def test_a_file_without_items_is_kept_as_unusable_and_says_why(manager):
    for data, name, words in (
        (b"{", "坏.json", "读不懂"),
        (saved(a_template()), "空表.xlsx", "一个事项也没有"),
        (b'{"items": []}', "空.json", "一个事项也没有"),
    ):
        batch = begin_import(actor=manager, upload=data, name=name)
        assert batch.state == "unusable"
        assert words in file_notes(batch)[0]


def test_a_misshapen_item_is_refused_and_the_rest_is_not(manager):
    batch = brought(
        manager, a_definition(materials="平面图"), a_definition(code="other", catalog_code="000123009001"), "什么"
    )
    assert outcomes(batch) == ["refused", "new", "refused"]
    assert "shape" in told(batch)


def test_a_long_file_is_read_later_and_in_chunks(manager):
    items = [a_definition(code=f"item-{n}", catalog_code=f"0001{n:08}", task_name=f"事项{n}") for n in range(120)]
    batch = brought(manager, *items)
    assert (batch.state, batch.found) == ("reading", 0)
    run_waiting()
    batch.refresh_from_db()
    assert (batch.state, batch.found, batch.done) == ("ready", 120, 120)
    assert import_counts(batch)["new"] == 120
    assert confirm_import(actor=manager, batch_id=batch.pk).state == "importing"
    run_waiting()
    batch.refresh_from_db()
    assert batch.state == "imported"
    assert Draft.objects.count() == 120


def test_the_report_has_each_row_with_its_reasons(manager):
    batch = brought(
        manager, a_definition(code="other", department="没有的局"), a_definition(code="Bad Code", sample="是")
    )
    sheet = load_workbook(io.BytesIO(report_of(batch)))["逐行结果"]
    rows = list(sheet.values)
    assert rows[1][4] == "不能导入"
    assert "没有找到行使主体“没有的局”" in rows[1][6]
    assert "items[1].department" in rows[1][6]


def test_a_dropped_file_cannot_be_confirmed(manager):
    batch = brought(manager, a_definition())
    drop_import(actor=manager, batch_id=batch.pk)
    with pytest.raises(ImportRefused):
        confirm_import(actor=manager, batch_id=batch.pk)


def test_only_who_manages_items_imports_and_only_his_department_sees_it(manager):
    with pytest.raises(NotAllowed):
        begin_import(actor=officer("clerk"), upload=as_json(a_definition()), name="x.json")
    batch = brought(manager, a_definition())
    stranger = officer("item_manager", department=make_department("区民政局"))
    with pytest.raises(NotAllowed):
        confirm_import(actor=stranger, batch_id=batch.pk)


def test_a_file_goes_through_the_pages_from_upload_to_drafts(client, manager, django_assert_max_num_queries):
    make_item()
    sign_in(client, manager)
    workbook = client.get("/console/items/exchange/export/?format=xlsx")
    assert workbook["Content-Disposition"].startswith("attachment")
    assert client.get("/console/items/exchange/template/").status_code == 200
    upload = SimpleUploadedFile(
        "事项.json", as_json(a_definition(summary="改了"), a_definition(code="x", department="没有"))
    )
    page = client.post("/console/items/exchange/import/", {"file": upload}, follow=True)
    html = page.content.decode()
    assert "有变化 1 个" in html
    assert "没有找到行使主体“没有”" in html
    address = page.request["PATH_INFO"]
    with django_assert_max_num_queries(20):
        assert client.get(f"{address}?outcome=refused").status_code == 200
    refused = client.post(f"{address}confirm/")
    assert (refused.status_code, "有1行不能导入" in refused.content.decode()) == (422, True)
    assert client.get(f"{address}report/").status_code == 200
    assert "已写入 1 份草稿" in client.post(f"{address}confirm/", {"only_sound": "yes"}, follow=True).content.decode()
    assert Draft.objects.get().content["summary"] == "改了"
    assert "事项.json" in client.get("/console/items/exchange/").content.decode()


def test_a_bad_file_is_told_on_the_page(client, manager):
    sign_in(client, manager)
    answer = client.post("/console/items/exchange/import/", {"file": SimpleUploadedFile("密.xlsx", b"x")})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert "请先选一个文件" in client.post("/console/items/exchange/import/", follow=True).content.decode()
    assert client.get("/console/items/exchange/export/?q=没有的事项").status_code == 422


def test_what_is_said_of_most_rows_is_told_once(manager, client):
    rows = [{"task_name": f"事项{number}", "code": f"item-{number}"} for number in range(12)]
    rows[3]["visits"] = "很多"
    batch = brought(manager, *rows)
    batch.refresh_from_db()
    assert [text for text in file_notes(batch) if text.startswith("12行：没有写行使主体")]
    assert own_remarks(batch, batch.rows.get(position=1)) == []
    assert [remark["code"] for remark in own_remarks(batch, batch.rows.get(position=4))] == ["shape", "gaps"]
    assert "department_assumed" in told(batch)  # the report in full has it beside each row
    sign_in(client, manager)
    page = client.get(f"/console/items/exchange/{batch.pk}/").content.decode()
    assert page.count("没有写行使主体") == 1
    assert page.count("只有上面说过的") == 11


def test_a_row_tells_each_flaw_once_and_keeps_no_unseen_characters(manager):
    batch = brought(manager, {"task_name": "\u202e怪\u200b事" + "长" * 400, "code": "../../x"})
    row = batch.rows.get()
    flaws = [(remark["code"], remark["place"]) for remark in row.remarks if remark["stop"]]
    assert flaws == [("clash", "items[1].code"), ("too_long", "items[1].task_name")]
    assert row.name.startswith("怪事")


def test_a_word_that_is_no_value_of_json_is_named(manager):
    batch = begin_import(actor=manager, upload=b'{"items": [{"visits": NaN}]}', name="a.json")
    assert "NaN" in file_notes(batch)[0]
    assert "不是 JSON 的值" in file_notes(batch)[0]
