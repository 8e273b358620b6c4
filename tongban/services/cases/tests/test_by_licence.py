"""免提交: a licence of the store stands for a material, is kept with the case, and its holder reads who used it."""

from __future__ import annotations

import pytest

from tongban.foundation.identity.tests.factories import citizen, make_person, sign_in
from tongban.foundation.kernel.actors import Actor, installer
from tongban.services.cases.actions import (
    Applicant,
    attach_to_draft,
    begin_at_counter,
    save_draft,
    submit,
    take_licences,
)
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, CaseMaterial, Draft
from tongban.services.cases.rules import material_faults, waivers_of
from tongban.services.decisions.tests.factories import make_rules
from tongban.services.items.tests.factories import a_definition
from tongban.services.licences.actions import change, suspend
from tongban.services.licences.models import Licence, Use
from tongban.services.licences.tests.factories import VALUES, make_licence, make_type, stranger

from .factories import ANSWERS, Office, make_office
from .test_at_once import the_rules
from .test_submit import application, system
from .visitors import visited

ISSUES = installer("licences.issue", "licences.manage", "licences.see")
PLAN = {"plan": [{"way": "1"}]}
MATERIAL = {"key": "identity", "name": "身份证", "need": "1", "waive": ["1", "2"], "licence_types": ["A"]}


@pytest.mark.parametrize(
    ("rows", "stands", "fault"),
    [
        ([], True, []),
        ([], False, ["missing"]),
        ([{"way": "5"}], True, []),
        ([{"way": "5"}], False, ["no_licence"]),
        ([{"way": "7", "waive_mode": "1"}], True, []),
        ([{"way": "7", "waive_mode": "1"}], False, ["no_licence"]),
        ([{"way": "7", "waive_mode": "2"}], False, []),
        ([{"way": "2", "file_id": "x"}], True, []),
        ([{"way": "2"}], True, ["file_missing"]),
    ],
)
def test_a_material_is_there_when_a_licence_stands_for_it(rows: list, stands: bool, fault: list[str]) -> None:
    standing = {"identity"} if stands else set()
    assert [one.code for one in material_faults([MATERIAL], {"identity": rows}, standing)] == fault


def test_what_need_not_come_is_not_taken_from_the_store_unasked() -> None:
    optional = MATERIAL | {"need": "2"}
    assert material_faults([optional], {}, {"identity"}) == []
    assert waivers_of(MATERIAL) == ["2"], "by licence only with a licence"
    assert waivers_of(MATERIAL | {"licence_types": []}) == ["1", "2"]


@pytest.fixture
def office(db: None) -> Office:
    materials = a_definition()["materials"]
    materials[2] |= {"licence_types": [make_type().code], "waive": ["1", "2"]}
    return make_office(materials=materials)


def a_draft(office: Office, applicant: Actor, **given: list) -> Draft:
    code = office.version.content["code"]
    draft = save_draft(actor=applicant, item_code=code, situation={"venue": "hotel"}, answers=ANSWERS)
    draft.materials = PLAN | given
    draft.save()
    return draft


def sent(applicant: Actor, draft: Draft) -> Case:
    return Case.objects.get(pk=submit(actor=applicant, draft_id=draft.pk).case_id)


def of_identity(case: Case) -> CaseMaterial:
    return case.materials.get(key="identity")


def suspended(licence: Licence) -> None:
    suspend(actor=ISSUES, licence_id=licence.pk, reason="检查不合格", document="示例1号")


def test_a_licence_is_used_kept_with_the_case_and_told_to_its_holder(office: Office) -> None:
    applicant = citizen()
    licence = make_licence(holder=applicant)
    case = sent(applicant, a_draft(office, applicant))
    row = of_identity(case)
    assert (row.way, row.licence_id, row.licence_identifier) == ("5", licence.pk, licence.identifier)
    assert row.licence_version == licence.version
    use = Use.objects.get()
    assert (use.way, use.case_no, use.purpose, use.given) == ("case", case.project_no, case.task_name, True)
    assert use.department_id == office.department.pk
    assert use.holder_id == applicant.person_id


def test_of_two_versions_the_one_in_force_is_kept(office: Office) -> None:
    applicant = citizen()
    licence = make_licence(holder=applicant)
    draft = a_draft(office, applicant)
    take_licences(actor=applicant, draft_id=draft.pk, materials=office.version.content["materials"])
    newer = change(
        actor=ISSUES, licence_id=licence.pk, fields=VALUES | {"scope": "hot"}, reason="增加经营项目", document=""
    )
    assert of_identity(sent(applicant, draft)).licence_id == newer.pk


def test_what_was_uploaded_goes_before_the_licence(office: Office) -> None:
    applicant = citizen()
    make_licence(holder=applicant)
    case = sent(applicant, a_draft(office, applicant, identity=[{"way": "1"}]))
    assert (of_identity(case).way, of_identity(case).licence_id) == ("1", None)
    assert not Use.objects.exists()


def test_another_ones_licence_stands_for_nothing(office: Office) -> None:
    applicant = citizen()
    make_licence(holder=citizen())
    with pytest.raises(CaseRefused) as refusal:
        submit(actor=applicant, draft_id=a_draft(office, applicant).pk)
    assert [reason.code for reason in refusal.value.reasons] == ["cases.material_missing"]


def test_a_licence_that_fell_away_is_told_and_the_draft_is_kept(office: Office) -> None:
    applicant = citizen()
    licence = make_licence(holder=applicant)
    draft = a_draft(office, applicant)
    take_licences(actor=applicant, draft_id=draft.pk, materials=office.version.content["materials"])
    suspended(licence)
    with pytest.raises(CaseRefused) as refusal:
        submit(actor=applicant, draft_id=draft.pk)
    (reason,) = refusal.value.reasons
    assert reason.code == "cases.material_no_licence"
    assert "《食品经营许可证》现在不能用（暂扣），请上传" in str(reason.text)
    draft.refresh_from_db()
    assert (draft.case_id, draft.answers) == (None, ANSWERS)
    attach_to_draft(actor=applicant, draft_id=draft.pk, key="identity", way="1")
    assert of_identity(sent(applicant, draft)).way == "1"


