"""What is refused to whoever is signed in is kept; whose address it was is what our own proxy says."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.attempts.models import Attempt
from tongban.foundation.attempts.queries import mark_of
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


def signed_in(actor) -> Client:
    client = Client()
    sign_in(client, actor)
    return client


def test_a_page_one_has_no_right_to() -> None:
    clerk = officer("clerk")
    assert signed_in(clerk).get("/console/audit/").status_code == 403
    noted = Attempt.objects.get()
    assert (noted.kind, noted.account_id, noted.thing) == ("refused", clerk.account_id, "audit.see")


def test_an_id_that_is_not_ones_own() -> None:
    person, wanted = citizen(), uuid7()
    assert signed_in(person).get(f"/my/cases/{wanted}/").status_code == 404
    noted = Attempt.objects.get()
    assert (noted.kind, noted.account_id, noted.thing) == ("others_id", person.account_id, f"case_id:{wanted}")
    assert str(wanted) not in noted.route


@pytest.mark.parametrize(
    "path", ["/my/", "/console/audit/", "/my/cases/01a20117-5aaa-7675-a763-f1ac17a7256f/", "/nowhere/"]
)
def test_strangers_leave_nothing(path: str) -> None:
    Client().get(path)
    assert not Attempt.objects.exists()


def test_a_key_that_is_none() -> None:
    answer = Client().get("/api/v1/cases", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert Attempt.objects.get().kind == "key"


@pytest.mark.parametrize(
    ("proxies", "told", "believed"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(settings, proxies: int, told: str, believed: str) -> None:
    settings.PROXIES = proxies
    Client().get("/api/v1/cases", headers={"authorization": "Bearer nonsense", "x-forwarded-for": told})
    assert Attempt.objects.get().address == mark_of(believed)
