"""Licences by the API: sent once however often, acted upon by their issuer, looked at with purpose and case."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import issue_system_key
from tongban.foundation.identity.tests.factories import citizen, id_number, officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.organisations.models import Department
from tongban.services.licences.actions import show_code
from tongban.services.licences.models import Licence, Sent, Use
from tongban.services.licences.queries import my_licences

from .factories import VALUES, holder_of, make_grant, make_licence, make_type

pytestmark = pytest.mark.django_db
SCOPES = ["licences.see", "licences.gather", "licences.manage", "licences.look"]


class Caller:
    """A department's own system."""

    def __init__(self, department_id=None, scopes=SCOPES):
        self.department_id = department_id or officer("approver").department_id
        guard = installer("identity.manage_rights")
        self.key = issue_system_key(actor=guard, department_id=self.department_id, name="业务系统", scopes=scopes)[1]

    def get(self, path):
        return Client().get(f"/api/v1{path}", headers={"authorization": f"Bearer {self.key}"})

    def post(self, path, body, key="k1"):
        headers = {"authorization": f"Bearer {self.key}"} | ({"Idempotency-Key": key} if key else {})
        return Client().post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)


def body(**changes):
    return {
        "certificate_type_code": make_type().code, "certificate_number": "JY15116020001",
        "certificate_holder_type_code": "111", "certificate_holder_code": id_number(9), "certificate_holder_name": "李华",
        "certificate_issued_date": "2026-03-01", "fields": VALUES,
    } | changes  # fmt: skip


def test_a_licence_is_sent_once_however_often():
    caller, sent = Caller(), body()
    answer = caller.post("/licences", sent)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    licence = Licence.objects.get()
    assert (told["certificate_identifier"], told["status"], told["replayed"]) == (licence.identifier, "valid", False)
    assert (licence.source, licence.number, str(licence.issued_on)) == ("system", "JY15116020001", "2026-03-01")
    assert (str(licence.valid_until), licence.issuer_id) == ("2031-02-28", caller.department_id)
    again = caller.post("/licences", sent)
    assert (again.status_code, again.json()["replayed"]) == (200, True)
    assert caller.post("/licences", sent | {"certificate_holder_name": "王芳"}).json()["code"] == "licences.key_reused"
    taken = caller.post("/licences", sent, key="k2")
    assert (taken.status_code, taken.json()["code"]) == (409, "licences.already_there")
    assert licence.identifier in taken.json()["detail"]
    assert licence.identifier not in Caller().post("/licences", sent).json()["detail"]
    assert (Licence.objects.count(), Fact.objects.filter(name="licences.received").count()) == (1, 1)


def test_its_holder_and_its_issuer_fetch_it_with_its_proof(client):
    holder, caller = citizen(), Caller()
    licence = make_licence(
        issuer=officer("approver", department=Department.objects.get(pk=caller.department_id)), holder=holder
    )
    here = f"/api/v1/licences/{licence.identifier}"
    for told in (sign_in(client, holder).get(here), caller.get(f"/licences/{licence.identifier}")):
        assert (told.status_code, told.json()["record"], told.json()["signatures"]) == (
            200,
            licence.record,
            licence.signatures,
        )
    use = Use.objects.get()
    assert (use.way, use.department_id) == ("issuer", caller.department_id), "the holder reads who looked"
    assert sign_in(client, citizen()).get(here).status_code == 404
    assert client.get(f"{here}/files/pdf").status_code == 404
    assert sign_in(client, holder).get(f"{here}/files/pdf").json()["code"] == "licences.layout_waiting", (
        "there is no seal yet"
    )
    assert client.get(f"{here}/files/exe").status_code == 422


def test_every_fault_is_told_at_once():
    wrong = body(
        certificate_number=" ", certificate_holder_code="123", certificate_issued_date="2099-01-01",
        certificate_expiring_date="2020-01-01", fields={"scope": "飞机", "colour": "红"},
    )  # fmt: skip
    answer = Caller().post("/licences", wrong)
    assert answer.status_code == 422
    assert {reason["field"] for reason in answer.json()["reasons"]} == {
        "certificate_number", "certificate_holder_code", "certificate_issued_date", "certificate_expiring_date",
        "fields.business_name", "fields.scope", "fields.colour",
    }  # fmt: skip
    assert not Licence.objects.exists()
    assert not Sent.objects.exists()


