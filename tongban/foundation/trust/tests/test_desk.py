"""Applying, deciding, suspending, revoking, replacing; and who may."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.trust.actions import (
    apply_for_renewal,
    approve_application,
    issue_certificate,
    key_for,
    refuse_application,
    restore_certificate,
    revoke_certificate,
    rotate,
    sign_record,
    suspend_certificate,
)
from tongban.foundation.trust.actions import desk as desk_actions
from tongban.foundation.trust.errors import (
    ApplicationRefused,
    KeyOutOfUse,
    KeyStoreAway,
    NotWaiting,
    ReasonMissing,
    SamePerson,
    WrongState,
)
from tongban.foundation.trust.models import Application, Certificate, StoredKey
from tongban.foundation.trust.queries import (
    certificates_listed,
    check_record,
    judge_certificate,
    loaded_public,
    public_keys,
    stands,
)
from tongban.foundation.trust.rules.desk import REASONS, application_faults, may_become

from .factories import make_application, make_certificate

GOOD = {"kind": "device", "algorithm": "sm2", "title": "闸机一号", "purpose": "设备接入"}


@pytest.fixture
def applicant(db) -> Actor:
    return officer("system_admin")


@pytest.fixture
def guard(db) -> Actor:
    return officer("security_admin")


def request_by_openssl(folder: Path, curve: str = "prime256v1", digest: str = "-sha256", *more: str) -> str:
    """A PKCS#10 request as anybody's tool makes it."""
    make = ["ecparam", "-name", curve, "-genkey", "-noout", "-out", "own.key"]
    ask = ["req", "-new", "-key", "own.key", digest, *more, "-subj", "/CN=pump", "-out", "own.csr"]
    for command in (make, ask):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    return (folder / "own.csr").read_text()


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"kind": "root"}, "kind"), ({"algorithm": "rsa"}, "algorithm"), ({"title": ""}, "title"),
     ({"title": "长" * 65}, "title"), ({"title": "abc\u202etxt"}, "title"), ({"purpose": "短"}, "purpose")],
)  # fmt: skip
def test_what_cannot_be_applied_for(change: dict, fault: str) -> None:
    assert [field for field, _code in application_faults(**(GOOD | change))] == [fault]
    assert not application_faults(**GOOD)


def test_nothing_comes_back_from_revoked() -> None:
    assert not any(may_become("device", "revoked", state) for state in ("valid", "suspended", "revoked"))
    assert not may_become("issuing", "valid", "revoked")
    assert may_become("device", "suspended", "valid")


def test_another_person_approves(applicant, guard) -> None:
    row = make_certificate(applicant, guard)
    assert row.kind == "software"
    assert stands(judge_certificate(bytes(row.der))) is True
    names = set(Fact.objects.values_list("name", flat=True))
    assert {"trust.applied", "trust.issued"} <= names


def test_nobody_approves_his_own(applicant, guard) -> None:
    application = make_application(applicant)
    Application.objects.filter(pk=application.pk).update(applied_by=guard.account_id)
    with pytest.raises(SamePerson):
        approve_application(actor=guard, application_id=application.pk)


def test_rights_are_apart(applicant, guard) -> None:
    with pytest.raises(NotAllowed):
        make_application(guard)
    with pytest.raises(NotAllowed):
        approve_application(actor=applicant, application_id=make_application(applicant).pk)
    with pytest.raises(NotAllowed):
        certificates_listed(officer("clerk"), filters={})


def test_an_application_is_decided_once(applicant, guard) -> None:
    application = make_application(applicant)
    with pytest.raises(ApplicationRefused):
        refuse_application(actor=guard, application_id=application.pk, opinion="")
    refuse_application(actor=guard, application_id=application.pk, opinion="没有依据，请补充")
    with pytest.raises(NotWaiting):
        approve_application(actor=guard, application_id=application.pk)


def test_the_key_of_a_request_is_certified(applicant, guard, tmp_path: Path) -> None:
    row = make_certificate(applicant, guard, request=request_by_openssl(tmp_path))
    assert row.key is None
    pub = subprocess.run(
        ["openssl", "ec", "-in", "own.key", "-pubout", "-outform", "DER"], cwd=tmp_path, capture_output=True, check=True
    )
    assert loaded_public(bytes(row.der)) == pub.stdout


def test_a_request_of_sm2_is_certified(applicant, guard, tmp_path: Path) -> None:
    text = request_by_openssl(tmp_path, "SM2", "-sm3", "-sigopt", "distid:1234567812345678")
    row = make_certificate(applicant, guard, algorithm="sm2", request=text)
    assert stands(judge_certificate(bytes(row.der))) is True


def test_a_request_that_does_not_fit_is_refused_with_reasons(applicant, tmp_path: Path) -> None:
    text = request_by_openssl(tmp_path)
    lines = text.splitlines()
    forged = "\n".join([*lines[:-3], lines[-3][:-6] + "AAAAAA", *lines[-2:]])
    cases = {"other_curve": {"algorithm": "sm2", "request": text}, "unreadable": {"request": "§§ no request"}}
    for code, fields in cases.items():
        with pytest.raises(ApplicationRefused) as refused:
            make_application(applicant, **fields)
        assert [reason.code for reason in refused.value.reasons] == [f"trust.{code}"]
    with pytest.raises(ApplicationRefused):
        make_application(applicant, request=forged)


def test_a_room_may_have_a_request_certified_at_once(guard, tmp_path: Path) -> None:
    from asn1crypto import pem

    der = pem.unarmor(request_by_openssl(tmp_path).encode())[2]
    row = issue_certificate(actor=guard, request=der, kind="seal", owner="seal:1", title="专用章")
    assert row.kind == "seal"
    with pytest.raises(ApplicationRefused):
        issue_certificate(actor=guard, request=b"nothing", kind="seal", owner="seal:1", title="专用章")


