"""Signing in and choosing a capacity, as a browser does it."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.identity.models import Account

from .factories import capacity_of, citizen, company_actor, officer, sign_in

pytestmark = pytest.mark.django_db


def with_password(account_id: object) -> Account:
    account = Account.objects.get(pk=account_id)
    account.set_password("secret-word-10")
    account.save()
    return account


def test_a_citizen_signs_in_and_lands_where_he_wanted(client: Client) -> None:
    account = with_password(citizen().account_id)
    answer = client.post(
        "/account/login/?next=/halls/", {"login": account.username, "password": "secret-word-10", "next": "/halls/"}
    )
    assert answer.url == "/halls/"
    answer = client.get("/account/login/?next=/halls/")
    assert answer.url == "/account/enter/?next=%2Fhalls%2F"
    assert client.get(answer.url).url == "/halls/"
    assert client.session["capacity"] == "self"


def test_another_site_is_never_where_he_wanted(client: Client) -> None:
    account = with_password(citizen().account_id)
    client.force_login(account)
    assert client.get("/account/enter/?next=https://evil.example/").url == "/my/"


def test_a_post_cannot_be_entered_without_a_second_factor(client: Client) -> None:
    actor = officer()
    client.force_login(Account.objects.get(pk=actor.account_id))
    answer = client.post("/account/enter/", {"capacity": capacity_of(actor)})
    assert answer.status_code == 403
    assert "capacity" not in client.session


def test_a_post_written_into_the_session_is_still_nobody_without_a_second_factor(client: Client) -> None:
    actor = officer()
    sign_in(client, actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()
    assert client.get("/account/enter/?stay=1").wsgi_request.actor.signed_in is False


def test_a_legal_person_chooses_between_himself_and_his_company(client: Client) -> None:
    actor = company_actor()
    client.force_login(Account.objects.get(pk=actor.account_id))
    page = client.get("/account/enter/").content.decode()
    assert actor.name in page
    client.post("/account/enter/", {"capacity": capacity_of(actor)})
    assert client.get("/account/enter/").wsgi_request.actor.company_id == actor.company_id
