"""A register is called otherwise and kept by another department: asked for by one administrator, agreed to by another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from tongban.data.registries import actions, queries
from tongban.data.registries.errors import AmendmentMoved, RegisterRefused
from tongban.data.registries.models import Amendment, Register, RegisterState
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests import factories as people
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, ProofNeeded
from tongban.foundation.kernel.ids import uuid7

from .lake import KEEPER, office

pytestmark = pytest.mark.django_db
HOME = "/console/registers/"


@pytest.fixture
def register() -> Register:
    made = actions.create_register(
        actor=KEEPER, code="aid", title="救助库", personal=True, department_id=office("区民政局").pk
    )
    RegisterState.objects.create(name="aid", source="救助库", as_of=today())
    return made


def asked(register: Register, **more: object) -> Amendment:
    said = {"title": "社会救助对象库", "department_id": office("区人社局").pk, "reason": "机构改革划转"} | more
    return actions.ask_for_amendment(actor=KEEPER, register=register.pk, **said)  # type: ignore[arg-type]


def test_one_asks_and_another_agrees(client: Client, register: Register) -> None:
    first, keeper = people.officer("data_admin"), office("区人社局")
    steward = people.officer("data_steward", department=keeper)
    admin = people.sign_in(client, first)
    with pytest.raises(NotAllowed):
        queries.register_of(steward, "aid")
    typed = {"title": "社会救助对象库", "department": str(keeper.pk), "reason": "机构改革划转"}
    assert admin.post(f"{HOME}aid/amend/", typed | {"reason": ""}).status_code == 422
    made = Amendment.objects.get(pk=admin.post(f"{HOME}aid/amend/", typed).url.split("/")[-2])
    url = f"{HOME}amendments/{made.pk}/"
    page = admin.get(url).content.decode()
    assert "救助库" in page
    assert "等另一位数据平台管理员核对" in page
    assert "不能自己同意" in admin.post(url, {"act": "agree"}).content.decode()
    assert Register.objects.get(pk="aid").title == "救助库"
    second = people.officer("data_admin")
    assert [one.pk for one in queries.amendments_waiting(second)] == [made.pk]
    assert queries.amendments_waiting(first) == []
    other = people.sign_in(client, second)
    assert other.post(url, {"act": "agree"}).status_code == 302
    one = Register.objects.get(pk="aid")
    assert (one.title, one.department_id) == ("社会救助对象库", keeper.pk)
    assert RegisterState.objects.get(pk="aid").source == "社会救助对象库"
    assert queries.register_of(steward, "aid") == one  # it is his department's now
    assert "救助库 → 社会救助对象库" in other.get(f"{HOME}aid/").content.decode()
    fact = Fact.objects.get(name="registries.amended")
    assert (fact.actor_id, fact.data["title_before"], fact.data["department"]) == (
        second.account_id, "救助库", str(keeper.pk),
    )  # fmt: skip
    assert other.post(url, {"act": "agree"}).status_code == 409


def test_what_is_wrong_is_told_all_at_once(register: Register) -> None:
    def refused(**more: object) -> set[str]:
        with pytest.raises(RegisterRefused) as told:
            asked(register, **more)
        return {one.code for one in told.value.reasons}

    assert refused(title="", department_id=None, reason="短") == {"title", "department", "reason"}
    assert refused(department_id=uuid7()) == {"department"}
    assert refused(title=" 救助库 ", department_id=register.department_id) == {"same"}
    asked(register)
    with pytest.raises(AmendmentMoved):
        asked(register, title="别的名称")


def test_it_is_turned_down_with_a_reason_or_taken_back_without(register: Register) -> None:
    made, other = asked(register), people.officer("data_admin")
    with pytest.raises(RegisterRefused):
        actions.turn_down_amendment(actor=other, amendment_id=made.pk)
    assert actions.turn_down_amendment(actor=other, amendment_id=made.pk, reason="还没有发文").state == "refused"
    first = people.officer("data_admin")
    own = actions.ask_for_amendment(
        actor=first, register="aid", title="救助对象库", department_id=register.department_id, reason="名称不准确"
    )
    assert actions.turn_down_amendment(actor=first, amendment_id=own.pk).state == "back"
    register.refresh_from_db()
    assert register.title == "救助库"
    assert Fact.objects.filter(name="registries.amendment_turned_down").count() == 2


def test_nobody_without_the_right_asks_or_agrees_and_agreeing_needs_proof(register: Register) -> None:
    made = asked(register)
    keeper = people.officer("data_steward", department=register.department)
    for act in (
        lambda: actions.ask_for_amendment(
            actor=keeper, register="aid", title="我的库", department_id=register.department_id, reason="试一试看"
        ),
        lambda: actions.agree_to_amendment(actor=keeper, amendment_id=made.pk),
        lambda: actions.turn_down_amendment(actor=keeper, amendment_id=made.pk, reason="不想给别人"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()
    assert queries.amendment(actor=keeper, amendment_id=made.pk) == made
    late = replace(people.officer("data_admin"), proof_is_old=lambda: True)
    with pytest.raises(ProofNeeded):
        actions.agree_to_amendment(actor=late, amendment_id=made.pk)


def test_a_new_register_needs_a_department_that_is_there() -> None:
    with pytest.raises(RegisterRefused) as told:
        actions.draft_register(
            actor=KEEPER, code="gone", title="没有部门的库", personal=False, department_id=uuid7(), key="code", key_title="编号", check=""
        )  # fmt: skip
    assert {one.code for one in told.value.reasons} == {"department"}
