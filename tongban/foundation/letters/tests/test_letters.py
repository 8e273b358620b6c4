"""Issuing, typesetting, seeing and verifying letters."""

from __future__ import annotations

import io
import threading
from datetime import date
from types import MappingProxyType

import pytest
from django.db import connection
from pypdf import PdfReader

from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import ANONYMOUS, Actor, Scope
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.layouts import actions as layouts
from tongban.foundation.layouts.errors import TypesettingFailed
from tongban.foundation.layouts.queries import judge_pdf
from tongban.foundation.letters.actions import issue_letter, load_templates, packaged, pdf_of, source_of, typeset
from tongban.foundation.letters.errors import LetterNotFound, TemplateNotFound
from tongban.foundation.letters.models import Letter, LetterTemplate
from tongban.foundation.letters.queries import answers_wanted_by, letter_by_code, letter_for, letters_about
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.seals.actions import suspend_seal
from tongban.foundation.seals.tests.factories import SETTER_UP, make_used_seal
from tongban.foundation.trust.errors import KeyStoreAway

MARCH = date(2026, 3, 1)
CLERK = Actor(kind="staff", account_id=uuid7())
CODES = (
    "receipt acceptance correction not_accepted special extension grant refusal delivery closing withdrawal termination "
    "transfer licence one_time_notice"
).split()


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


def issue(department, template="grant", on=MARCH, owner=None, own="", **data):
    return issue_letter(
        actor=CLERK,
        template_code=template,
        department_id=department.pk,
        subject="case:1",
        owner_id=owner,
        data=data,
        on=on,
        own=own,
    )


