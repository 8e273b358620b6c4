"""秒批秒办: an application that rules decide becomes a decided case in the statement that takes it in, or a person's matter."""

from __future__ import annotations

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.audit.queries import verify
from tongban.foundation.clocks.models import Clock
from tongban.foundation.identity.tests.factories import citizen, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.letters.models import Letter
from tongban.foundation.notifications.models import Dispatch, Message
from tongban.services.cases.actions import save_draft, submit, tell_submitted
from tongban.services.cases.models import Case, CaseEvent, Draft
from tongban.services.decisions.models import Decided, Quota, RuleSet
from tongban.services.decisions.tests.factories import ARTICLE, make_rules
from tongban.services.items.tests.factories import a_definition
from tongban.services.licences.models import Licence
from tongban.services.licences.tests.factories import make_type

from .factories import Office, make_office

pytestmark = pytest.mark.django_db

WAIVED = {"plan": [{"way": "7", "waive_mode": "4"}], "identity": [{"way": "7", "waive_mode": "1"}]}


def rows(*outcomes: tuple[str, str]) -> list[dict]:
    return [
        {
            "key": f"r{place}",
            "cells": {"c1": cell},
            "outcome": outcome,
            "article": ARTICLE,
            "sentence": f"{outcome}的理由。",
        }
        for place, (cell, outcome) in enumerate(outcomes)
    ]


def the_rules(**changes) -> dict:
    return {
        "title": "卫生许可证智能审批规则",
        "sample_share": 10,
        "inputs": [{"key": "name", "label": "名称", "source": "answers", "take": "name", "type": "text"}],
        "derived": [],
        "checks": [],
        "tables": [
            {
                "key": "by_name", "title": "按名称", "hit": "first", "columns": [{"key": "c1", "input": "name"}],
                "rows": rows(('"翠屏理发店"', "grant"), ('"坏店"', "refuse"), ("-", "person")),
            }
        ],
        "refusal": {"law": ARTICLE, "appeal": "可以要求由工作人员重新审查。"},
        "tests": [{"name": "一般", "expect": "grant", "values": {"name": "翠屏理发店"}}],
    } | changes  # fmt: skip


@pytest.fixture
def office() -> Office:
    materials = a_definition()["materials"]
    materials[0]["waive"] = ["4"]
    office = make_office(materials=materials)
    make_rules(office.department, the_rules(), item_code=office.version.content["code"])
    return office


def draft_of(office: Office, applicant: Actor, name: str = "翠屏理发店", materials: dict | None = None) -> Draft:
    draft = save_draft(
        actor=applicant,
        item_code=office.version.content["code"],
        situation={"venue": "hotel"},
        answers={"name": name},
    )
    draft.materials = materials or WAIVED
    draft.save()
    return draft


def submitted(office: Office, name: str = "翠屏理发店", applicant: Actor | None = None, **more) -> Case:
    applicant = applicant or citizen()
    materials = more.pop("materials", None)
    receipt = submit(actor=applicant, draft_id=draft_of(office, applicant, name, materials).pk, **more)
    return Case.objects.get(pk=receipt.case_id)


def test_what_the_rules_grant_is_decided_and_delivered_when_it_is_taken_in(office: Office) -> None:
    case = submitted(office)
    assert (case.state, case.result, case.is_open) == ("closed", "granted", False)
    assert case.decision.rule_set_id == RuleSet.objects.get().pk
    assert case.delivery.way == "online"
    assert case.certificate_name == "卫生许可证"
    letter = Letter.objects.get(subject=f"case:{case.pk}")
    assert case.certificate_no == letter.number
    assert letter.project_no == case.project_no
    assert [row.verb for row in CaseEvent.objects.filter(case=case).order_by("id")] == [
        "submit", "accept", "decide", "deliver", "close",
    ]  # fmt: skip
    clocks = Clock.objects.filter(subject=f"case:{case.pk}")
    assert {clock.kind for clock in clocks} == {"acceptance", "decision"}
    assert all(clock.ended_on == clock.started_on for clock in clocks)
    assert Decided.objects.get(case_id=case.pk).outcome == "grant"


def test_its_facts_are_a_chain_like_any_others(office: Office) -> None:
    case = submitted(office)
    facts = Fact.objects.filter(stream=f"case:{case.pk}").order_by("position")
    assert [fact.name.removeprefix("cases.") for fact in facts] == [
        "submitted", "accepted", "decided", "delivered", "closed",
    ]  # fmt: skip
    assert verify() == []


def test_numbers_of_letters_go_on_without_a_gap(office: Office) -> None:
    for _ in range(3):
        submitted(office)
    assert list(Letter.objects.order_by("serial").values_list("serial", flat=True)) == [1, 2, 3]


