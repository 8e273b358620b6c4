"""The API of applications and cases: shape, who may enter, and that nothing is done twice."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tongban.foundation.attempts.rules import Limit
from tongban.foundation.identity.actions import issue_system_key
from tongban.foundation.identity.tests.factories import citizen, id_number, officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.kept import forget_kept
from tongban.services.cases.models import Case, Draft, Signature

from .factories import ANSWERS, Office, make_case, make_corrected, make_decided, make_draft, make_office

pytestmark = pytest.mark.django_db
SCOPES = ["cases.apply", "cases.see", "cases.receive", "cases.accept", "cases.correct", "files.see"]


class Caller:
    """A department's own system."""

    def __init__(self, office: Office, scopes: list[str] = SCOPES) -> None:
        rights = installer("identity.manage_rights")
        self.key = issue_system_key(actor=rights, department_id=office.department.pk, name="业务系统", scopes=scopes)[1]
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"authorization": f"Bearer {self.key}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", headers=sent, **data)

    def apply(self, key: str = "k1", **changes: Any) -> Any:
        return self.call("post", "/applications", application(**changes), idempotency_key=key)


def application(**changes: Any) -> dict[str, Any]:
    return {
        "item_code": "venue-permit",
        "situation": {"venue": "hotel"},
        "form": ANSWERS,
        "materials": [
            {"material_key": "plan", "get_type": "1"},
            {"material_key": "identity", "get_type": "7", "waive_mode": "1"},
        ],
        "applyer_type": "1",
        "applyer_name": "李华",
        "applyer_page_code": id_number(7),
        "contact_mobile": "13800000007",
    } | changes


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def system(office: Office) -> Caller:
    return Caller(office)


def test_an_application_is_taken_in_once(system: Caller) -> None:
    first, again = system.apply(), system.apply()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["project_no"] == again.json()["project_no"]
    assert (first.json()["replayed"], again.json()["replayed"]) == (False, True)
    assert first.headers["Location"] == f"/api/v1/cases/{first.json()['project_no']}"
    assert Case.objects.get().channel == "api"


def test_the_same_key_with_another_body_is_a_conflict(system: Caller) -> None:
    system.apply()
    answer = system.apply(form={"name": "另一家"})
    assert (answer.status_code, answer.json()["code"]) == (409, "cases.key_reused")


def test_every_reason_comes_with_its_field(system: Caller) -> None:
    answer = system.apply(form={}, materials=[], applyer_page_code=id_number(8))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json; charset=utf-8")
    assert {reason["field"] for reason in answer.json()["reasons"]} == {"name", "materials.plan", "materials.identity"}
    assert all(reason["text"] for reason in answer.json()["reasons"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "api.bad_request"),
        ("[]", 422, "api.bad_shape"),
        ('{"item_code": 5}', 422, "api.bad_shape"),
        (json.dumps({"item_code": "x" * 200}), 422, "api.bad_shape"),
        (json.dumps(application(item_code="nothing")), 404, "items.not_found"),
        (json.dumps(application(materials=[{"material_key": "plan", "get_type": "9"}])), 422, "api.bad_shape"),
        (json.dumps(application(form={"name": "\u0000名"})), 400, "api.bad_request"),
        (json.dumps(application(form={"name": "名" * 100_000})), 422, "cases.refused"),
    ],
    ids=["broken", "a list", "a number", "too long", "no such item", "no such way", "a null character", "far too long"],
)
def test_bad_bodies_are_told_never_a_500(system: Caller, body: str, status: int, code: str) -> None:
    headers = {"authorization": f"Bearer {system.key}", "idempotency-key": "k"}
    answer = system.client.post("/api/v1/applications", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_create_without_a_key_is_told(system: Caller) -> None:
    answer = system.call("post", "/applications", application())
    assert (answer.status_code, answer.json()["code"]) == (400, "cases.key_missing")


def test_a_wrong_system_key_is_told(office: Office) -> None:
    answer = Client().get("/api/v1/cases", headers={"authorization": "Bearer tb_wrong"})
    assert (answer.status_code, answer.json()["code"], answer.headers["WWW-Authenticate"]) == (
        401,
        "api.wrong_key",
        "Bearer",
    )


def test_a_session_needs_the_csrf_token_to_change_anything(office: Office) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), citizen())
    assert client.get("/api/v1/cases").status_code == 200
    answer = client.post("/api/v1/drafts", json.dumps({"item_code": "venue-permit"}), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "api.csrf")
    assert Draft.objects.count() == 0


def test_a_system_sees_the_cases_of_its_department_alone(office: Office, system: Caller) -> None:
    number = system.apply().json()["project_no"]
    other = Caller(make_office(code="other", department="区市监局", catalog_code="000123009001"))
    assert system.call("get", f"/cases/{number}").json()["state"] == "submitted"
    assert other.call("get", f"/cases/{number}").status_code == 404
    assert [case["project_no"] for case in system.call("get", "/cases").json()["items"]] == [number]
    assert other.call("get", "/cases").json()["items"] == []


