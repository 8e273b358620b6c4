"""Counter intake in the browser: a card, a draft that saves itself, a receipt."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tongban.foundation.files.tests.samples import picture
from tongban.foundation.identity.tests.factories import citizen, id_number, make_company, make_person, officer, sign_in
from tongban.services.cases.actions import begin_at_counter, end_help, help_with_draft, save_draft
from tongban.services.cases.models import Case, Draft, Help
from tongban.services.items.actions.standing import resume_item, suspend_item
from tongban.services.items.tests.factories import MANAGER, a_definition, load_definition

from .factories import make_case, make_draft, make_office
from .visitors import visited

pytestmark = pytest.mark.django_db

START = "/console/cases/counter/"


@pytest.fixture
def office(client):
    office = make_office()
    sign_in(client, office.clerk)
    return office


@pytest.fixture
def person():
    return make_person(name="赵国强")


@pytest.fixture
def draft(office, person):
    visit = visited(office.clerk, person)
    return begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")


def address(draft, more=""):
    return f"{START}draft/{draft.pk}/{more}"


def filled(draft, **changes):
    draft.refresh_from_db()
    return {
        "_do": "submit",
        "revision": str(draft.revision),
        "name": "翠屏理发店",
        "situation.venue": "hotel",
        "how-plan": "paper",
        "copies-plan": "2",
        "how-identity": "waived",
        "_delivery.way": "online",
        "declared": "yes",
    } | changes


def test_the_whole_visit(client, office, person):
    answer = client.post(START, {"id_number": person.id_number, "present": "1"}, follow=True)
    page = answer.content.decode()
    assert "赵国强" in page
    assert person.id_number not in page + str(answer.redirect_chain)
    key = re.search(r'name="_key" value="([^"]+)"', page)[1]
    for _twice in range(2):
        answer = client.post(answer.request["PATH_INFO"], {"item": "venue-permit", "_key": key})
        draft = Draft.objects.get()
        assert answer.url == address(draft)
    page = client.get(address(draft)).content.decode()
    assert 'name="situation.venue"' in page
    assert "水质检测报告" not in page

    for _double_click in range(2):
        answer = client.post(address(draft), filled(draft), follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    assert (case.channel, case.state, case.applicant_id) == ("counter", "received", person.pk)
    assert sorted(case.materials.values_list("key", "way", "copies")) == [("identity", "7", 1), ("plan", "1", 2)]
    assert case.project_no in page
    assert "平面图" in page


def test_what_is_wrong_with_a_card_is_told_and_what_was_typed_stays(client, office, person):
    answer = client.post(START, {"id_number": "511602199003071234"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "身份证号码不正确" in page
    assert "申请人须在场并同意" in page
    assert 'value="511602199003071234"' in page
    assert 'name="phone"' not in page
    unknown = client.post(START, {"id_number": id_number(), "present": "1"}).content.decode()
    assert 'name="phone"' in unknown
    company = make_company()
    given = {"id_number": person.id_number, "uscc": company.uscc, "present": "1"}
    assert 'name="by_paper"' in client.post(START, given).content.decode()
    assert client.post(START, given | {"by_paper": "1"}).status_code == 302


def test_going_on_where_the_applicant_left_off(client, office, person):
    begun = make_draft(office, citizen(person), materials={"plan": [{"way": "1"}]})
    visit = visited(office.clerk, person)
    here = f"{START}visits/{visit.pk}/"
    assert "帮他继续" in client.get(here).content.decode()
    page = client.post(here, {"draft": str(begun.pk)}, follow=True).content.decode()
    assert "翠屏理发店" in page
    assert "会带纸质的来" in page
    assert str(begun.pk) in client.get(START).content.decode()
    # Paper that was announced is not paper that was handed over.
    answer = client.post(address(begun), filled(begun, **{"how-plan": ""}))
    assert "请确认收到纸质材料：平面图" in answer.content.decode()
    client.post(address(begun), filled(begun))
    assert Case.objects.get().applicant_id == person.pk


def test_it_saves_itself_while_one_types(client, draft):
    answer = client.post(address(draft, "save/"), filled(draft, **{"_do": "", "situation.venue": "pool"}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "水质检测报告" in page
    draft.refresh_from_db()
    assert (draft.answers, draft.situation) == ({"name": "翠屏理发店"}, {"venue": "pool"})
    assert draft.materials["plan"] == [{"way": "1", "copies": 2}]
    assert f'name="revision" value="{draft.revision}"' in page
    same = draft.materials
    client.post(address(draft, "save/"), filled(draft, **{"_do": "", "how-plan": "", "name": "翠屏"}))
    draft.refresh_from_db()
    assert draft.materials == {**same, "plan": []}
    assert draft.answers == {"name": "翠屏"}


def test_a_stale_page_overwrites_nothing_until_the_clerk_says_so(client, draft, person):
    old = filled(draft, _do="refresh", name="窗口写的")
    save_draft(actor=citizen(person), draft_id=draft.pk, answers={"name": "手机上写的"})
    assert client.post(address(draft, "save/"), old).status_code == 409
    answer = client.post(address(draft), old)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="窗口写的"' in page
    draft.refresh_from_db()
    assert draft.answers == {"name": "手机上写的"}
    client.post(address(draft), filled(draft, _do="refresh", name="窗口写的"))
    draft.refresh_from_db()
    assert draft.answers == {"name": "窗口写的"}


def test_everything_wrong_is_told_beside_its_field(client, draft):
    answer = client.post(
        address(draft), filled(draft, **{"name": "", "how-plan": "", "_delivery.way": "", "declared": ""})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("请提供：平面图", "请选择怎样领取结果", "请申请人核对", "名称"):
        assert words in page
    assert not Case.objects.exists()
    draft.refresh_from_db()
    assert draft.materials["identity"] == [{"way": "7", "waive_mode": "1"}]  # what was right is kept


def test_scans_and_files_of_earlier_cases(client, office, person, draft, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scan = SimpleUploadedFile("扫描.png", picture(), "image/png")
    answer = client.post(address(draft, "save/"), filled(draft, **{"_do": "files:plan", "file-plan": scan}))
    draft.refresh_from_db()
    row = draft.materials["plan"][0]
    assert (answer.status_code, row["way"], row["file_name"]) == (200, "3", "扫描.png")
    assert f"/files/{row['file_id']}/preview" in answer.content.decode()
    client.post(address(draft), filled(draft))
    case = Case.objects.get()
    assert sorted(case.materials.values_list("key", "way")) == [("identity", "7"), ("plan", "3")]

    visit = visited(office.clerk, person)
    second = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code="venue-permit")
    save_draft(actor=office.clerk, draft_id=second.pk, situation={"venue": "hotel"})
    assert f"earlier:plan:{row['file_id']}" in client.get(address(second)).content.decode()
    client.post(address(second, "save/"), filled(second, _do=f"earlier:plan:{row['file_id']}"))
    second.refresh_from_db()
    assert (second.materials["plan"][0]["way"], second.materials["plan"][0]["source"]) == ("6", case.project_no)
    client.post(address(second, "save/"), filled(second, _do="drop:plan:0"))
    second.refresh_from_db()
    assert second.materials["plan"] == []


def test_one_button_takes_in_all_paper_that_has_to_come(client, draft):
    given = {"situation.venue": "pool", "how-plan": "", "how-identity": "waived", "how-water": ""}
    client.post(address(draft, "save/"), filled(draft, _do="", **given))
    client.post(address(draft, "save/"), filled(draft, _do="all-paper", **given))
    draft.refresh_from_db()
    assert {key: row["way"] for key, (row, *_more) in draft.materials.items()} == {"plan": "1", "identity": "7"}


def test_a_file_that_is_none_is_refused_beside_its_material(client, draft):
    bad = SimpleUploadedFile("plan.pdf", b"", "application/pdf")
    answer = client.post(address(draft, "save/"), filled(draft, **{"_do": "files:plan", "file-plan": bad}))
    assert answer.status_code == 422
    assert "空文件" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.answers == {"name": "翠屏理发店"}


def test_whoever_may_no_longer_is_told_why(client, office, draft, person):
    colleague = officer("clerk", department=office.department)
    help_with_draft(actor=colleague, visit_id=visited(colleague, person).pk, draft_id=draft.pk)
    answer = client.post(address(draft, "save/"), filled(draft))
    assert answer.status_code == 409
    assert "同事已经接手" in answer.content.decode()
    again = visited(office.clerk, person)
    assert "接过来填" in client.get(f"{START}visits/{again.pk}/").content.decode()
    help_with_draft(actor=office.clerk, visit_id=again.pk, draft_id=draft.pk)
    end_help(actor=citizen(person), draft_id=draft.pk)
    assert "申请人已经在网上收回" in client.get(address(draft)).content.decode()


def test_laying_it_down_keeps_everything(client, draft):
    answer = client.post(address(draft), filled(draft, _do="leave"))
    assert answer.url.startswith(f"{START}visits/")
    draft.refresh_from_db()
    assert draft.answers == {"name": "翠屏理发店"}
    assert Help.objects.get().ended_by == "clerk"


def test_an_item_changed_or_withdrawn_meanwhile(client, draft):
    load_definition(MANAGER, a_definition(version=2, summary="新的说明。"), as_new_version=True)
    answer = client.post(address(draft), filled(draft))
    assert answer.status_code == 409
    assert "换用新要求" in answer.content.decode()
    client.post(address(draft), filled(draft, _do="renew"))
    suspend_item(actor=MANAGER, code="venue-permit", reason="窗口改造")
    answer = client.post(address(draft), filled(draft))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "目前暂停受理" in page
    assert 'value="翠屏理发店"' in page
    resume_item(actor=MANAGER, code="venue-permit", reason="改造完成")
    client.post(address(draft), filled(draft))
    assert Case.objects.count() == 1


def test_who_may_not_take_in(client, office, draft):
    visit = draft.helps.get().visit
    for actor, status in ((officer("reviewer", department=office.department), 403), (officer("clerk"), 404)):
        sign_in(client, actor)
        for page in (address(draft), f"{START}visits/{visit.pk}/"):
            assert client.get(page).status_code == status
        assert client.post(address(draft), filled(draft)).status_code == status
    assert not Case.objects.exists()


def test_the_applicant_sees_who_helps_and_takes_it_back(client, draft, person):
    applicant = citizen(person)
    sign_in(client, applicant)
    assert "周丽" in client.get("/my/drafts/").content.decode()
    assert "窗口正在帮您填写" in client.get(f"/apply/venue-permit/{draft.pk}/form/").content.decode()
    back = f"/apply/venue-permit/{draft.pk}/take-back/"
    assert "已收回" in client.post(back, follow=True).content.decode()
    assert "周丽" not in client.get("/my/drafts/").content.decode()
    sign_in(client, citizen())
    assert client.post(back).status_code == 404


def test_a_page_of_drafts_costs_the_same_for_one_and_for_many(client, office, person, django_assert_max_num_queries):
    for _one in range(6):
        make_draft(office, citizen(person))
    make_case(office, citizen(person))
    visit = visited(office.clerk, person)
    with django_assert_max_num_queries(30):
        client.get(f"{START}visits/{visit.pk}/")
