"""What the API will not read, whoever sends it: each was once an answer of 500, or was taken for what it is not."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.identity.actions import issue_system_key
from tongban.foundation.identity.rules import SYSTEM_SCOPES
from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.tests.factories import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> Client:
    guard, owner = installer("identity.manage_rights"), make_department()
    _client, key = issue_system_key(actor=guard, department_id=owner.pk, name="测试", scopes=sorted(SYSTEM_SCOPES))
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {key}"})


UNREADABLE = {
    "NUL": rb'{"item_code": "a\u0000"}',
    "NUL in a name": rb'{"item_code": "a", "form": {"\u0000": 1}}',
    "half a character": rb'{"item_code": "a\ud800"}',
    "half a character, raw": b'{"item_code": "a\xed\xa0\x80"}',
    "no UTF-8": b'{"item_code": "\xff"}',
    "UTF-16": '{"item_code": "a"}'.encode("utf-16"),
    "NaN": b'{"item_code": "a", "form": {"x": NaN}}',
    "beyond all bounds": b'{"item_code": "a", "form": {"x": 1e999}}',
    "a number of 5000 digits": b'{"item_code": "a", "form": {"x": ' + b"9" * 5000 + b"}}",
    "deep": b'{"item_code": "a", "form": {"x": ' + b"[" * 100 + b"]" * 100 + b"}}",
    "deeper than any stack": b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_such_a_body_is_refused(system: Client, body: bytes) -> None:
    answer = system.post("/api/v1/drafts", body, "application/json", headers={"idempotency-key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (400, "api.bad_request")


@pytest.mark.parametrize("body", ["5", '"note"', "[]", "true"])
def test_a_body_that_is_no_object_is_refused_even_where_nothing_is_required(system: Client, body: str) -> None:
    answer = system.post("/api/v1/cases/none/urging", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "api.bad_shape")


@pytest.mark.parametrize("address", ["cases?state=a%00", "cases?state=%00&state=a", "cases/a%00", "items?q=%00"])
def test_a_nul_in_an_address_is_refused(system: Client, address: str) -> None:
    answer = system.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json()["code"]) == (400, "api.bad_request")


def test_a_page_refuses_a_nul_in_every_value_and_name(client: Client) -> None:
    for address in ("/items/?q=%00&q=a", "/items/?%00=a", "/items/?q=%00"):
        assert client.get(address).status_code == 400


def test_a_method_that_is_not_there_is_a_problem_too(system: Client) -> None:
    answer = system.put("/api/v1/cases", "{}", "application/json")
    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"]) == (405, "api.wrong_method", "GET")
