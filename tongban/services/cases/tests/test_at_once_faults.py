"""What may go wrong between an application and its licence: nothing granted that should not be, nothing granted lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tongban.foundation.identity.tests.factories import citizen, id_number, make_person
from tongban.foundation.kernel.clock import now
from tongban.foundation.letters.models import Letter
from tongban.foundation.trust.actions import key_for
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.foundation.trust.gateways import keyring
from tongban.services.cases.actions import Application, accept, certify, decide, review, submit
from tongban.services.cases.actions.intake import forget_catalogue
from tongban.services.cases.models import Case
from tongban.services.decisions.models import Decided, Halt, Quota, RuleSet
from tongban.services.decisions.queries import forget_rules
from tongban.services.decisions.tests.factories import make_rules
from tongban.services.items.tests.factories import a_definition
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import my_licences
from tongban.services.licences.tests.factories import make_type

from .factories import Office, make_office
from .test_at_once import WAIVED, submitted, the_rules

pytestmark = pytest.mark.django_db
AT_ONCE = 4
FIELDS: list[dict[str, Any]] = [
    {"key": key, "label": label, "type": "text", "required": True}
    for key, label in (("name", "名称"), ("id_number", "身份证号"), ("whose", "姓名"))
]


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """Where tests really commit, the catalogue's stamp begins anew: nothing read under the old one may stand for it."""
    forget_catalogue()
    forget_rules()


def licensing(content: dict[str, Any] | None = None, **result: Any) -> Office:
    """An office whose rules grant 翠屏理发店 at once, with a licence."""
    given = a_definition()
    given["materials"][0]["waive"] = ["4"]
    named = {"licence_type": make_type().code, "licence_fields": {"business_name": "name"}}
    results = [given["results"][0] | named | result]
    changes: dict[str, Any] = {"form": deepcopy(given["form"])} if result else {}
    if result:
        changes["form"]["groups"][0]["fields"] = FIELDS
    office = make_office(materials=given["materials"], results=results, **changes)
    make_rules(office.department, content or the_rules(), item_code=office.version.content["code"])
    return office


def application(**answers: str) -> Application:
    return Application("venue-permit", {"venue": "hotel"}, {"name": "翠屏理发店"} | answers, WAIVED)


def together(act: Callable[[int], Any]) -> list[Any]:
    def alone(number: int) -> Any:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(AT_ONCE)))


# --- keys --------------------------------------------------------------------------------------------------------------


def away(_data: bytes) -> bytes:
    raise KeyStoreAway


@pytest.mark.parametrize("algorithm", ["sm2", "p256"])
def test_keys_away_in_mid_signing_leave_a_persons_matter_and_nothing_half_done(algorithm: str) -> None:
    office = licensing()
    key = key_for(f"department:{office.department.pk}", "licences", algorithm)
    keyring.take_off()
    keyring.hang(replace(key, signer=away))
    case = submitted(office)
    assert (case.state, case.result, case.is_open) == ("submitted", "", True)
    assert not Licence.objects.exists()
    assert not Letter.objects.exists()
    assert "转由工作人员办理" in case.events.get().note
    keyring.take_off()  # the store answers again: people grant what the rules could not
    accept(actor=office.clerk, case_id=case.pk)
    review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    decide(actor=office.approver, case_id=case.pk, result="granted")
    certify(actor=office.clerk, case_id=case.pk)
    assert Licence.objects.get().case_id == case.pk


def test_a_store_that_was_never_there_takes_applications_in_all_the_same(settings, tmp_path) -> None:
    office = licensing()
    settings.KEY_FOLDER = tmp_path / "keys"
    settings.KEY_FOLDER.write_text("no folder")
    assert submitted(office).state == "submitted"
    assert not Licence.objects.exists()


# --- the same again ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_gives_one_licence() -> None:
    licensing()
    applicant = citizen()
    sent = together(lambda _n: submit(actor=applicant, payload=application(), idempotency_key="same"))
    assert len({receipt.case_id for receipt in sent}) == 1
    assert [receipt.is_replay for receipt in sent].count(False) == 1
    assert Licence.objects.get().case_id == sent[0].case_id
    assert Decided.objects.count() == Letter.objects.count() == 1


def with_places() -> dict[str, Any]:
    content = the_rules()
    content["inputs"].append({"key": "left", "label": "名额", "source": "quota", "take": "few", "type": "number"})
    content["tables"][0]["columns"].append({"key": "c2", "input": "left"})
    for row in content["tables"][0]["rows"]:
        row["cells"]["c2"] = "> 0" if row["outcome"] == "grant" else "-"
    return content


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_for_the_last_place_one_has_it_and_nobody_is_lost() -> None:
    licensing(with_places())
    Quota.objects.create(key="few", title="试点", places=1)
    applicants = [citizen() for _ in range(AT_ONCE)]
    sent = together(lambda n: submit(actor=applicants[n], payload=application(), idempotency_key=f"own-{n}"))
    assert len({receipt.case_id for receipt in sent}) == Case.objects.count() == AT_ONCE
    assert Case.objects.filter(result="granted").count() == Licence.objects.count() == 1
    assert Case.objects.filter(state="submitted").count() == AT_ONCE - 1
    assert Quota.objects.get().taken == 1
    Quota.objects.all().delete()


# --- between considering and writing -----------------------------------------------------------------------------------


def halting(number: str, on: date) -> dict[str, Any]:
    """A register during whose answer somebody turns the switch."""
    Halt.objects.get_or_create(
        item_code="venue-permit", lifted_at=None,
        defaults={"department_id": RuleSet.objects.get().department_id, "reason": "核查", "halted_at": now()},
    )  # fmt: skip
    return {"name": {"value": "李华", "source": "人口库", "as_of": str(on)}}


def asking_a_register() -> dict[str, Any]:
    content = the_rules()
    content["inputs"].append(
        {"key": "known", "label": "登记的姓名", "source": "population", "of": "applicant_number", "take": "name",
         "type": "text"}
    )  # fmt: skip
    return content


@pytest.mark.django_db(transaction=True)
def test_halted_after_considering_and_before_writing_goes_to_a_person(settings) -> None:
    settings.DECISION_SOURCES = {"population": f"{__name__}.halting"}
    case = submitted(licensing(asking_a_register()))
    assert (case.state, case.result) == ("submitted", "")
    assert not Licence.objects.exists()
    assert not Decided.objects.exists()
    Halt.objects.all().delete()


# --- whose licence -----------------------------------------------------------------------------------------------------


def test_what_a_child_applies_for_is_the_parents() -> None:
    licensing(licence_holder={"name": "whose", "number": "id_number"})
    mother, daughter = make_person(name="王秀英"), citizen()
    said = application(id_number=mother.id_number, whose="王秀英")
    case = Case.objects.get(pk=submit(actor=daughter, payload=said, idempotency_key="mother").case_id)
    assert case.result == "granted"
    assert [licence.case_id for licence in my_licences(citizen(mother))] == [case.pk]
    assert my_licences(daughter) == []


def test_a_holder_with_a_number_that_is_none_gets_no_licence_but_a_person() -> None:
    licensing(licence_holder={"name": "whose", "number": "id_number"})
    said = application(id_number=id_number()[:-1] + "?", whose="王秀英")
    case = Case.objects.get(pk=submit(actor=citizen(), payload=said, idempotency_key="odd").case_id)
    assert case.state == "submitted"
    assert not Licence.objects.exists()