def test_a_citizen_follows_his_own_case(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    client, stranger = sign_in(Client(), applicant), sign_in(Client(), citizen())
    told = client.get(f"/api/v1/cases/{case.project_no}").json()
    assert (told["state"], told["result_type"], told["promise_date"]) == ("submitted", None, None)
    events = client.get(f"/api/v1/cases/{case.project_no}/timeline").json()
    assert [event["is_now"] for event in events] == [False, True]
    assert events[-1]["until"] == case.urgent_on.isoformat()
    assert stranger.get(f"/api/v1/cases/{case.project_no}").status_code == 404


def test_who_signed_what_is_told_with_the_check_of_it(office: Office, system: Caller) -> None:
    applicant = citizen()
    case = make_decided(office, applicant)
    client, stranger = sign_in(Client(), applicant), sign_in(Client(), citizen())
    path = f"/api/v1/cases/{case.project_no}/signatures"
    own = client.get(path).json()
    assert [(one["event_name"], one["way"], one["valid"]) for one in own] == [
        ("submit", "own", True), ("accept", "own", True), ("decide", "own", True)
    ]  # fmt: skip
    first = own[0]
    assert (first["digest"], first["algorithms"]) == (Signature.objects.get(case=case, verb="submit").digest, ["sm2"])
    assert first["certificate_serial"]
    assert all(step["ok"] for step in first["steps"])
    seen = system.call("get", f"/cases/{case.project_no}/signatures").json()
    assert [one["event_name"] for one in seen] == ["submit", "accept", "review", "decide"]
    assert "text" not in seen[0]
    assert stranger.get(path).status_code == 404


def test_a_system_takes_the_steps_it_has_the_right_to(office: Office, system: Caller) -> None:
    number = system.apply().json()["project_no"]
    assert system.call("post", f"/cases/{number}/receipt").json()["state"] == "received"
    assert system.call("post", f"/cases/{number}/acceptance", {}).json()["state"] == "accepted"
    again = system.call("post", f"/cases/{number}/acceptance", {})
    assert (again.status_code, again.json()["code"]) == (409, "cases.step_refused")
    assert [reason["code"] for reason in again.json()["reasons"]] == ["cases.wrong_state"]
    answer = system.call("post", f"/cases/{number}/decision", {"result": "granted"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_correction_is_supplied_through_the_api(office: Office) -> None:
    applicant = citizen()
    case = make_corrected(office, applicant)
    client = sign_in(Client(), applicant)
    body = {"materials": [{"material_key": "plan", "get_type": "1"}]}
    answer = client.post(
        f"/api/v1/cases/{case.project_no}/materials", json.dumps(body), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "received")


def test_a_draft_is_begun_once_and_submitted_once(office: Office) -> None:
    client = sign_in(Client(), citizen())
    body, headers = json.dumps({"item_code": "venue-permit", "form": ANSWERS}), {"idempotency-key": "d1"}
    one, other = (
        client.post("/api/v1/drafts", body, content_type="application/json", headers=headers).json() for _ in range(2)
    )
    assert one["id"] == other["id"]
    path = f"/api/v1/drafts/{one['id']}"
    patched = client.patch(
        path, json.dumps({"situation": {"venue": "hotel"}, "revision": 1}), content_type="application/json"
    )
    assert patched.json()["form"] == ANSWERS
    stale = client.patch(path, json.dumps({"form": {}, "revision": 1}), content_type="application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "cases.draft_moved")
    for key, rows in {"plan": [{"get_type": "1"}], "identity": [{"get_type": "7", "waive_mode": "1"}]}.items():
        given = [{"material_key": key, **row} for row in rows]
        assert (
            client.put(f"{path}/materials/{key}", json.dumps(given), content_type="application/json").status_code == 200
        )
    sent = [client.post(f"{path}/submission") for _ in range(2)]
    assert [answer.status_code for answer in sent] == [201, 200]
    assert len({answer.json()["project_no"] for answer in sent}) == 1


def test_a_file_is_uploaded_once_and_handed_in(system: Caller) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "PNG")
    png = picture.getvalue()
    headers = {"authorization": f"Bearer {system.key}", "idempotency-key": "f1"}
    answers = [
        system.client.post("/api/v1/files", {"file": SimpleUploadedFile("图.png", png, "image/png")}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    file_id = answers[0].json()["id"]
    assert file_id == answers[1].json()["id"]
    materials = [{"material_key": "plan", "get_type": "2", "file_id": file_id}, application()["materials"][1]]
    assert system.apply(materials=materials).status_code == 201
    assert str(Case.objects.get().materials.get(key="plan").file_id) == file_id


def test_somebody_elses_file_cannot_be_handed_in(system: Caller) -> None:
    unknown = "01a1fd04-d0df-73c1-b0ba-f84bc1f56569"
    materials = [{"material_key": "plan", "get_type": "2", "file_id": unknown}, application()["materials"][1]]
    answer = system.apply(materials=materials)
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["cases.file_unknown"]


def test_answers_say_what_is_left_and_whether_one_has_them(office: Office, system: Caller, settings) -> None:
    number = system.apply().json()["project_no"]
    first = system.call("get", f"/cases/{number}")
    again = system.call("get", f"/cases/{number}", if_none_match=first.headers["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert int(again.headers["RateLimit-Remaining"]) == int(first.headers["RateLimit-Remaining"]) - 1
    forget_kept()  # as another process would: the limit is one for all
    settings.LIMITS = settings.LIMITS | {"api.system": Limit(3, 60, "")}
    answer = system.call("get", f"/cases/{number}")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer.headers["Retry-After"]) <= 60


def test_lists_are_paged_by_cursor(office: Office, system: Caller) -> None:
    numbers = [make_case(office).project_no for _ in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        page = system.call("get", f"/cases?size=2&cursor={cursor}").json()
        seen += [case["project_no"] for case in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(numbers)
    assert cursor == ""
    assert system.call("get", "/cases?cursor=nonsense").status_code == 422


def test_staff_may_use_the_api_with_their_session(office: Office) -> None:
    case = make_case(office)
    client = sign_in(Client(), officer("clerk", department=office.department))
    assert client.get(f"/api/v1/cases/{case.project_no}").json()["applyer_name"] == case.applicant_name
    assert make_draft(office).pk
