"""The pages and the API as stewards, heads, the platform and everybody else meet them."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tongban.data.catalogue.actions import load_value_tables
from tongban.data.catalogue.models import Demand, Entry, Review, Version
from tongban.data.catalogue.queries.tables import packaged_tables
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import issue_system_key
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.kept import forget_kept

from .factories import KEY_ITEM, RESOURCE, make_demand, make_draft, make_published, make_reviewed, steward

pytestmark = pytest.mark.django_db
ITEM_FORM = {name: value for name, value in KEY_ITEM.items() if name != "key"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/console/catalogue/{path}")
    assert answer.status_code == status
    return answer.content.decode()


def test_a_steward_writes_an_entry_in_the_browser_and_two_others_let_it_in(client: Client) -> None:
    writer = steward()
    sign_in(client, writer)
    answer = client.post("/console/catalogue/begin/", {"kind": "resource"})
    entry = Entry.objects.get()
    edit = f"/console/catalogue/{entry.pk}/edit/"
    assert answer.url == edit
    form = {name: value for name, value in RESOURCE.items() if name != "items"} | {"name": "老年人优待信息"}
    client.post(edit, form | {"revision": "1", "note": "第一次编目"})
    client.post(f"/console/catalogue/{entry.pk}/items/new/", ITEM_FORM | {"revision": "2", "act": "another"})
    assert "没有发现问题" in client.get(edit).content.decode()
    client.post(f"/console/catalogue/{entry.pk}/hand-in/")
    review = Review.objects.get()
    assert "收回" in page(client, f"reviews/{review.pk}/")
    for actor in (officer("dept_head", department=entry.department), officer("data_admin")):
        sign_in(client, actor)
        assert "老年人优待信息" in page(client, "reviews/")
        client.post(f"/console/catalogue/reviews/{review.pk}/", {"answer": "agree"})
    sign_in(client, officer())
    assert "老年人优待信息" in page(client, "?q=优待")
    assert "公民身份号码" in page(client, f"{entry.pk}/")
    assert "编辑" not in page(client, f"{entry.pk}/").partition("<h1>")[2]


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client: Client) -> None:
    writer = steward()
    draft = make_draft(writer)
    sign_in(client, writer)
    for path, form in (
        (f"{draft.entry_id}/edit/", {"name": "后写的"}),
        (f"{draft.entry_id}/items/name/", {"name": "后写的"}),
    ):
        answer = client.post(f"/console/catalogue/{path}", form | {"revision": "7"})
        assert answer.status_code == 409
        told = answer.content.decode()
        assert "后写的" in told
        assert "刚刚保存的" in told


def test_whoever_answers_a_step_that_has_its_answer_is_told_so(client: Client) -> None:
    review = make_reviewed()
    sign_in(client, officer("dept_head", department=review.entry.department))
    address = f"/console/catalogue/reviews/{review.pk}/"
    assert client.post(address, {"answer": "agree", "step": "department"}).status_code == 302
    again = client.post(address, {"answer": "agree", "step": "department"})
    assert again.status_code == 409
    assert "刚刚已经有人答复了" in again.content.decode()
    assert "等平台审核" in again.content.decode()


def test_an_english_reader_meets_english_names_and_a_city_s_own_names_as_they_are(client: Client) -> None:
    entry = make_published(steward())
    forget_kept()
    load_value_tables(
        actor=installer("catalogue.publish"),
        tables={"cycle": packaged_tables()["cycle"] | {RESOURCE["cycle"]: "每个工作日"}},
    )
    sign_in(client, officer())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in ("", f"{entry.pk}/"):
        told = page(client, path)
        assert "Shared on conditions" in told
        assert "每个工作日" in told
        assert "有条件共享" not in told


def test_items_are_moved_and_taken_out(client: Client) -> None:
    writer = steward()
    draft = make_draft(writer)
    sign_in(client, writer)
    path = f"/console/catalogue/{draft.entry_id}/items/name/"
    held = draft.content["items"][1]
    client.post(path, held | {"act": "up", "revision": "1"})
    draft.refresh_from_db()
    assert [one["key"] for one in draft.content["items"]] == ["name", "number"]
    client.post(path, held | {"act": "remove", "revision": "2"})
    draft.refresh_from_db()
    assert [one["key"] for one in draft.content["items"]] == ["number"]
    assert client.get(path).status_code == 404


def test_handing_in_a_faulty_draft_tells_it_all(client: Client) -> None:
    writer = steward()
    draft = make_draft(writer, abstract="", cycle="")
    sign_in(client, writer)
    answer = client.post(f"/console/catalogue/{draft.entry_id}/hand-in/")
    assert answer.status_code == 422
    assert all(f"请填写“{title}”" in answer.content.decode() for title in ("摘要", "更新周期"))
    assert client.post(f"/console/catalogue/{draft.entry_id}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/console/catalogue/{draft.entry_id}/nothing/").status_code == 404


def test_versions_are_compared_side_by_side(client: Client) -> None:
    writer = steward()
    entry = make_published(writer)
    sign_in(client, writer)
    client.post(f"/console/catalogue/{entry.pk}/revise/")
    client.post(
        f"/console/catalogue/{entry.pk}/items/name/",
        KEY_ITEM | {"name": "姓名全称", "english": "XM", "is_key": "0", "revision": "1"},
    )
    text = page(client, f"{entry.pk}/versions/2/")
    assert "数据项“姓名全称”" in text
    assert page(client, f"{entry.pk}/versions/3/", 404)
    sign_in(client, officer())
    page(client, f"{entry.pk}/versions/1/")
    page(client, f"{entry.pk}/versions/2/", 404)


def test_refusing_needs_a_reason_that_the_writer_reads(client: Client) -> None:
    writer = steward()
    review = make_reviewed(writer)
    sign_in(client, officer("dept_head", department=review.entry.department))
    path = f"/console/catalogue/reviews/{review.pk}/"
    assert client.post(path, {"answer": "refuse"}).status_code == 422
    assert client.post(path, {"answer": "what"}).status_code == 404
    client.post(path, {"answer": "refuse", "reason": "摘要写得不清楚"})
    assert client.post(path, {"answer": "agree"}).status_code == 409
    sign_in(client, writer)
    assert "摘要写得不清楚" in page(client, f"{review.entry_id}/")


def test_a_draft_is_not_handed_in_while_a_withdrawal_waits(client: Client) -> None:
    writer = steward()
    entry = make_published(writer)
    sign_in(client, writer)
    client.post(f"/console/catalogue/{entry.pk}/revise/")
    assert "提交审核" in page(client, f"{entry.pk}/edit/")
    client.post(f"/console/catalogue/{entry.pk}/withdraw/", {"reason": "职责划走了"})
    text = page(client, f"{entry.pk}/edit/")
    assert "撤销：等部门审核" in text
    assert "提交审核" not in text
    assert "加一个数据项" not in page(client, f"{make_reviewed(writer).entry_id}/edit/")


def test_the_lists_and_their_files(client: Client, django_assert_max_num_queries) -> None:
    writer = steward()
    entry = make_published(writer, name="=危险")
    make_demand(writer)
    sign_in(client, writer)
    for kind in ("duty", "demand", "no-share"):
        with django_assert_max_num_queries(16):
            page(client, f"lists/{kind}/?department={writer.department_id}")
        page(client, f"lists/{kind}/?department=nobody")
    book = load_workbook(io.BytesIO(client.get("/console/catalogue/lists/duty/export/").content))
    cell = book.worksheets[0]["C2"]
    assert (cell.value, cell.data_type) == ("=危险", "s")
    text = client.get("/console/catalogue/lists/duty/export/?format=csv").content.decode("utf-8-sig")
    assert f"{entry.code},'=危险," in text
    assert page(client, "lists/other/", 404)
    assert "还没有资源归集进来" in page(client, "figures/")


def test_a_need_is_asked_for_and_matched_on_pages(client: Client) -> None:
    writer = steward()
    entry = make_published()
    sign_in(client, writer)
    assert client.post("/console/catalogue/demands/new/", {"title": "甲"}).status_code == 422
    form = {
        "title": "核对残疾人证",
        "use": "补贴",
        "fields": "姓名",
        "basis": "《残疾人保障法》第四十六条",
        "cycle": "day",
        "needed_on": "2099-01-01",
    }
    client.post("/console/catalogue/demands/new/", form)
    demand = Demand.objects.get()
    path = f"/console/catalogue/demands/{demand.pk}/"
    assert client.post(path, {"act": "match", "resource_code": "x"}).status_code == 422
    client.post(path, {"act": "match", "resource_code": entry.code})
    assert entry.name in page(client, "lists/demand/")
    sign_in(client, steward())
    page(client, f"demands/{demand.pk}/", 404)


def test_a_department_goes_out_as_files_and_comes_back_the_same(client: Client) -> None:
    writer = steward()
    make_published(writer, Entry.Kind.SYSTEM)
    make_draft(writer)
    sign_in(client, writer)
    for query, encoding in (("", ""), ("?format=csv", "gb18030"), ("?format=csv", "utf-16")):
        data = client.get(f"/console/catalogue/exchange/export/{query}").content
        packed = zipfile.ZipFile(io.BytesIO(data))
        files = (
            [(name, packed.read(name).decode("utf-8-sig").encode(encoding)) for name in packed.namelist()]
            if query
            else [("a.xlsx", data)]
        )
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        answer = client.post("/console/catalogue/exchange/import/", {"file": uploads}, follow=True)
        assert "没有变化 2 个；错误 0 处" in answer.content.decode(), encoding
    assert client.get("/console/catalogue/exchange/template/").content[:2] == b"PK"
    answer = client.post("/console/catalogue/exchange/import/", {"file": [SimpleUploadedFile("a.pdf", b"x")]})
    assert answer.status_code == 422
    assert client.post("/console/catalogue/exchange/import/").status_code == 302


def test_what_changed_in_a_file_becomes_drafts_of_what_is_published_and_of_what_is_being_written(
    client: Client,
) -> None:
    writer = steward()
    entry, draft = make_published(writer), make_draft(writer)
    sign_in(client, writer)
    book = load_workbook(io.BytesIO(client.get("/console/catalogue/exchange/export/").content))
    column = next(cell.column for cell in book["数据资源"][1] if cell.value == "摘要")
    for line in (2, 3):
        book["数据资源"].cell(line, column).value = "改过的摘要"
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("a.xlsx", out.getvalue())
    answer = client.post("/console/catalogue/exchange/import/", {"file": [upload]}, follow=True)
    assert "有变化 2 个" in answer.content.decode()
    client.post(answer.redirect_chain[-1][0], {"act": "put-in"})
    told = {
        (one.entry_id, one.number, one.status, one.content["abstract"])
        for one in Version.objects.filter(status="draft")
    }
    assert told == {(entry.pk, 2, "draft", "改过的摘要"), (draft.entry_id, 1, "draft", "改过的摘要")}
    assert "改过的摘要" not in page(client, f"{entry.pk}/")
    assert Fact.objects.filter(name="catalogue.revised", stream=f"entry:{entry.pk}").count() == 1


def test_every_file_that_cannot_be_read_is_named_and_a_column_that_nobody_knows_is_told_of(client: Client) -> None:
    sign_in(client, steward())

    def brought(*files: tuple[str, bytes]) -> str:
        uploads = [SimpleUploadedFile(name, data) for name, data in files]
        return client.post("/console/catalogue/exchange/import/", {"file": uploads}, follow=True).content.decode()

    told = brought(("a.pdf", b"x"), ("b.csv", b""), ("c.xlsx", b"PK\x03\x04"))
    assert all(name in told for name in ("“a.pdf”", "“b.csv”", "“c.xlsx”"))
    assert "一次最多三个文件" in brought(*((f"{n}.csv", b"x") for n in range(4)))
    told = brought(("a.csv", "资源名称,目,细目,共享类形\n甲,015,1,x\n".encode()))
    assert "没有“共享类形”这一列" in told
    assert told.count("共享类型") == 1  # that the column is missing, and not once more for each row


def test_the_api_gives_what_holds_and_every_version(client: Client) -> None:
    entry = make_published()
    _row, key = issue_system_key(
        actor=installer("identity.manage_rights"),
        department_id=entry.department_id,
        name="系统",
        scopes=["catalogue.see"],
    )
    headers = {"Authorization": f"Bearer {key}"}
    told = client.get("/api/v1/catalogue?q=优待", headers=headers).json()
    assert [one["resource_code"] for one in told["items"]] == [entry.code]
    whole = client.get(f"/api/v1/catalogue/{entry.pk}?version=1", headers=headers).json()
    assert [one["english"] for one in whole["items"]] == ["GMSFHM", "XM"]
    assert whole["content"]["cycle"] == "day"
    assert client.get(f"/api/v1/catalogue/{entry.pk}/versions", headers=headers).json()["items"][0]["number"] == 1
    assert client.get(f"/api/v1/catalogue/{make_draft().entry_id}", headers=headers).status_code == 404
    assert client.get("/api/v1/catalogue?kind=all", headers=headers).status_code == 422