def test_the_applicant_has_his_message_at_once_and_the_sms_goes_with_the_next_sweep(office: Office) -> None:
    case = submitted(office)
    message = Message.objects.get(subject=f"case:{case.pk}")
    assert "已办好" in message.title
    assert message.body.startswith("您的申请")
    assert {row.state for row in Dispatch.objects.filter(message=message)} == {"waiting"}
    assert tell_submitted() == 1
    assert Message.objects.filter(subject=f"case:{case.pk}").count() == 1, "not told twice"


def test_a_doubt_is_a_persons_matter_with_what_was_found(office: Office) -> None:
    case = submitted(office, "别的店")
    assert (case.state, case.stage_key) == ("submitted", "accept")
    assert Decided.objects.get(case_id=case.pk).outcome == "person"


def test_nothing_is_refused_unless_the_items_law_allows_it(office: Office) -> None:
    case = submitted(office, "坏店")
    assert case.state == "submitted"
    assert Decided.objects.get(case_id=case.pk).outcome == "person"


def test_what_only_a_person_can_look_at_goes_to_a_person(office: Office) -> None:
    case = submitted(office, materials=WAIVED | {"plan": [{"way": "1"}]})
    assert case.state == "submitted"
    assert not Decided.objects.exists()


def test_whoever_wants_a_person_has_one(office: Office) -> None:
    case = submitted(office, by_person=True)
    assert case.state == "submitted"
    assert not Decided.objects.exists()


def test_a_repeat_finds_the_same_case(office: Office) -> None:
    applicant = citizen()
    draft = draft_of(office, applicant)
    first, second = (submit(actor=applicant, draft_id=draft.pk) for _ in range(2))
    assert first.case_id == second.case_id
    assert Decided.objects.count() == Letter.objects.count() == 1


def test_the_last_place_is_given_once(office: Office) -> None:
    content = the_rules()
    content["inputs"].append({"key": "left", "label": "名额", "source": "quota", "take": "few", "type": "number"})
    content["tables"][0]["columns"].append({"key": "c2", "input": "left"})
    for row in content["tables"][0]["rows"]:
        row["cells"]["c2"] = "> 0" if row["outcome"] == "grant" else "-"
    RuleSet.objects.update(content=content)
    Quota.objects.create(key="few", title="试点", places=1)
    assert [submitted(office).result for _ in range(2)] == ["granted", ""]
    assert Quota.objects.get().taken == 1


def test_the_api_tells_the_decision_and_where_the_licence_is_in_its_answer(client) -> None:
    materials = a_definition()["materials"]
    materials[0]["waive"] = ["4"]
    result = a_definition()["results"][0] | {
        "licence_type": make_type().code, "licence_fields": {"business_name": "name"},
    }  # fmt: skip
    office = make_office(materials=materials, results=[result])
    make_rules(office.department, the_rules(), item_code=office.version.content["code"])
    browser = sign_in(client, citizen())

    def sent(name: str, key: str) -> tuple[int, dict | None]:
        given = [{"material_key": key, "get_type": "7", "waive_mode": WAIVED[key][0]["waive_mode"]} for key in WAIVED]
        body = {
            "item_code": "venue-permit",
            "situation": {"venue": "hotel"},
            "form": {"name": name},
            "materials": given,
        }
        headers = {"Idempotency-Key": key}
        answer = browser.post("/api/v1/applications", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()["decision"]

    status, decision = sent("翠屏理发店", "granted")
    assert (status, decision["result"]) == (201, "granted")
    licence = Licence.objects.get()
    assert decision["certificate_identifier"] == licence.identifier
    assert browser.get(decision["certificate"]).json()["record"] == licence.record
    assert sent("翠屏理发店", "granted") == (200, decision), "and to whoever asks again"
    assert sent("别的店", "doubtful") == (201, None)


def test_what_the_rules_read_in_registers_is_a_fact_with_purpose_and_case(office: Office) -> None:
    looking = {"key": "known", "label": "登记的姓名", "source": "population", "take": "name", "type": "text"}
    content = the_rules(inputs=[the_rules()["inputs"][0], looking])
    make_rules(office.department, content, item_code=office.version.content["code"], version=2)
    case = submitted(office)  # nobody of that number is registered: a person decides
    look = Fact.objects.get(name="registries.looked")
    assert look.data == {
        "what": ["population"], "purpose": "decisions.rules", "case_no": f"case:{case.pk}", "own": False,
    }  # fmt: skip
    assert (look.stream, look.person_id) == (f"case:{case.pk}", case.applicant_person_id)
    assert look.department_id == office.department.pk
    assert verify() == []
