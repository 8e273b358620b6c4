"""The staff's pages about cases: who sees what, every verb's page, nothing lost, nothing taken unseen."""

import io

import openpyxl
import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.queries import identity_card
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.services.cases.actions import claim, withdraw
from tongban.services.cases.console.verbs import ORDER, PAGES
from tongban.services.cases.models import Case, SavedView

from .factories import make_accepted, make_case, make_corrected, make_decided, make_office, make_reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def clerk(client, office):
    sign_in(client, office.clerk)
    return office.clerk


def text(answer):
    return answer.content.decode()


def seen_on(client, case, verb):
    page = text(client.get(f"/console/cases/{case.pk}/{verb}/"))
    return page.split('name="seen" value="')[1].split('"')[0]


def do(client, case, verb, **posted):
    posted.setdefault("seen", seen_on(client, case, verb))
    return client.post(f"/console/cases/{case.pk}/{verb}/", posted, follow=True)


def test_the_worklist_shows_the_departments_cases_with_masked_names(client, office, clerk):
    case, foreign = (
        make_case(office),
        make_case(make_office(code="other-item", department="区住建局", catalog_code="000123009001")),
    )
    page = text(client.get("/console/cases/"))
    assert case.project_no in page
    assert foreign.project_no not in page
    assert case.applicant_name not in page
    assert "李*" in page


def test_a_page_of_the_worklist_takes_few_queries(client, office, clerk, django_assert_max_num_queries):
    for _ in range(3):
        make_case(office)
    client.get("/console/cases/")
    with django_assert_max_num_queries(7):
        client.get("/console/cases/")


def test_a_line_of_the_worklist_shows_names_as_text_and_never_as_markup(client, office, clerk):
    case = make_case(office)
    names = {
        "task_name": "<b>食品</b>",
        "applicant_kind": "company",
        "applicant_name": "甲&乙<script>",
        "stage_name": '"审"',
    }
    Case.objects.filter(pk=case.pk).update(**names)
    page = text(client.get("/console/cases/"))
    for shown in ("&lt;b&gt;食品&lt;/b&gt;", "甲&amp;乙&lt;script&gt;", "&quot;审&quot;"):
        assert shown in page
    assert "<b>食品" not in page


def test_a_closed_case_shows_its_result_where_an_open_one_shows_its_lamp(client, office, clerk):
    applicant = citizen()
    case = make_case(office, applicant)
    assert "tb-lamp--" in text(client.get("/console/cases/"))
    withdraw(actor=applicant, case_id=case.pk)
    page = text(client.get("/console/cases/?closed=1"))
    assert case.project_no in page
    assert "撤回" in page
    assert "tb-lamp--" not in page


def test_searching_and_filtering(client, office, clerk):
    case = make_case(office)
    for query in (
        f"q={case.project_no}",
        f"q={case.project_no[-12:]}",
        "q=李华",
        "state=submitted",
        f"lamp={case.lamp}",
        "who=none",
    ):
        assert case.project_no in text(client.get(f"/console/cases/?{query}")), query
    for query in ("q=王", "state=closed&closed=1", "lamp=red", "who=me", "overdue=1", "since=2999-01-01"):
        assert case.project_no not in text(client.get(f"/console/cases/?{query}")), query
    assert client.get("/console/cases/?state=nonsense&since=yesterday&who=x").status_code == 200


def test_nobody_but_staff_with_the_right_enters(client, office):
    case = make_case(office)
    assert client.get("/console/cases/").status_code == 302
    for actor, status in ((citizen(), 403), (officer("operator"), 403), (officer("clerk"), 404)):
        sign_in(client, actor)
        assert client.get(f"/console/cases/{case.pk}/").status_code == status


def test_the_case_page_masks_and_offers_what_may_be_done(client, office, clerk, django_assert_max_num_queries):
    someone = citizen()
    case, card = make_case(office, someone), identity_card(someone)
    client.get(f"/console/cases/{case.pk}/")
    with django_assert_max_num_queries(40):
        page = text(client.get(f"/console/cases/{case.pk}/"))
    assert card["id_number"] not in page
    assert card["phone"] not in page
    assert card["name"] not in page
    for verb in ("accept", "ask_correction", "refuse_acceptance", "transfer", "receive", "claim"):
        assert f"/console/cases/{case.pk}/{verb}/" in page, verb
    for verb in ("decide", "certify", "void", "release"):
        assert f"/console/cases/{case.pk}/{verb}/" not in page, verb


