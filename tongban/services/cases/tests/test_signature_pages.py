"""Personal signatures on pages, under paper, and checked by strangers: openssl and the command."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tongban.foundation.identity.tests.factories import (
    citizen,
    make_person,
    sign_in,
)
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.canonical import sm3
from tongban.services.cases.actions import (
    help_with_draft,
    sign_application,
    submit,
)
from tongban.services.cases.models import Case, Signature
from tongban.services.cases.queries import case_for, last_event, signed_file

from .factories import (
    Office,
    make_accepted,
    make_decided,
    make_draft,
    make_office,
)
from .test_signatures import judged
from .visitors import visited

pytestmark = pytest.mark.django_db


@pytest.fixture
def office_of_visit() -> tuple[Office, Case, Actor]:
    """An application that a clerk wrote and sent for somebody who stood before him."""
    office, human = make_office(), make_person()
    draft = make_draft(office, citizen(human))
    visit = visited(office.clerk, human)
    help_with_draft(actor=office.clerk, visit_id=visit.pk, draft_id=draft.pk)
    receipt = submit(actor=office.clerk, draft_id=draft.pk)
    return office, Case.objects.get(pk=receipt.case_id), citizen(human)


def test_a_clerk_signs_as_the_witness_of_a_signature_on_paper(office_of_visit: tuple[Office, Case, Actor]) -> None:
    office, case, applicant = office_of_visit
    row = Signature.objects.get(case=case)
    assert (row.way, row.account_id) == ("witness", office.clerk.account_id)
    assert json.loads(row.text)["applicant"]["name"] == applicant.name
    sign_application(actor=applicant, case_id=case.pk)
    assert judged(applicant, case) == [("submit", True), ("sign_application", True)]


# -- pages ---------------------------------------------------------------------------------------------------------------


def test_the_applicant_reads_checks_and_takes_his_signatures_away(client: Client) -> None:
    office, applicant = make_office(), citizen()
    case = make_decided(office, applicant)
    sign_in(client, applicant)
    page = client.get(f"/my/cases/{case.pk}/signatures/").content.decode()
    assert page.count("签名有效") == 3
    assert "完成审查" not in page, "what colleagues say among themselves"
    for address in (f"/my/cases/{case.pk}/", f"/my/cases/{case.pk}/receipt/"):
        assert f"/my/cases/{case.pk}/signatures/" in client.get(address).content.decode()
    signed = client.get(f"/my/cases/{case.pk}/signatures.json")
    assert [one["verb"] for one in signed.json()["signatures"]] == ["submit", "accept", "decide"]
    sign_in(client, citizen())
    assert client.get(f"/my/cases/{case.pk}/signatures/").status_code == 404
    assert client.get(f"/my/cases/{case.pk}/signatures.json").status_code == 404


def test_the_officer_sees_what_does_not_stand(client: Client) -> None:
    office = make_office()
    case = make_decided(office)
    Case.objects.update(answers={"name": "别家"})
    sign_in(client, office.approver)
    page = client.get(f"/console/cases/{case.pk}/signatures/").content.decode()
    assert page.count("签名没有通过验证") == 4
    assert "申请表的内容与签名时不同" in page
    assert "个人签名（4）" in client.get(f"/console/cases/{case.pk}/").content.decode()


def test_signing_later_on_the_page(client: Client, office_of_visit: tuple[Office, Case, Actor]) -> None:
    _office, case, applicant = office_of_visit
    sign_in(client, applicant)
    address = f"/my/cases/{case.pk}/signatures/"
    assert "以我的名义签名" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert "以我的名义签名" not in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    said = json.loads(Signature.objects.get(verb="sign_application").text)["signer"]
    assert (said["factors"], said["level"]) == (["totp"], applicant.level)


def test_the_store_away_loses_no_word_the_officer_typed(client: Client, settings, tmp_path: Path) -> None:
    office = make_office()
    case = make_accepted(office)
    sign_in(client, office.reviewer)
    address = f"/console/cases/{case.pk}/review/"
    page = client.get(address).content.decode()
    assert "的名义电子签名" in page
    settings.KEY_FOLDER = tmp_path / "keys"
    settings.KEY_FOLDER.write_text("no folder")
    answer = client.post(address, {"verdict": "agree", "opinion": "现场看过", "seen": last_event(case)})
    assert answer.status_code == 503
    assert "签名密钥暂时无法使用" in answer.content.decode()
    assert "现场看过" in answer.content.decode()


# -- strangers -----------------------------------------------------------------------------------------------------------


def test_openssl_agrees_as_the_guide_says(tmp_path: Path) -> None:
    """The commands of docs/guides/signatures.md."""
    office, applicant = make_office(), citizen()
    case = make_decided(office, applicant)
    signed = signed_file(applicant, case_for(applicant, case.pk))
    pems = {one["kid"]: one["certificate"] for one in signed["certificates"]}
    authorities = {(one["alg"], one["kind"]): one["certificate"] for one in signed["authorities"]}
    (tmp_path / "issuing.pem").write_text(authorities["sm2", "issuing"])

    def openssl(*command: str) -> str:
        done = subprocess.run(["openssl", *command], cwd=tmp_path, capture_output=True, text=True)
        return done.stdout + done.stderr

    for one in signed["signatures"]:
        (tmp_path / "text").write_text(one["text"])
        (tmp_path / "sig").write_bytes(base64.b64decode(one["signatures"][0]["value"]))
        (tmp_path / "signer.pem").write_text(pems[one["signatures"][0]["kid"]])
        assert one["text"].count("李华") or one["verb"] != "submit"
        openssl("x509", "-in", "signer.pem", "-noout", "-pubkey", "-out", "key.pem")
        check = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-digest", "sm3",
                 "-pkeyopt", "distid:1234567812345678", "-in", "text", "-sigfile", "sig"]  # fmt: skip
        assert "Signature Verified Successfully" in openssl(*check)
        whose = [
            "verify",
            "-vfyopt",
            "distid:1234567812345678",
            "-partial_chain",
            "-trusted",
            "issuing.pem",
            "signer.pem",
        ]
        assert "signer.pem: OK" in openssl(*whose)
        (tmp_path / "text").write_text(one["text"] + " ")
        assert "Signature Verified Successfully" not in openssl(*check)
    assert sm3(signed["signatures"][0]["text"].encode()) == Signature.objects.get(case=case, verb="submit").digest


def test_a_command_checks_them_all(capsys) -> None:
    case = make_decided(make_office())
    call_command("cases", "verify")
    assert "4 个签名" in capsys.readouterr().out
    Case.objects.filter(pk=case.pk).update(answers={"name": "别家"})
    with pytest.raises(CommandError):
        call_command("cases", "verify", case.project_no)
    assert "申请表的内容与签名时不同" in capsys.readouterr().err