def test_a_licence_that_does_not_stand_cannot_be_chosen(office: Office) -> None:
    applicant = citizen()
    with pytest.raises(CaseRefused):
        attach_to_draft(actor=applicant, draft_id=a_draft(office, applicant).pk, key="identity", way="5")


def test_a_licence_sends_nothing_to_a_person(office: Office) -> None:
    make_rules(office.department, the_rules(), item_code=office.version.content["code"])
    applicant = citizen()
    make_licence(holder=applicant)
    materials = {"plan": [{"way": "1"}]}
    assert sent(applicant, a_draft(office, applicant, **materials)).state == "submitted", "paper has to be seen"
    materials = a_definition()["materials"]
    materials[0]["waive"] = ["4"]
    materials[2] |= {"licence_types": [make_type().code]}
    other = make_office(code="other", catalog_code="000123009001", materials=materials)
    make_rules(other.department, the_rules(), item_code="other")
    case = sent(applicant, a_draft(other, applicant, plan=[{"way": "7", "waive_mode": "4"}]))
    assert (case.state, case.result) == ("closed", "granted")
    assert Use.objects.filter(case_no=case.project_no).count() == 1


def page(applicant: Actor, draft: Draft, step: str, client) -> str:
    return sign_in(client, applicant).get(f"/apply/{draft.item_code}/{draft.pk}/{step}/").content.decode()


def test_the_materials_page_says_so_in_plain_words(office: Office, client) -> None:
    applicant = citizen()
    licence = make_licence(holder=applicant)
    draft = a_draft(office, applicant)
    text = page(applicant, draft, "materials", client)
    assert f"已有电子证照《食品经营许可证》（编号尾号 {str(licence.number)[-4:]}），无需上传" in text
    assert "不用电子证照，自己上传" in text
    assert client.post(f"/apply/{draft.item_code}/{draft.pk}/materials/").status_code == 302
    suspended(licence)
    text = page(applicant, draft, "materials", client)
    assert "电子证照《食品经营许可证》现在不能用（暂扣）" in text
    assert client.post(f"/apply/{draft.item_code}/{draft.pk}/materials/").status_code == 422


def test_the_officer_reads_it_and_the_look_is_kept(office: Office, client) -> None:
    applicant = citizen()
    licence = make_licence(holder=applicant)
    case = sent(applicant, a_draft(office, applicant))
    browser = sign_in(client, office.clerk)
    text = browser.get(f"/console/cases/{case.pk}/").content.decode()
    assert "电子证照《食品经营许可证》" in text
    assert VALUES["address"] not in text, "what it says is opened by a look of its own"
    suspended(licence)
    answer = browser.post(f"/console/cases/{case.pk}/materials/{of_identity(case).pk}/licence/")
    text = answer.content.decode()
    assert VALUES["address"] in text
    assert "暂扣" in text
    last = Use.objects.order_by("-id").first()
    assert last is not None
    assert (last.account_id, last.case_no) == (office.clerk.account_id, case.project_no)


def test_a_departments_own_system_need_not_send_it_either(office: Office) -> None:
    """By the number alone: who is not registered with us may hold a licence, too."""
    holder = stranger()
    licence = make_licence(holder=holder)
    receipt = submit(
        actor=system(office),
        payload=application(office, materials=PLAN, applicant=Applicant("person", holder.name, holder.number)),
        idempotency_key="k",
    )
    assert of_identity(Case.objects.get(pk=receipt.case_id)).licence_id == licence.pk


def test_at_the_counter_the_same_holds(office: Office, client) -> None:
    person = make_person()
    make_licence(holder=citizen(person))
    visit = visited(office.clerk, person)
    draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code=office.version.content["code"])
    browser = sign_in(client, office.clerk)
    here = f"/console/cases/counter/draft/{draft.pk}/"
    assert "已有电子证照《食品经营许可证》" in browser.get(here).content.decode()
    page = {"situation.venue": "hotel", **ANSWERS, "_do": "all-paper", "how-plan": "", "how-identity": ""}
    browser.post(f"{here}save/", page)
    draft.refresh_from_db()
    assert [row["way"] for row in draft.materials["plan"]] == ["1"]
    assert not draft.materials.get("identity"), "what a licence stands for is not taken as paper"


def test_of_several_licences_the_api_takes_the_one_that_is_chosen(office: Office, client) -> None:
    applicant = citizen()
    first, second = make_licence(holder=applicant), make_licence(holder=applicant)
    draft = a_draft(office, applicant)
    browser, here = sign_in(client, applicant), f"/api/v1/drafts/{draft.pk}"
    listed = browser.get(here).json()["licences"]
    assert [(row["id"], row["chosen"]) for row in listed] == [(str(second.pk), True), (str(first.pk), False)]

    def take(licence: Licence) -> int:
        rows = [{"material_key": "identity", "get_type": "5", "licence_id": str(licence.pk)}]
        return browser.put(f"{here}/materials/identity", rows, content_type="application/json").status_code

    assert take(make_licence(holder=citizen())) == 422, "another's"
    assert take(first) == 200
    newer = change(
        actor=ISSUES, licence_id=first.pk, fields=VALUES | {"scope": "hot"}, reason="增加经营项目", document=""
    )
    assert of_identity(sent(applicant, draft)).licence_id == newer.pk, "in whatever version it is by then"
