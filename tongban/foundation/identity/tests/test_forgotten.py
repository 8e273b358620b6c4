"""A forgotten password: the right three and the code open the account again; everybody else learns nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import ask_reset, forget_resets, reset_password, show_code
from tongban.foundation.identity.errors import ResetRefused
from tongban.foundation.identity.models import Account, PasswordReset
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.kept import forget_kept
from tongban.foundation.notifications.actions import send_code
from tongban.foundation.notifications.models import Dispatch, Message

from .factories import citizen, make_account, make_officer, make_person, sign_in
from .test_entrance import code_now, log_in, with_code, with_password

pytestmark = pytest.mark.django_db
NEW = "Brook-stone-52"


@pytest.fixture(autouse=True)
def _anew() -> None:
    cache.clear()
    forget_kept()


def three(person: Any) -> dict[str, str]:
    return {"number": person.id_number, "name": person.name, "phone": person.phone}


def begun(client: Client, **typed: str) -> PasswordReset:
    assert client.post("/account/forgotten/", typed).url == "/account/forgotten/code/"
    return PasswordReset.objects.latest("asked_at")


def test_a_citizen_sets_a_new_password_and_is_out_everywhere_else(client: Client) -> None:
    person = make_person()
    with_password(person.account_id)
    elsewhere = sign_in(Client(), citizen(person))
    asked = begun(client, **three(person))
    told = send_code(asked.pk)
    assert told is not None
    assert asked.code in Dispatch.objects.get(message=told).text
    assert asked.code not in told.body
    assert send_code(asked.pk) is None  # the task may run twice
    wrong = client.post("/account/forgotten/code/", {"code": "000000" if asked.code != "000000" else "000001"})
    assert wrong.status_code == 422
    assert client.post("/account/forgotten/code/", {"code": asked.code}).url == "/account/forgotten/password/"
    assert client.post("/account/forgotten/password/", {"password": NEW, "again": "other"}).status_code == 422
    done = client.post("/account/forgotten/password/", {"password": NEW, "again": NEW})
    assert done.url == "/account/login/"
    assert elsewhere.get("/my/").status_code == 302
    assert log_in(Client(), Account.objects.get(pk=person.account_id), NEW).url == "/account/enter/"
    assert Fact.objects.get(name="identity.password_reset").data == {"sessions": 1}
    assert client.get("/account/forgotten/password/").url == "/account/forgotten/"  # once


@pytest.mark.parametrize("wrong", ["number", "name", "phone", "all", "closed", "without account"])
def test_whoever_is_not_he_is_told_the_same_and_gets_nothing(client: Client, wrong: str) -> None:
    person = make_person()
    typed = three(person)
    right = client.post("/account/forgotten/", typed)
    shown = client.get("/account/forgotten/code/").content.decode().split("</form>")[-1]
    if wrong == "closed":
        Account.objects.filter(pk=person.account_id).update(is_active=False)
    elif wrong == "without account":
        person.account = None
        person.save()
    elif wrong == "all":
        typed = {"number": "511602199003070000", "name": "谁", "phone": "13900000000"}
    else:
        typed[wrong] = {"number": "nobody", "name": "王伟", "phone": "13900000000"}[wrong]
    other = Client()
    answer = other.post("/account/forgotten/", typed)
    assert (answer.status_code, answer.url) == (right.status_code, right.url)
    assert other.get("/account/forgotten/code/").content.decode().split("</form>")[-1] == shown
    asked = PasswordReset.objects.latest("asked_at")
    assert asked.account_id is None
    assert send_code(asked.pk) is None
    assert not Message.objects.exists()
    with pytest.raises(ResetRefused):
        show_code(reset_id=asked.pk, code=asked.code)  # not even the code that nobody was sent
    assert other.get("/account/forgotten/password/").url == "/account/forgotten/"


def test_both_ways_ask_the_database_as_often(django_assert_num_queries: Any) -> None:
    person = make_person()
    with django_assert_num_queries(8) as asked:
        ask_reset(**three(person))
    with django_assert_num_queries(len(asked)):
        ask_reset(number="nobody", name="谁", phone="13900000000")


def test_a_code_is_tried_five_times_and_lasts_ten_minutes() -> None:
    person = make_person()
    asked = ask_reset(**three(person))
    wrong = "111111" if asked.code != "111111" else "222222"
    for _ in range(5):
        with pytest.raises(ResetRefused):
            show_code(reset_id=asked.pk, code=wrong)
    with pytest.raises(ResetRefused):
        show_code(reset_id=asked.pk, code=asked.code)
    late = ask_reset(**three(person))
    with time_machine.travel(now() + timedelta(minutes=11)), pytest.raises(ResetRefused):
        show_code(reset_id=late.pk, code=late.code)
    with time_machine.travel(now() + timedelta(days=2)):
        assert forget_resets() == 2


def test_nobodys_phone_is_filled_with_codes(client: Client) -> None:
    typed = three(make_person())
    assert [client.post("/account/forgotten/", typed).status_code for _ in range(4)] == [302, 302, 302, 429]


def test_staff_need_the_phone_and_the_second_factor() -> None:
    account = make_officer(name="周丽")
    account.phone = "13812345678"
    account.save()
    typed = {"number": account.username, "name": "周丽", "phone": "13812345678"}
    asked = ask_reset(**typed)
    show_code(reset_id=asked.pk, code=asked.code)
    words = {"reset_id": asked.pk, "password": NEW, "again": NEW}
    with pytest.raises(ResetRefused) as refusal:
        reset_password(**words)
    assert [reason.code for reason in refusal.value.reasons] == ["identity.no_factor"]
    with_code(account)
    with pytest.raises(ResetRefused) as refusal:
        reset_password(**words, factor="000000")
    assert [reason.code for reason in refusal.value.reasons] == ["identity.wrong_factor"]
    assert reset_password(**words, factor=code_now()) == account


def test_a_lock_is_opened_and_an_empty_phone_matches_nothing() -> None:
    person = make_person()
    Account.objects.filter(pk=person.account_id).update(locked_until=now() + timedelta(minutes=15))
    asked = ask_reset(**three(person))
    show_code(reset_id=asked.pk, code=asked.code)
    reset_password(reset_id=asked.pk, password=NEW, again=NEW)
    assert Account.objects.get(pk=person.account_id).locked_until is None
    nobody = make_account(name="周丽")
    assert ask_reset(number=nobody.username, name="周丽", phone="").account_id is None


def test_what_is_not_filled_in_is_told_beside_its_field(client: Client) -> None:
    answer = client.post("/account/forgotten/", {"name": " ", "number": "zhang", "phone": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写姓名。" in page
    assert "请填写手机号码。" in page
    assert "请填写身份证号码或登录名。" not in page
    assert not PasswordReset.objects.exists()