def test_unmasking_needs_a_reason_and_is_recorded(client, office, clerk):
    someone = citizen()
    case, card = make_case(office, someone), identity_card(someone)
    refused = client.post(f"/console/cases/{case.pk}/unmask/", {"reason": "看"})
    assert refused.status_code == 422
    assert card["id_number"] not in text(refused)
    shown = client.post(f"/console/cases/{case.pk}/unmask/", {"reason": "核对申请人身份证原件"})
    assert card["id_number"] in text(shown)
    assert card["phone"] in text(shown)
    assert shown["Cache-Control"] == "no-store"
    fact = Fact.objects.filter(name="persons.seen", data__unmasked=True).get()
    assert fact.person_id == someone.person_id
    assert card["id_number"] not in str(fact.data)


def test_from_acceptance_to_delivery_by_pages(client, office):
    case = make_case(office)
    for actor, verb, posted, state in (
        (office.clerk, "receive", {}, "received"),
        (office.clerk, "accept", {"note": "材料齐全"}, "accepted"),
        (office.reviewer, "review", {"verdict": "agree", "opinion": "符合"}, "reviewing"),
        (office.approver, "decide", {"result": "granted"}, "decided"),
        (office.clerk, "certify", {}, "certifying"),
        (office.clerk, "deliver", {"way": "post", "carrier": "邮政", "tracking_no": "EMS1"}, "delivering"),
        (office.clerk, "close", {}, "closed"),
    ):
        sign_in(client, actor)
        answer = do(client, case, verb, **posted)
        case.refresh_from_db()
        assert (answer.status_code, case.state) == (200, state), (verb, text(answer)[-3000:])
        assert "已办理" in text(answer)


def test_every_verb_has_a_page_and_an_order(client, office, clerk):
    assert set(ORDER) == set(PAGES)
    case = make_case(office)
    for verb in PAGES:
        assert client.get(f"/console/cases/{case.pk}/{verb}/").status_code == 200, verb
    assert client.get(f"/console/cases/{case.pk}/explode/").status_code == 404


def test_a_refused_form_keeps_everything_typed(client, office, clerk):
    case = make_case(office)
    answer = do(client, case, "transfer", competent_body="市级某局", reasons="  ")
    assert answer.status_code == 409
    assert "请写明理由" in text(answer)
    assert "市级某局" in text(answer)


def test_refusing_acceptance_with_reasons(client, office, clerk):
    case = make_case(office)
    do(client, case, "refuse_acceptance", reasons="不属于许可范围", not_needed="1")
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "not_accepted")


def test_one_notice_lists_what_is_missing_per_material(client, office, clerk):
    case = make_case(office)
    checked = client.post(
        f"/console/cases/{case.pk}/ask_correction/", {"check": "1", "problem-plan": "平面图没有标注面积"}
    )
    assert "平面图没有标注面积" in text(checked)
    empty = do(client, case, "ask_correction", days="10")
    assert empty.status_code in (409, 422)
    do(client, case, "ask_correction", **{"problem-plan": "平面图没有标注面积", "name-plan": "平面图", "days": "10"})
    case.refresh_from_db()
    assert case.state == "correction"
    assert [item["problem"] for item in case.corrections.get().items] == ["平面图没有标注面积"]


def test_paper_corrections_are_taken_at_the_counter(client, office, clerk):
    case = make_corrected(office)
    assert do(client, case, "supply_correction").status_code == 422
    do(client, case, "supply_correction", got="plan")
    case.refresh_from_db()
    assert case.state == "received"


def test_somebody_was_faster(client, office, clerk):
    """Told what happened meanwhile, with everything typed still there; a second look lets one go on if it still may be done."""
    case = make_case(office)
    seen = seen_on(client, case, "accept")
    claim(actor=office.clerk, case_id=case.pk)
    told = do(client, case, "accept", seen=seen, note="我写的说明")
    assert told.status_code == 409
    assert "有了新进展" in text(told)
    assert "有人接办" in text(told)
    assert "我写的说明" in text(told)
    do(client, case, "accept", note="我写的说明")
    case.refresh_from_db()
    assert case.state == "accepted"


