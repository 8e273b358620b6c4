"""免提交 by a company: its legal representative's own licence, with his consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.foundation.identity.actions import grant_mandate
from tongban.foundation.identity.models import Company, Person
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.tests.factories import citizen, company_actor, make_person
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.services.cases.actions import Applicant, begin_at_counter, submit, take_licences
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.queries import stand_ins_of
from tongban.services.items.tests.factories import a_definition
from tongban.services.licences.actions.using import keys_of
from tongban.services.licences.models import Use
from tongban.services.licences.tests.factories import make_grant, make_licence, make_type

from .factories import Office, make_office
from .test_by_licence import PLAN, a_draft, of_identity, sent
from .test_submit import application, system
from .visitors import visited


@pytest.fixture
def office(db: None) -> Office:
    materials = a_definition()["materials"]
    materials[2] |= {"licence_types": [make_type().code], "waive": ["1", "2"], "of_legal_person": True}
    return make_office(code="by-companies", catalog_code="000123009002", materials=materials)


def test_a_company_uses_what_is_its_legal_persons_while_he_acts_for_it(office: Office) -> None:
    boss = company_actor()
    licence = make_licence(holder=citizen(Person.objects.get(pk=boss.person_id)))
    row = of_identity(sent(boss, a_draft(office, boss)))
    assert (row.way, row.licence_id) == ("5", licence.pk)
    use = Use.objects.get()
    assert (use.holder_id, use.ground) == (boss.person_id, "法定代表人本人代表单位申请")


def test_an_agent_needs_the_legal_persons_permission_for_the_whole_of_it(office: Office) -> None:
    boss = company_actor()
    himself = citizen(Person.objects.get(pk=boss.person_id))
    licence = make_licence(holder=himself)
    agent = an_agent(boss)
    draft = a_draft(office, boss)
    take_licences(actor=boss, draft_id=draft.pk, materials=office.version.content["materials"])
    department = office.department.pk
    make_grant(himself, licence, department)
    with pytest.raises(CaseRefused) as refusal:
        sent(agent, draft)
    assert "要由他本人登录单位账号申请" in str(refusal.value.reasons[0].text)
    grant = make_grant(himself, licence, department, fields=keys_of(licence))
    case = sent(agent, draft)
    assert of_identity(case).licence_id == licence.pk
    assert Use.objects.get().ground == "持证人授权"
    grant.refresh_from_db()
    assert grant.used_at, "it was for once"
    with pytest.raises(CaseRefused):
        sent(agent, a_draft(office, agent))


def test_at_the_counter_it_is_whoever_stands_there(office: Office) -> None:
    boss = company_actor()
    human, company = Person.objects.get(pk=boss.person_id), Company.objects.get(pk=boss.company_id)
    make_licence(holder=citizen(human))
    code = office.version.content["code"]
    materials = office.version.content["materials"]
    agent = an_agent(boss)
    for who, stands in ((human, True), (Person.objects.get(pk=agent.person_id), False)):
        visit = visited(office.clerk, who, company)
        draft = begin_at_counter(actor=office.clerk, visit_id=visit.pk, item_code=code)
        assert bool(stand_ins_of(draft, materials, office.clerk)) is stands


def test_a_system_that_names_a_company_has_seen_nobody(office: Office) -> None:
    boss = company_actor()
    make_licence(holder=citizen(Person.objects.get(pk=boss.person_id)))
    company = Company.objects.get(pk=boss.company_id)
    applicant = Applicant("company", company.name, company.uscc)
    with pytest.raises(CaseRefused):
        submit(actor=system(office), payload=application(office, materials=PLAN, applicant=applicant))


def an_agent(boss: Actor) -> Actor:
    """Somebody whom the legal representative lets act for the company."""
    human = make_person(name="赵敏")
    grant_mandate(
        actor=boss,
        company_id=boss.company_id,
        name=human.name,
        id_number=human.id_number,
        items=[],
        until_on=today() + timedelta(days=30),
    )
    return actor_of(human.account, f"company:{boss.company_id}")
