"""How pages behave towards everybody: ways of showing, refusals in the right form, words for days and money."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection, transaction
from django.test import Client, RequestFactory

from tongban.foundation.identity.tests.factories import citizen, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now
from tongban.web.api.schema import PROBLEM
from tongban.web.console.menu import menu_for
from tongban.web.refusals import broken
from tongban.web.templatetags.ui import ago, day, fen, field_id, moment, stars

pytestmark = pytest.mark.django_db


def test_care_mode_stays_across_pages(client: Client) -> None:
    answer = client.get("/prefer/", {"care": "on", "next": "/help/"})
    assert answer.headers["Location"] == "/help/"
    assert 'class="tb-care"' in client.get("/help/").content.decode()
    client.get("/prefer/", {"care": "off"})
    assert 'class="tb-care"' not in client.get("/help/").content.decode()


def test_the_language_is_remembered(client: Client) -> None:
    client.get("/prefer/", {"language": "en"})
    assert '<html lang="en"' in client.get("/help/").content.decode()


def test_the_menu_marks_one_entry_the_nearest() -> None:
    actor = installer("items.manage", "items.see")
    nearest = {
        "/console/items/online/": "/console/items/online/",
        "/console/items/lists/": "/console/items/",
        "/console/": "/console/",
    }
    for path, url in nearest.items():
        assert [entry.url for group in menu_for(actor, path) for entry in group.entries if entry.current] == [url]


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "words", "{{7*7}}"]
)
def test_one_is_never_led_away(client: Client, elsewhere: str) -> None:
    assert client.get("/prefer/", {"care": "on", "next": elsewhere}).headers["Location"] == "/"


def test_a_page_that_is_not_there_says_so_with_a_number(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_what_broke_is_logged_by_its_kind_and_place_without_its_words(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ValueError("石某兰的手机号不对")
    except ValueError:
        answer = broken(rf.get("/"))
    (record,) = caplog.records
    assert answer.status_code == 500
    assert record.broke == "builtins.ValueError"
    assert record.at.startswith("web/tests/test_manners.py:")
    assert record.reference in answer.content.decode()
    assert "石某兰" not in str(vars(record))


def test_a_database_that_is_away_when_the_session_is_read_is_told_as_such(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_session: SessionStore) -> dict[str, object]:
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "load", away)
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    answer = client.get("/")
    assert answer.status_code == 503
    assert "请过几分钟再试" in answer.content.decode()


def test_what_the_database_would_not_hold_is_a_refusal_and_not_a_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_args: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:  # as every action does
            cursor.execute("SELECT 99999999999999999999::int")

    monkeypatch.setattr("tongban.web.portal.home.render", too_long)
    told = client.get("/")
    assert told.status_code == 422
    assert "什么也没有改动" in told.content.decode()


def test_machines_get_a_problem_document(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("how", ["multipart NUL", "broken", "nowhere", "no token"])
def test_the_api_has_one_form_of_refusal_whoever_refuses(rf: RequestFactory, how: str) -> None:
    """What the middleware, Django's handlers and the API itself refuse looks the same."""
    client = Client(enforce_csrf_checks=how == "no token")
    if how == "multipart NUL":
        answer = client.post("/api/v1/verifications/files", {"na\x00me": "x"})
    elif how == "no token":
        answer = sign_in(client, citizen()).post("/api/v1/drafts", {}, content_type="application/json")
    else:
        answer = broken(rf.get("/api/v1/items")) if how == "broken" else client.get("/api/nowhere")
    body = json.loads(answer.content)
    assert (answer.headers["Content-Type"], body["status"]) == (
        "application/problem+json; charset=utf-8",
        answer.status_code,
    )
    assert set(body) == set(PROBLEM["required"])
    assert body["type"] == f"urn:tongban:problem:{body['code']}"


def test_a_page_for_the_signed_in_leads_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/my/cases/?show=open")
    assert answer.status_code == 302
    assert "%252Fmy%252Fcases%252F" in answer.headers["Location"]


def test_what_was_typed_survives_a_lost_session(client: Client) -> None:
    answer = client.post("/my/cases/?show=open", {"name": "李华"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert 'value="李华"' in answer.content.decode()


def test_a_foreign_form_is_not_offered_again() -> None:
    strict = Client(enforce_csrf_checks=True)
    ours = strict.post("/account/logout/", {"a": "1"}, headers={"Sec-Fetch-Site": "same-origin"})
    theirs = strict.post("/account/logout/", {"a": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert ours.status_code == theirs.status_code == 403
    assert 'name="a" value="1"' in ours.content.decode()
    assert 'name="a" value="1"' not in theirs.content.decode()


def test_nothing_inline_is_allowed(client: Client) -> None:
    policy = client.get("/help/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_behind_tls_nothing_goes_in_clear_text(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    plain, safe = Client().get("/help/"), Client().get("/help/", secure=True)
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/help/")
    assert safe.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_days_and_moments_are_those_of_china() -> None:
    late = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)
    assert day(late) == "2026年11月21日"
    assert moment(late) == "2026年11月21日 01:05"
    assert day(date(2026, 1, 2)) == day("2026-01-02") == "2026年1月2日"
    assert day(None) == moment(None) == day("") == ""


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "¥0.00"), (1200, "¥12.00"), (123456789, "¥1,234,567.89"), (None, "")]
)
def test_money_is_shown_in_yuan(amount: int | None, words: str) -> None:
    assert fen(amount) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "刚刚"), (60, "1分钟前"), (3600, "1小时前"), (86_400, "1天前"), (29 * 86_400, "29天前")]
)
def test_how_long_ago(seconds: int, words: str) -> None:
    assert ago(now() - timedelta(seconds=seconds)) == words


def test_marks_have_words() -> None:
    assert 'aria-label="4 星，满分 5 星"' in stars(4)
    assert field_id("staff.0.name") == "f-staff-0-name"


def test_the_number_on_the_page_is_the_end_of_the_one_in_the_log(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.headers["X-Request-Id"][-8:].upper() in answer.content.decode()
