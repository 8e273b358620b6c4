"""The page, the API and the downloads: one answer for whoever holds something, and nothing for whoever guesses."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from tongban.foundation.attempts.rules import Limit
from tongban.foundation.credentials import actions as credential_actions
from tongban.foundation.credentials.models import Credential
from tongban.foundation.credentials.offline import main
from tongban.foundation.credentials.tests.factories import City
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.letters.actions import issue_letter, load_templates
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.licences.actions import credential_of
from tongban.services.licences.models import Licence
from tongban.services.licences.tests.factories import make_licence
from tongban.services.verification.queries import verdicts_of
from tongban.services.verification.tasks import mark_codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    credential_actions._kept.clear()


def in_state(state: str) -> Licence:
    licence = make_licence()
    Licence.objects.filter(pk=licence.pk).update(state=state)
    return licence


def asked(text: str) -> list[dict]:
    answer = Client().post("/api/v1/verifications", json.dumps({"text": text}), "application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("valid", "valid"),
        ("suspended", "suspended"),
        ("revoked", "revoked"),
        ("cancelled", "revoked"),
        ("superseded", "superseded"),
    ],
)
def test_by_code_by_identifier_and_by_number_the_answer_is_the_same(state: str, answer: str) -> None:
    licence = in_state(state)
    for text in (credential_of(licence), licence.identifier, str(licence.number)):
        (found,) = asked(text)
        assert found["answer"] == answer
        assert found["steps"]
        values = [entry["value"] for entry in found["face"]]
        assert str(licence.number) not in values
        assert str(licence.holder_name) not in values
        assert licence.issuer_name in values


def test_an_expired_one_is_expired_before_any_sweep() -> None:
    licence = make_licence(valid_from=date(2020, 1, 2))  # for five years
    assert licence.state == "valid"
    assert asked(licence.identifier)[0]["answer"] == "expired"


@pytest.mark.parametrize("text", ["1.2.156.3005.2.A.B.C.001.X", "JY1000", "李华", "'; drop table", "AB12CD34EF"])
def test_what_nobody_issued_is_unknown(text: str) -> None:
    assert [found["answer"] for found in asked(text)] == ["unknown"]


def test_a_forged_code_and_another_citys_are_told_apart() -> None:
    make_licence()
    assert asked(City().signed())[0]["answer"] == "foreign"
    licence = make_licence()
    credential_of(licence)
    kid = Credential.objects.get(subject=licence.identifier).kid
    found = asked(City(kid=kid).signed())[0]
    assert (found["answer"], found["face"]) == ("altered", [])


def test_a_signed_code_whose_licence_is_gone_is_unknown() -> None:
    address = credential_actions.credential_for(
        "1.2.156.3005.2.GONE", kind="证", number="*", holder="*", issuer="局", valid_from=today(), valid_until=None
    )
    assert asked(address)[0]["answer"] == "unknown"


def test_letters_and_licences_have_one_entry(client: Client, settings) -> None:
    load_templates()
    letter = issue_letter(
        actor=installer("cases.see"),
        template_code="grant",
        department_id=make_department().pk,
        subject="case:1",
        owner_id=None,
        data={"abbreviation": "广卫"},
        on=today(),
    )
    for text in (
        letter.verify_code,
        letter.verify_code.lower(),
        f"{settings.SITE_URL}/letters/verify/{letter.verify_code}/",
    ):
        (found,) = verdicts_of(text)
        assert (found.code, letter.number in found.face.values()) == ("genuine", True)
    page = client.post("/verify/", {"text": letter.verify_code})
    assert letter.number in page.content.decode()


def test_the_page_tells_the_answer_and_keeps_nothing(client: Client) -> None:
    licence = make_licence()
    page = client.post("/verify/", {"text": str(licence.number)})
    words = page.content.decode()
    assert page.status_code == 200
    assert "有效" in words
    assert str(licence.holder_name) not in words
    assert page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("text", ["", " ", "x" * 5000])
def test_nothing_to_look_at_is_said(client: Client, text: str) -> None:
    page = client.post("/verify/", {"text": text})
    assert page.status_code == 422
    assert "请输入编号或核验码" in page.content.decode()


def test_whoever_guesses_is_stopped(client: Client, settings) -> None:
    settings.LIMITS = settings.LIMITS | {"verification": Limit(3, 60, "")}
    codes = [client.post("/verify/", {"text": f"JY{n}"}).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]
    body = json.dumps({"text": "JY1"})
    assert client.post("/api/v1/verifications", body, "application/json").json()["code"] == "verification.too_many"


def test_by_number_takes_one_query(django_assert_num_queries) -> None:
    licence = make_licence()
    with django_assert_num_queries(1):
        verdicts_of(str(licence.number))
    with django_assert_num_queries(1):
        verdicts_of(licence.identifier)


def test_the_downloads_let_a_phone_without_network_judge(client: Client, tmp_path, capsys) -> None:
    licence = make_licence()
    address = credential_of(licence)
    (tmp_path / "keys.json").write_bytes(client.get("/verify/keys.json").content)
    (tmp_path / "0.json").write_bytes(client.get("/verify/status/0.json").content)
    files = ["--keys", str(tmp_path / "keys.json"), "--status", str(tmp_path / "0.json")]

    assert main([address, *files]) == 0
    assert "【有效】" in capsys.readouterr().out
    assert main([address, "--json", *files]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], found["subject"], found["doubts"]) == ("valid", licence.identifier, [])
    assert found["milliseconds"] < 20

    Licence.objects.filter(pk=licence.pk).update(state="suspended")
    mark_codes(fact_id="", subject=f"licence:{licence.pk}")
    credential_actions._kept.clear()
    (tmp_path / "0.json").write_bytes(client.get("/verify/status/0.json").content)
    assert main([address, *files]) == 1
    assert "暂扣" in capsys.readouterr().out


@pytest.mark.parametrize("spoil", ["text", "value", "shape", "json"])
def test_a_list_that_was_touched_is_not_used(client: Client, tmp_path, capsys, spoil: str) -> None:
    address = credential_of(make_licence())
    (tmp_path / "keys.json").write_bytes(client.get("/verify/keys.json").content)
    body = client.get("/verify/status/0.json").json()
    if spoil == "text":
        body["text"] = body["text"].replace('"list":0', '"list":1')
    elif spoil == "value":
        body["signatures"] = [one | {"value": "AAAA"} for one in body["signatures"]]
    text = {"shape": "[[]]", "json": "{"}.get(spoil) or json.dumps(body)
    (tmp_path / "0.json").write_text(text)
    assert main([address, "--keys", str(tmp_path / "keys.json"), "--status", str(tmp_path / "0.json")]) == 2
    assert capsys.readouterr().err


def test_pages_for_those_without_network_know_nobody(client: Client) -> None:
    credential_of(make_licence())
    kept = client.get("/verify/offline.html")
    words = kept.content.decode()
    assert "attachment" in kept["Content-Disposition"]
    assert "verify-kept" in words
    assert "import " not in words.partition('<script type="module">')[2]
    assert "export " not in words.partition('<script type="module">')[2]
    page = client.get("/verify/offline/")
    assert "csrf" not in page.content.decode()
    assert not page.cookies
    worker = client.get("/verify/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/static/verification/check.js" in worker.content.decode()
    assert client.get("/verify/status/7.json").status_code == 404