def test_without_a_key_or_a_right_nothing_is_taken():
    assert Caller().post("/licences", body(), key="").json()["code"] == "licences.key_missing"
    assert Caller(scopes=["licences.look"]).post("/licences", body()).status_code == 403
    assert Caller().post("/licences", body(certificate_type_code="none")).status_code == 404
    assert Client().post("/api/v1/licences", "{}", content_type="application/json").status_code == 401


def test_the_holder_finds_what_was_sent_of_him():
    person = citizen()
    holder = holder_of(person)
    Caller().post("/licences", body(certificate_holder_code=holder.number, certificate_holder_name=holder.name))
    assert [row.number for row in my_licences(person)] == ["JY15116020001"]


def test_what_becomes_of_it_is_said_by_its_issuer_and_once():
    caller = Caller()
    identifier = caller.post("/licences", body()).json()["certificate_identifier"]
    place = f"/licences/{identifier}/acts"
    assert caller.post(place, {"act": "suspend", "reason": "检查"}, key="a").status_code == 422
    asked = {"act": "suspend", "reason": "检查不合格", "document": "3号"}
    assert caller.post(place, asked, key="a").json()["status"] == "suspended"
    assert caller.post(place, asked, key="a").json()["replayed"] is True
    assert caller.post(place, asked, key="b").status_code == 409
    assert caller.post(place, {"act": "restore", "reason": "已整改"}, key="c").json()["status"] == "valid"
    changed = caller.post(place, {"act": "change", "reason": "迁址", "fields": {"address": "广安区厚街1号"}}, key="d")
    assert (changed.json()["version"], changed.json()["certificate_identifier"] != identifier) == (2, True)
    assert caller.post(place, {"act": "fly"}, key="e").status_code == 422
    assert Caller().post(place, asked, key="f").status_code == 404
    assert caller.post("/licences/1.2.3/acts", asked, key="g").status_code == 404


def test_looking_needs_the_code_or_a_ground():
    holder, caller = citizen(), Caller(scopes=["licences.look"])
    licence = make_licence(holder=holder)
    told = {"purpose": "核对", "case_no": "1"}
    number = {"certificate_holder_code": str(licence.holder_number), "certificate_type_code": licence.type_code}
    assert caller.post("/licences/look", {}).status_code == 422
    assert caller.post("/licences/look", told | number, key="").json()["code"] == "licences.key_missing"
    for _twice in range(2):
        assert caller.post("/licences/look", told | number).json()["code"] == "licences.no_consent"
    assert Use.objects.filter(given=False).count() == 1
    assert caller.post("/licences/look", told | number | {"certificate_type_code": "x"}, key="x").status_code == 404
    code, _until = show_code(actor=holder, licence_id=licence.pk)
    seen = caller.post("/licences/look", told | {"code": code}, key="k2").json()
    assert (seen["way"], seen["fields"], seen["certificate_holder_name"]) == ("code", VALUES, "李华")
    assert caller.post("/licences/look", told | {"code": code}, key="k3").json()["code"] == "licences.code_spent"
    assert caller.post("/licences/look", told | {"code": code}, key="k2").json() == seen
    assert caller.post("/licences/look", told | {"code": "1"}, key="k2").json()["code"] == "licences.key_reused"
    assert Use.objects.filter(given=True).count() == 1
    with time_machine.travel(now() + timedelta(minutes=11)):
        late = caller.post("/licences/look", told | {"code": code}, key="k2")
    assert (late.status_code, late.json()["code"]) == (409, "licences.look_spent")
    assert str(licence.holder_number) not in str(list(Sent.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_two_looks_with_one_key_at_once_are_one():
    holder, caller = citizen(), Caller(scopes=["licences.look"])
    licence = make_licence(holder=holder)
    make_grant(holder, licence, caller.department_id)
    asked = {
        "purpose": "核对", "case_no": "1", "certificate_holder_code": str(licence.holder_number),
        "certificate_type_code": licence.type_code,
    }  # fmt: skip

    def alone(_number: int) -> str:
        try:
            return caller.post("/licences/look", asked).json().get("way")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(alone, range(4))) == {"grant"}
    assert Use.objects.count() == 1