@pytest.fixture
def health(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_department("区卫健局", name="广安市广安区卫生健康局")


def test_numbers_have_no_gaps_and_run_by_kind_and_year(health):
    numbers = [
        issue(health, abbreviation="广卫").number,
        issue(health, abbreviation="广卫").number,
        issue(health, "refusal", abbreviation="广卫").number,
        issue(health, abbreviation="广卫", on=date(2027, 1, 4)).number,
    ]
    assert numbers == [
        "广卫准决字〔2026〕第1号",
        "广卫准决字〔2026〕第2号",
        "广卫不准决字〔2026〕第1号",
        "广卫准决字〔2027〕第1号",
    ]
    assert Fact.objects.filter(name="letters.issued").count() == 4


def test_a_letter_that_was_not_issued_after_all_leaves_no_gap(health):
    class Stopped(Exception):
        pass

    def issue_and_stop():
        from django.db import transaction

        with transaction.atomic():
            issue(health)
            raise Stopped

    with pytest.raises(Stopped):
        issue_and_stop()
    assert issue(health).serial == 1


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once_get_two_numbers(settings, tmp_path):
    load_templates()
    department = make_department("区民政局")
    serials = []

    def one():
        serials.append(issue(department).serial)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(serials) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("code", CODES)
def test_every_template_can_be_set_with_nothing_but_a_name(code):
    pdf = typeset(packaged(code)["source"], {"title": "文书", "department": "示例局", "recipient": "张三"})
    assert pdf.startswith(b"%PDF")


def test_a_refusal_names_its_reasons_and_both_ways_to_appeal(health):
    letter = issue(health, "refusal", recipient="王𬭊", reasons=["消毒间与库房共用"], review_body="广安区人民政府")
    text = text_of(pdf_of(letter.pk))
    for words in ("王𬭊", "消毒间与库房共用", "六十日", "六个月", "广安区人民政府", letter.number, letter.verify_code):
        assert words in text


def test_what_people_write_is_text_never_markup(health):
    name = '#panic("x") *粗* $a$ #import "x" 〔 𠅤㛃䶮'
    letter = issue(health, recipient=name)
    assert name.replace(" ", "") in text_of(pdf_of(letter.pk))


def test_a_template_can_read_no_file_of_the_machine():
    with pytest.raises(TypesettingFailed):
        typeset('#read("/etc/passwd")', {})


def test_the_pdf_is_kept_and_stays_what_it_was(health):
    letter = issue(health, recipient="张三")
    first = pdf_of(letter.pk)
    LetterTemplate.objects.update(content={"title": "x", "kind": "x", "source": "changed"})
    assert pdf_of(letter.pk) == first
    assert Letter.objects.get(pk=letter.pk).file_sm3


def test_a_changed_text_is_the_next_version_and_old_letters_keep_theirs(health):
    letter = issue(health)
    LetterTemplate.objects.filter(code="grant").update(digest="older")
    assert load_templates() == 1
    assert LetterTemplate.objects.filter(code="grant").count() == 2
    assert letter.template.version == 1
    assert issue(health, on=date(2100, 1, 1)).template.version == 2


def test_there_is_no_letter_without_a_template(health):
    with pytest.raises(TemplateNotFound):
        issue(health, "love_letter")


def test_only_those_concerned_see_a_letter(health, django_assert_num_queries):
    owner = uuid7()
    letter = issue(health, owner=owner)

    def holder(scope, **fields):
        return Actor(kind=fields.pop("kind", "staff"), grants=MappingProxyType({"cases.see": scope}), **fields)

    applicant = holder(Scope.OWN, kind="person", person_id=owner)
    colleague = holder(Scope.DEPARTMENT, department_id=health.pk)
    supervisor = holder(Scope.DIVISION, division="511602000000")
    for actor in (applicant, colleague, supervisor):
        with django_assert_num_queries(1):
            assert letter_for(actor, letter.pk) == letter
        assert letters_about(actor, "case:1") == [letter]
    stranger = holder(Scope.OWN, kind="person", person_id=uuid7())
    elsewhere = holder(Scope.DIVISION, division="511603000000")
    for actor in (stranger, elsewhere, holder(Scope.DEPARTMENT, department_id=uuid7()), ANONYMOUS):
        with pytest.raises(LetterNotFound):
            letter_for(actor, letter.pk)
        assert letters_about(actor, "case:1") == []


def test_whoever_holds_the_paper_may_verify_it_but_learns_no_name(health, client):
    letter = issue(health, recipient="张三丰")
    page = client.get(f"/letters/verify/{letter.verify_code}/")
    assert page.status_code == 200
    assert letter.number in page.content.decode()
    assert "张三丰" not in page.content.decode()
    assert letter_by_code(letter.verify_code.lower()) == letter
    assert client.get("/letters/verify/NOSUCHCODE22/").status_code == 404


def test_a_stranger_is_sent_to_sign_in(health, client):
    letter = issue(health)
    assert client.get(f"/letters/{letter.pk}.pdf").status_code == 302


@pytest.mark.parametrize("code", CODES)
def test_one_text_may_stand_where_several_may(code):
    keys = ("reasons", "basis", "conditions", "documents", "waived", "steps", "places")
    pdf = typeset(
        packaged(code)["source"], dict.fromkeys(keys, "只有一条") | {"department": "示例局", "licence_no": ""}
    )
    assert pdf.startswith(b"%PDF")


def test_a_licence_names_its_holder_even_without_fields(health):
    letter = issue(
        health, "licence", recipient="王𬭊", licence_name="卫生许可证", licence_no="", item_name="公共场所卫生许可"
    )
    text = text_of(pdf_of(letter.pk))
    for words in ("卫生许可证", "王𬭊", "公共场所卫生许可", letter.number, "示例"):
        assert words in text


def own_template(department, code="health-grant", step="grant"):
    content = {"title": "卫生许可决定书", "kind": "卫准", "step": step, "blocks": [
        {"type": "text", "text": "经营地址：【表单：经营地址】"}, {"type": "sign"}]}  # fmt: skip
    content["source"] = source_of(code, content)
    return LetterTemplate.objects.create(
        code=code, department=department, version=1, status="published", effective_on=date(2026, 1, 1), content=content
    )


def test_a_department_may_send_a_letter_of_its_own_making(health):
    own_template(health)
    letter = issue(health, own="health-grant", answers={"经营地址": "渠江北路1号"}, abbreviation="广卫")
    assert letter.number == "广卫卫准字〔2026〕第1号"
    assert "渠江北路1号" in text_of(pdf_of(letter.pk))
    assert answers_wanted_by("health-grant", MARCH) == {"经营地址"}


@pytest.mark.parametrize("case", ["another department's", "of another step", "not there", "not yet in force"])
def test_where_its_own_does_not_fit_the_standard_letter_is_sent(health, case):
    other = make_department("区教育局", name="广安市广安区教育局")
    if case != "not there":
        own_template(other if case == "another department's" else health, step="refusal" if "step" in case else "grant")
    if case == "not yet in force":
        LetterTemplate.objects.filter(code="health-grant").update(effective_on=date(2026, 12, 1))
    assert issue(health, own="health-grant").template.code == "grant"


def test_a_letter_bears_the_departments_registered_seal(health):
    seal = make_used_seal(health)
    letter = issue(health)
    pdf = pdf_of(letter.pk)
    judged = judge_pdf(pdf)
    assert judged.genuine, judged
    assert ([one.name for one in judged.signers], judged.identifier) == ([str(seal)], letter.verify_code)
    assert "示例印章" not in text_of(pdf)
    suspend_seal(actor=SETTER_UP, seal_id=seal.pk, reason="更换保管人")
    assert pdf_of(letter.pk) == pdf  # kept
    assert judge_pdf(pdf_of(issue(health).pk)).signers == []  # from now on as without a seal


def test_a_letter_is_given_unsealed_while_the_key_store_is_away_and_sealed_later(health, monkeypatch):
    make_used_seal(health)
    letter = issue(health)

    def away(**_given):
        raise KeyStoreAway

    with monkeypatch.context() as patch:
        patch.setattr(layouts, "sealed_pdf", away)
        assert judge_pdf(pdf_of(letter.pk)).signers == []
    assert judge_pdf(pdf_of(letter.pk)).genuine


def test_a_letter_whose_template_is_older_than_seals_is_drawn_as_before(health):
    make_used_seal(health)
    letter = issue(health)
    template = letter.template
    LetterTemplate.objects.filter(pk=template.pk).update(
        content=template.content | {"source": template.content["source"].replace("<seal-place>", "")}
    )
    assert judge_pdf(pdf_of(letter.pk)).signers == []