def test_the_key_store_away_leaves_the_application_waiting(applicant, guard, monkeypatch) -> None:
    application = make_application(applicant)

    def away(*_args: object) -> None:
        raise KeyStoreAway

    monkeypatch.setattr(desk_actions, "new_pair", away)
    with pytest.raises(KeyStoreAway):
        approve_application(actor=guard, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "waiting"


def test_suspended_restored_revoked(applicant, guard) -> None:
    row = make_certificate(applicant, guard)
    suspend_certificate(actor=guard, certificate_id=row.pk, basis="设备丢失，正在查找")
    assert stands(judge_certificate(bytes(row.der))) is False
    restore_certificate(actor=guard, certificate_id=row.pk, basis="已经找回")
    assert stands(judge_certificate(bytes(row.der))) is True
    before = now()
    with pytest.raises(ReasonMissing) as refused:
        revoke_certificate(guard, row.pk, "certificate_hold", "")
    assert {reason.field for reason in refused.value.reasons} == {"reason", "basis"}
    revoke_certificate(guard, row.pk, "superseded", "换发新证书")
    assert stands(judge_certificate(bytes(row.der))) is False
    assert stands(judge_certificate(bytes(row.der), before)) is True
    with pytest.raises(WrongState):
        restore_certificate(actor=guard, certificate_id=row.pk, basis="后悔了，恢复吧")
    assert Fact.objects.filter(name="trust.state_changed").count() == 3


def test_authorities_are_not_revoked_here(applicant, guard) -> None:
    make_certificate(applicant, guard)
    root = Certificate.objects.get(kind="root")
    with pytest.raises(WrongState):
        revoke_certificate(guard, root.pk, REASONS[0], "试一试看")


def test_a_suspended_key_signs_no_more_at_once(guard) -> None:
    key = key_for("platform:records", "licences", "p256")
    suspend_certificate(actor=guard, certificate_id=key.certificate_id, basis="怀疑被盗用")
    with pytest.raises(KeyOutOfUse):
        key_for("platform:records", "licences", "p256")


def test_a_replaced_key_still_verifies(guard) -> None:
    signed = sign_record("platform:records", "licences", {"no": 1}, title="通办")
    old = key_for("platform:records", "licences", "sm2")
    fresh = rotate(actor=guard, owner="platform:records", name="licences", algorithm="sm2")
    assert fresh.kid != old.kid
    assert key_for("platform:records", "licences", "sm2") == fresh
    assert stands(check_record(signed.text, signed.signatures)) is True
    again = sign_record("platform:records", "licences", {"no": 2})
    assert again.signatures[0]["kid"] == fresh.kid
    assert {old.kid, fresh.kid} <= {one["kid"] for one in public_keys()}
    assert StoredKey.objects.filter(owner="platform:records", retired_at=None).count() == 2


def test_renewal_keeps_the_key(applicant, guard) -> None:
    row = make_certificate(applicant, guard)
    application = apply_for_renewal(actor=applicant, certificate_id=row.pk, purpose="即将到期")
    with pytest.raises(NotWaiting):
        apply_for_renewal(actor=applicant, certificate_id=row.pk, purpose="即将到期")
    fresh = approve_application(actor=guard, application_id=application.pk)
    assert (fresh.kid, fresh.renews_id) == (row.kid, row.pk)
    assert fresh.serial != row.serial


def test_the_list_finds_and_marks(applicant, guard) -> None:
    row = make_certificate(applicant, guard)
    make_certificate(applicant, guard, title="路灯", kind="device")

    def subjects(**filters: str) -> list[str]:
        return [one.subject for one in certificates_listed(guard, filters=filters)]

    assert subjects(text="水务") == subjects(text=row.serial[:12]) == subjects(kind="software") == ["水务系统"]
    assert subjects(state="near") == []
    Certificate.objects.filter(pk=row.pk).update(valid_until=now() + timedelta(days=5))
    assert subjects(state="near") == ["水务系统"]


def test_the_pages(client, applicant, guard) -> None:
    sign_in(client, applicant)
    assert client.post("/console/trust/apply/", {"title": "x"}).status_code == 422
    fields = {"kind": "software", "algorithm": "sm2", "title": "水务系统", "purpose": "接口调用签名"}
    where = client.post("/console/trust/apply/", fields).headers["Location"]
    assert "待审核" in client.get(where).content.decode()
    assert client.post(where + "decide/", {"decision": "approve"}).status_code == 403
    sign_in(client, guard)
    assert "水务系统" in client.get("/console/trust/applications/").content.decode()
    assert client.post(where + "decide/", {"decision": "no"}).status_code == 422
    assert client.post(where + "decide/", {"decision": "approve"}).status_code == 302
    row = Certificate.objects.get(kind="software")
    page = f"/console/trust/certificates/{row.pk}/"
    assert "没有被吊销" in client.get(page).content.decode()
    assert client.get(page + "chain/").content.count(b"BEGIN CERTIFICATE") == 3
    assert client.get(page + "der/").content == bytes(row.der)
    assert client.get(page + "pfx/").status_code == 404
    assert client.post(page + "change/", {"to": "revoked"}).status_code == 422
    change = {"to": "revoked", "reason": "superseded", "basis": "换发新证书"}
    assert client.post(page + "change/", change).status_code == 302
    assert "已吊销" in client.get("/console/trust/?state=revoked").content.decode()
