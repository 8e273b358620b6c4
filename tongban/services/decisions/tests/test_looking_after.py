"""The switch, the sample, the replay, and who may see what."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tongban.foundation.audit.queries import facts_about
from tongban.foundation.drafting.actions import edit
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.canonical import canonical
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.notifications.actions import load_templates
from tongban.foundation.notifications.models import Message
from tongban.services.decisions.actions import (
    answer_check,
    ask_person,
    consider,
    correct_check,
    draw_checks,
    give_back,
    halt,
    hand_in,
    lift,
    publish,
    write_rules,
)
from tongban.services.decisions.errors import AlreadyHalted, CheckAnswered, CheckRefused, HaltRefused, RulesRefused
from tongban.services.decisions.models import Decided, HumanCheck
from tongban.services.decisions.queries import board, checks_for, explained, explained_one, replay, rule_set_in_force
from tongban.services.items.tests.factories import make_item

from .factories import application, deliver_credit, make_rules, register, rules

pytestmark = pytest.mark.django_db


class Office:
    def __init__(self):
        load_templates()
        deliver_credit()
        self.version = make_item()
        self.item = self.version.item
        self.department = self.item.department
        self.approver, self.head, self.manager, self.colleague = (
            officer(role, department=self.department)
            for role in ("approver", "dept_head", "item_manager", "item_manager")
        )

    def with_rules(self):
        make_rules(self.department, item_code=self.item.code)
        return self

    def considered(self, **changes):
        return consider(self.item.code, self.version.content, application(register(), **changes), earlier=[])

    def decided(self, by=None, **changes):
        row = self.considered(**changes).row | {"applicant_id": by.applicant_id if by else None}
        with connection.cursor() as cursor:
            cursor.execute("select decisions_record(%s::jsonb, %s)", [canonical(row).decode(), uuid4()])
            return Decided.objects.get(pk=cursor.fetchone()[0])


def messages_to(recipient_id):
    """The newest first."""
    return list(Message.objects.filter(recipient_id=recipient_id).order_by("-id").values_list("title", flat=True))


@pytest.fixture
def office(db):
    return Office()


def test_halted_at_once_and_lifted_again_both_with_a_reason(office):
    office.with_rules()
    code = office.item.code
    assert office.considered().outcome == "grant"
    made = halt(actor=office.head, item_code=code, reason="登记数据有误，先停用")
    assert office.considered() is None
    with pytest.raises(AlreadyHalted):
        halt(actor=office.head, item_code=code, reason="再停一次")
    lift(actor=office.head, item_code=code, reason="数据已更正")
    assert office.considered().outcome == "grant"
    assert [fact.name for fact in facts_about(installer("audit.see"), f"halt:{made.pk}")] == [
        "decisions.halted",
        "decisions.lifted",
    ]


def test_the_switch_is_not_for_everybody_and_wants_a_reason(office):
    with pytest.raises(NotAllowed):
        halt(actor=office.manager, item_code=office.item.code, reason="不想用了")
    with pytest.raises(NotAllowed):
        halt(actor=officer("approver"), item_code=office.item.code, reason="不想用了")
    with pytest.raises(HaltRefused):
        halt(actor=office.head, item_code=office.item.code, reason=" ")
    with pytest.raises(NotFound):
        halt(actor=office.head, item_code="nothing", reason="原因")


def test_a_recorded_decision_comes_out_the_same_again(office):
    one = office.with_rules().decided()
    assert replay(one.pk).same
    call_command("decisions", "replay")


@pytest.mark.parametrize("spoilt", [{"outcome": "person"}, {"grounds": []}, {"digest": "0" * 64}])
def test_a_decision_somebody_altered_is_named(office, spoilt, capsys):
    one = office.with_rules().decided()
    Decided.objects.filter(pk=one.pk).update(**spoilt)
    with pytest.raises(CommandError):
        call_command("decisions", "replay")
    assert str(one.pk) in capsys.readouterr().err


def test_altered_data_does_not_come_out_the_same(office):
    one = office.with_rules().decided()
    one.snapshot["values"]["birth_on"]["value"] = "1950-03-08"
    one.save(update_fields=["snapshot"])
    assert replay(one.pk).differs == ("digest",)


def test_a_share_is_drawn_once(office):
    office.with_rules()
    for _ in range(11):
        office.decided()
    assert draw_checks() == 2  # a tenth, rounded up
    assert draw_checks() == 0
    assert checks_for(office.approver).count() == 2
    assert checks_for(officer("approver")).count() == 0


def test_a_difference_needs_reasons_and_alarms_whoever_may_halt(office):
    office.with_rules().decided()
    draw_checks()
    check = HumanCheck.objects.get()
    with pytest.raises(CheckRefused):
        answer_check(actor=office.approver, check_id=check.pk, answer="differs")
    with pytest.raises(NotAllowed):
        answer_check(actor=office.manager, check_id=check.pk, answer="same")
    answer_check(actor=office.approver, check_id=check.pk, answer="differs", reasons="照片不是本人，应当转人工")
    for told in (office.head, office.approver):
        assert [title[:7] for title in messages_to(told.account_id)] == ["抽检发现不一致"]
    assert messages_to(office.manager.account_id) == []
    (row,) = board(office.head)
    assert (row.differs, row.alarms, row.waiting, row.total) == (1, 1, 0, 1)
    HumanCheck.objects.update(answered_at=now() - timedelta(days=31))
    assert board(office.head)[0].alarms == 0, "no alarm rings for ever"
    with pytest.raises(CheckAnswered):
        answer_check(actor=office.approver, check_id=check.pk, answer="same")


def test_the_applicant_is_told_why_upon_what_and_by_which_rules(office, django_assert_num_queries):
    applicant = citizen()
    one = office.with_rules().decided(applicant)
    with django_assert_num_queries(4):  # the decision, its checks, the item, names of places
        told = explained(applicant, one.case_id)
    assert told.reasons[0]["article"] == "老年人权益保障法第五十三条"
    assert told.rules == []
    seen = {value["label"]: value for value in told.values}
    assert seen["出生日期"]["value"] == "1950-03-07"
    assert seen["出生日期"]["as_of"].isoformat() == "2026-10-31"
    assert seen["老人姓名"]["value"] == "陈*芳"
    assert explained(citizen(), one.case_id) is None


def test_whoever_types_anothers_number_learns_nothing_of_him(office):
    applicant = citizen()
    asking = {"kind": "person", "number": register("李华", birth="19900307"), "name": "李华", "id": None}
    one = office.with_rules().decided(applicant, applicant=asking)
    seen = {value["label"]: value["value"] for value in explained(applicant, one.case_id).values}
    for label in ("登记的姓名", "出生日期", "失信记录"):
        assert seen[label] == "已查询，登记内容只给本人看"
    known = {value["label"]: value["value"] for value in explained_one(office.approver, one.pk).values}
    assert known["出生日期"] == "1950-03-07"


@pytest.mark.parametrize(("answer", "words"), [("same", "有了结果"), ("differs", "应当改变")])
def test_an_applicant_asks_for_a_person_and_is_answered(office, answer, words):
    applicant = citizen()
    one = office.with_rules().decided(applicant)
    draw_checks()
    asked = ask_person(actor=applicant, case_id=one.case_id, words="请再看一次")
    assert ask_person(actor=applicant, case_id=one.case_id) == asked
    assert [check.cause for check in checks_for(office.approver)] == ["asked", "drawn"]
    assert any("请人工复核" in title for title in messages_to(office.approver.account_id))
    with pytest.raises(NotFound):
        ask_person(actor=citizen(), case_id=one.case_id)
    with pytest.raises(CheckRefused):  # he is owed an answer either way
        answer_check(actor=office.approver, check_id=asked.pk, answer=answer)
    answer_check(actor=office.approver, check_id=asked.pk, answer=answer, reasons="核对了户籍和照片，见附注。")
    assert words in messages_to(applicant.person_id)[0]
    assert explained(applicant, one.case_id).asked.answer == answer


def test_the_department_sees_every_value_with_its_source_and_others_nothing(office):
    one = office.with_rules().decided()
    told = explained_one(office.approver, one.pk)
    birth = next(value for value in told.values if value["label"] == "出生日期")
    assert (birth["value"], birth["as_of"]) == ("1950-03-07", date(2026, 10, 31))
    assert next(value for value in told.values if value["label"] == "老人身份证号")["value"].startswith("511****")
    assert [rule["decisive"] for rule in told.rules] == [False, True]
    for stranger in (officer("approver"), citizen()):
        with pytest.raises(NotFound):
            explained_one(stranger, one.pk)


# --- written, reviewed, published --------------------------------------------------------------------------------------


def written(office, content=None):
    draft = write_rules(actor=office.manager, item_code=office.item.code)
    ops = [{"op": "replace", "path": "", "value": content or rules()}]
    edit(actor=office.manager, draft_id=draft.pk, revision=0, ops=ops)
    return draft


def test_rules_are_published_by_somebody_who_did_not_write_them(office):
    made = hand_in(actor=office.manager, draft_id=written(office).pk)
    with pytest.raises(NotAllowed):
        publish(actor=office.manager, rule_set_id=made.pk, effective_on=today())
    with pytest.raises(RulesRefused):
        publish(actor=office.colleague, rule_set_id=made.pk, effective_on=today() - timedelta(days=1))
    publish(actor=office.colleague, rule_set_id=made.pk, effective_on=today())
    assert rule_set_in_force(office.item.code, today()).pk == made.pk
    assert office.considered().outcome == "grant"


def test_rules_with_faults_or_failing_tests_are_not_handed_in(office):
    content = rules()
    content["tests"][0]["expect"] = "person"
    with pytest.raises(RulesRefused) as refusal:
        hand_in(actor=office.manager, draft_id=written(office, content).pk)
    assert [reason.code for reason in refusal.value.reasons] == ["test_differs"]


def test_rules_given_back_go_on_being_written(office):
    made = hand_in(actor=office.manager, draft_id=written(office).pk)
    give_back(actor=office.colleague, rule_set_id=made.pk, reason="年龄应当从65岁起")
    assert hand_in(actor=office.manager, draft_id=made.draft_id).version == 2


def test_a_second_person_corrects_an_answer_all_is_kept_and_the_alarm_follows(client, office):
    office.with_rules().decided()
    draw_checks()
    (check,) = HumanCheck.objects.all()
    second = officer("reviewer", department=office.department)
    with pytest.raises(NotFound):
        correct_check(actor=second, check_id=check.pk, answer="same", reasons="还没有人答过")
    answer_check(actor=office.approver, check_id=check.pk, answer="differs", reasons="登记状态看错了")
    assert [row.alarms for row in board(office.head)] == [1]
    for actor, answer, reasons, refusal in (
        (office.approver, "same", "自己改自己", NotAllowed), (officer("reviewer"), "same", "别的部门", NotAllowed),
        (second, "differs", "和原来一样的", CheckRefused), (second, "same", "", CheckRefused),
    ):  # fmt: skip
        with pytest.raises(refusal):
            correct_check(actor=actor, check_id=check.pk, answer=answer, reasons=reasons)
    page = f"/console/decisions/checks/{check.pk}/"
    sign_in(client, second)
    assert "更正核查结论" in client.get(page).content.decode()
    given = {"correct": "yes", "answer": "same", "reasons": "登记状态正常，系统是对的"}
    assert client.post(page, given).status_code == 302
    check.refresh_from_db()
    assert (check.answer, [one["reasons"] for one in check.earlier]) == ("same", ["登记状态看错了"])
    assert [row.alarms for row in board(office.head)] == [0]
    assert messages_to(office.head.account_id)[0].startswith("核查结论已更正为一致")
    assert client.post(page, given).status_code == 403  # the same page sent twice
    assert "登记状态看错了" in client.get(page).content.decode()