def test_a_case_withdrawn_meanwhile_cannot_be_accepted(client, office, clerk):
    someone = citizen()
    case = make_case(office, someone)
    seen = seen_on(client, case, "accept")
    withdraw(actor=someone, case_id=case.pk)
    told = do(client, case, "accept", seen=seen)
    assert told.status_code == 409
    assert "确认受理" not in text(told)
    case.refresh_from_db()
    assert case.result == "withdrawn"


PROCEDURE = {"key": "site_visit", "type": "2", "name": "现场踏勘", "limit_days": 10, "basis": "行政许可法第三十四条"}


def test_special_procedure_extension_and_sending_back(client):
    office = make_office(special_procedures=[PROCEDURE], extension={"days": 10})
    case = make_reviewed(office)
    sign_in(client, office.approver)
    do(client, case, "send_back", reasons="现场照片不全")
    sign_in(client, office.reviewer)
    do(client, case, "suspend", procedure="site_visit", reason="需要现场踏勘")
    case.refresh_from_db()
    assert case.state == "suspended"
    do(client, case, "resume", outcome="已踏勘")
    do(client, case, "extend", reason="情况复杂", days="3")
    page = text(client.get(f"/console/cases/{case.pk}/"))
    assert "情况复杂" in page


def test_deciding_alone_is_not_offered_to_the_reviewer(client, office):
    case = make_decided(office)
    sign_in(client, office.reviewer)
    assert f"{case.pk}/decide/" not in text(client.get(f"/console/cases/{case.pk}/"))


def test_bulk_acts_case_by_case_and_says_what_became_of_each(client, office, clerk):
    fresh, done = make_case(office), make_accepted(office)
    page = text(client.post("/console/cases/bulk/", {"verb": "accept", "case": [fresh.pk, done.pk, "nonsense"]}))
    assert "2件中办成1件" in page
    assert Case.objects.get(pk=fresh.pk).state == "accepted"
    assert "现在的状态不能办理" in page
    assert client.post("/console/cases/bulk/", {"verb": "accept"}).status_code == 302


def test_the_approver_assigns(client, office):
    case = make_case(office)
    sign_in(client, office.approver)
    client.post("/console/cases/bulk/", {"verb": "assign", "case": [case.pk], "account_id": office.clerk.account_id})
    case.refresh_from_db()
    assert case.holder_account_id == office.clerk.account_id


def test_views_are_kept_by_their_owner(client, office, clerk):
    client.post("/console/cases/views/?lamp=red&who=me&evil=1", {"name": "我的红牌"})
    view = SavedView.objects.get()
    assert (view.account_id, view.filters) == (clerk.account_id, {"lamp": "red", "who": "me"})
    assert "我的红牌" in text(client.get("/console/cases/"))
    sign_in(client, office.reviewer)
    assert "我的红牌" not in text(client.get("/console/cases/"))
    assert client.post(f"/console/cases/views/{view.pk}/delete/").status_code == 404
    sign_in(client, clerk)
    client.post(f"/console/cases/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_export_is_masked_and_recorded(client, office, clerk):
    case = make_case(office)
    answer = client.post("/console/cases/export/?q=李华&state=submitted")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert rows[0][0] == "办件编号"
    assert rows[1][0] == case.project_no
    assert "李*" in rows[1]
    assert "李华" not in str(rows)
    fact = Fact.objects.get(name="cases.exported")
    assert fact.data == {"rows": 1, "filters": {"state": "submitted", "searched": True}}


def test_without_the_right_nothing_is_exported(client):
    sign_in(client, officer("supervisor"))
    assert client.post("/console/cases/export/").status_code == 403


def test_the_block_of_the_day(client, office, clerk, django_assert_max_num_queries):
    make_case(office)
    client.get("/console/cases/counts/")
    with django_assert_max_num_queries(12):
        page = text(client.get("/console/cases/counts/"))
    assert "待答复受理" in page
    assert "最急的" in page
