"""Putting a seal on something: only when it may be, and every time written down; judged step by step afterwards."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.seals.actions import (
    answer_request,
    apply_to_change,
    decide_application,
    key_to_stamp,
    make_seal,
    register_seal,
    stamp,
    suspend_seal,
    use_seal,
    withdraw_request,
)
from tongban.foundation.seals.errors import NoSeal, NotApproved, NotInUse, NotWaiting, RequestRefused, SamePerson
from tongban.foundation.seals.models import Standing, Use
from tongban.foundation.seals.queries import edition_in_force, judge_seal, judge_signature, seal_status, uses
from tongban.foundation.seals.rules import read_signature, signature_of, to_sign
from tongban.foundation.trust.actions import key_for, sign, time_stamp

from .factories import DOCUMENT, SETTER_UP, SYSTEM, make_request, make_used_seal

pytestmark = pytest.mark.django_db
DIGEST = bytes.fromhex(sm3(DOCUMENT))


@pytest.fixture
def office():
    return make_department("区水务局", name="广安市广安区水务局")


@pytest.fixture
def clerk(office):
    return officer("clerk", department=office)


@pytest.fixture
def approver(office):
    return officer("approver", department=office)


def stamped(seal, actor=SYSTEM, digest=DIGEST, **more):
    given = {
        "property_info": "/Doc_0/Signs/Sign_0/Signature.xml",
        "subject": "letter:1",
        "purpose": "发出准予许可决定书",
    }
    return stamp(actor=actor, seal_id=seal.pk, digest=digest, **given | more)


def failed(steps):
    return [str(step.name) for step in steps if step.ok is not True]


def test_the_system_stamps_what_was_decided(office):
    seal = make_used_seal(office)
    der = stamped(seal)
    steps = judge_signature(der, DIGEST)
    assert failed(steps) == [], [str(step.words) for step in steps]
    assert len(steps) == 11
    use = Use.objects.get()
    assert (use.account_id, use.digest, use.subject) == (None, sm3(DOCUMENT), "letter:1")
    assert Fact.objects.filter(name="seals.used", stream=f"use:{use.pk}").exists()


def test_openssl_agrees_that_the_seal_signed(office, tmp_path):
    read = read_signature(stamped(make_used_seal(office)))
    for name, data in (("cert", read.certificate), ("maker", read.seal.maker)):
        (tmp_path / f"{name}.der").write_bytes(data)
        made = ["openssl", "x509", "-inform", "der", "-in", f"{name}.der", "-pubkey", "-noout"]
        (tmp_path / f"{name}.pem").write_bytes(
            subprocess.run(made, cwd=tmp_path, check=True, capture_output=True).stdout
        )
    for name, data, value in (
        ("cert", read.signed, read.signature),
        ("maker", read.seal.signed, read.seal.signature),
    ):
        (tmp_path / "data").write_bytes(data)
        (tmp_path / "value").write_bytes(value)
        said = subprocess.run(
            ["openssl", "dgst", "-sm3", "-verify", f"{name}.pem", "-sigopt", "distid:1234567812345678",
             "-signature", "value", "data"], cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert said.stdout.strip() == "Verified OK", said.stderr
    (tmp_path / "whole.der").write_bytes(stamped(make_used_seal()))
    parsed = subprocess.run(
        ["openssl", "asn1parse", "-inform", "der", "-in", "whole.der"], cwd=tmp_path, capture_output=True, text=True
    )
    assert parsed.returncode == 0
    assert "SM2-with-SM3" in parsed.stdout
    assert ":ES" in parsed.stdout


def test_an_officer_asks_another_agrees_and_the_document_gets_its_seal(office, clerk, approver):
    seal = make_used_seal(office)
    with pytest.raises(NotApproved):
        stamped(seal, actor=clerk)
    asked = make_request(clerk, seal)
    with pytest.raises(NotApproved):
        use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)
    with pytest.raises(NotAllowed):
        answer_request(actor=clerk, request_id=asked.pk, agrees=True)
    answer_request(actor=approver, request_id=asked.pk, agrees=True)
    with pytest.raises(NotWaiting):
        answer_request(actor=approver, request_id=asked.pk, agrees=True)
    with pytest.raises(NotApproved) as other:
        use_seal(actor=clerk, request_id=asked.pk, digest=b"0" * 32)
    assert [reason.code for reason in other.value.reasons] == ["seals.other_document"]
    with pytest.raises(NotAllowed):
        use_seal(actor=approver, request_id=asked.pk, digest=DIGEST)
    for _ in range(asked.copies):
        assert failed(judge_signature(use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST), DIGEST)) == []
    with pytest.raises(NotApproved) as over:
        use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)
    assert [reason.code for reason in over.value.reasons] == ["seals.used_up"]
    assert len(uses(clerk, filters={"text": "合作"})) == 2
    assert len(uses(officer("clerk"))) == 0


def test_dual_control_takes_two_persons(office, clerk, approver):
    seal = make_used_seal(office, control="two")
    with pytest.raises(NotApproved):
        stamped(seal)  # not even after a decision
    asked = make_request(clerk, seal)
    answer_request(actor=approver, request_id=asked.pk, agrees=True)
    with pytest.raises(SamePerson):
        answer_request(actor=approver, request_id=asked.pk, agrees=True)
    with pytest.raises(NotApproved):
        use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)
    answer_request(actor=officer("dept_head", department=office), request_id=asked.pk, agrees=True)
    assert use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)


def test_whoever_asks_does_not_agree_and_one_no_ends_it(office, approver):
    seal = make_used_seal(office)
    asked = make_request(approver, seal)
    with pytest.raises(SamePerson):
        answer_request(actor=approver, request_id=asked.pk, agrees=True)
    head = officer("dept_head", department=office)
    assert answer_request(actor=head, request_id=asked.pk, agrees=False, words="协议条款还没有定稿").state == "refused"
    with pytest.raises(NotWaiting):
        withdraw_request(actor=approver, request_id=asked.pk)


def test_an_approval_ends_after_a_week_and_can_be_taken_back(office, clerk, approver):
    seal = make_used_seal(office)
    asked = make_request(clerk, seal)
    answer_request(actor=approver, request_id=asked.pk, agrees=True)
    with time_machine.travel(now() + timedelta(days=8), tick=False), pytest.raises(NotApproved) as late:
        use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)
    assert [reason.code for reason in late.value.reasons] == ["seals.late"]
    withdraw_request(actor=clerk, request_id=asked.pk)
    with pytest.raises(NotApproved):
        use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST)


def test_a_seal_suspended_between_approval_and_use_is_refused_with_words(office, clerk, approver):
    seal = make_used_seal(office)
    asked = make_request(clerk, seal)
    answer_request(actor=approver, request_id=asked.pk, agrees=True)
    suspend_seal(actor=approver, seal_id=seal.pk, reason="保管人的账号疑似被盗用")
    for use in (lambda: use_seal(actor=clerk, request_id=asked.pk, digest=DIGEST), lambda: stamped(seal)):
        with pytest.raises(NotInUse) as refused:
            use()
        assert "保管人的账号疑似被盗用" in str(refused.value.reasons[0].text)
    assert not Use.objects.exists()
    with pytest.raises(NotInUse):
        make_request(clerk, seal)


def test_an_expired_seal_stamps_nothing(office):
    seal = make_used_seal(office)
    with time_machine.travel(datetime(2040, 1, 1, tzinfo=UTC)), pytest.raises(NotInUse) as refused:
        stamped(seal)
    assert [reason.code for reason in refused.value.reasons] == ["seals.expired"]


def test_who_may_not_stamp(office):
    seal = make_used_seal(office)
    with pytest.raises(NotAllowed):
        stamped(seal, actor=officer("clerk"))
    with pytest.raises(NotAllowed):
        stamped(seal, actor=installer("seals.see"))
    with pytest.raises(NoSeal):
        stamp(actor=SYSTEM, seal_id=office.pk, digest=DIGEST, property_info="", subject="x", purpose="x")


def test_a_request_hears_every_reason(office, clerk):
    with pytest.raises(RequestRefused) as refused:
        make_request(clerk, make_used_seal(office), title="", purpose="", copies=500, digest="")
    assert {reason.field for reason in refused.value.reasons} == {"title", "purpose", "copies", "document"}


def test_the_pdf_key_is_lent_under_the_same_rules(office):
    seal = make_used_seal(office)
    given = {"digest": "ab" * 32, "subject": "licence:1", "purpose": "签发电子证照"}
    key = key_to_stamp(actor=SYSTEM, seal_id=seal.pk, **given)
    assert (key.algorithm, key.owner) == ("p256", f"seal:{seal.pk}")
    assert Use.objects.get().algorithm == "p256"
    suspend_seal(actor=SETTER_UP, seal_id=seal.pk, reason="停用一段时间")
    with pytest.raises(NotInUse):
        key_to_stamp(actor=SYSTEM, seal_id=seal.pk, **given)


def test_a_stamp_costs_little(office, django_assert_max_num_queries):
    seal = make_used_seal(office)
    stamped(seal)
    with django_assert_max_num_queries(9):
        stamped(seal)


def test_altered_documents_and_signatures_are_told_apart(office):
    seal = make_used_seal(office)
    der = stamped(seal)
    assert failed(judge_signature(der, b"0" * 32)) == ["原文"]
    read = read_signature(der)
    assert failed(judge_signature(der.replace(read.digest, b"1" * 32), b"1" * 32)) == ["签名值"]
    name = "水务局".encode()
    forged = der.replace(name, "税务局".encode())
    assert {"签名值", "印章签名"} <= set(failed(judge_signature(forged, DIGEST)))
    for junk in (b"", b"junk", der[:-5], der + b"x"):
        steps = judge_signature(junk, DIGEST)
        assert [step.ok for step in steps] == [False]


def test_a_certificate_that_is_not_in_the_seal_signs_in_vain(office):
    seal = make_used_seal(office)
    edition = edition_in_force(seal.pk)
    thief = key_for("department:thief", "seals", "sm2", title="别人")
    signed = to_sign(bytes(edition.der), at=now(), digest=DIGEST, property_info="")
    der = signature_of(signed, certificate=thief.certificate, signature=sign(thief, signed))
    assert failed(judge_signature(der, DIGEST)) == ["签章人"]


def test_a_stolen_picture_in_a_self_made_seal_is_no_seal_of_the_register(office):
    seal = make_used_seal(office)
    der = bytes(edition_in_force(seal.pk).der)
    assert failed(judge_seal(der)) == []
    assert failed(judge_seal(der.replace(b"5116020", b"5116021", 1))) == ["印章签名", "印章备案状态"]


def test_what_was_stamped_before_stays_good_after_suspension_and_replacement(office):
    seal = make_used_seal(office)
    der = stamped(seal)
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        suspend_seal(actor=SETTER_UP, seal_id=seal.pk, reason="停用一段时间")
    with time_machine.travel(now() + timedelta(minutes=10), tick=False):
        assert failed(judge_signature(der, DIGEST)) == []
        assert seal_status(seal.number).state == "suspended"
        # The same bytes, had they been signed now.
        later = judge_signature(der, DIGEST, now())
        assert failed(later) == ["印章备案状态"]
        application = apply_to_change(
            actor=SETTER_UP, seal_id=seal.pk, kind="replace", reason="重新制作印章", document="签报1号"
        )
        decide_application(actor=SETTER_UP, application_id=application.pk, approve=True)
    with time_machine.travel(now() + timedelta(minutes=20), tick=False):
        make_seal(actor=SETTER_UP, seal_id=seal.pk)
        register_seal(actor=SETTER_UP, seal_id=seal.pk)
    with time_machine.travel(now() + timedelta(minutes=30), tick=False):
        assert failed(judge_signature(der, DIGEST)) == []


def test_a_moment_that_has_not_come_is_not_believed(office):
    seal = make_used_seal(office)
    edition = edition_in_force(seal.pk)
    key = key_for(f"seal:{seal.pk}", "edition-01", "sm2")
    signed = to_sign(bytes(edition.der), at=now() + timedelta(days=1), digest=DIGEST, property_info="")
    der = signature_of(signed, certificate=key.certificate, signature=sign(key, signed))
    assert failed(judge_signature(der, DIGEST)) == ["签章时间"]


def test_the_moment_is_that_of_the_time_stamp_and_not_the_one_claimed(office):
    seal = make_used_seal(office)
    edition = edition_in_force(seal.pk)
    key = key_for(f"seal:{seal.pk}", "edition-01", "sm2")

    def signed_at(moment, stamped_value=None):
        signed = to_sign(bytes(edition.der), at=moment, digest=DIGEST, property_info="")
        value = sign(key, signed)
        proof = time_stamp(bytes.fromhex(sm3(stamped_value or value)), "sm2")
        return signature_of(signed, certificate=key.certificate, signature=value, time_stamp=proof)

    suspend_seal(actor=SETTER_UP, seal_id=seal.pk, reason="停用一段时间")
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        backdated = signed_at(now() - timedelta(minutes=5))
        assert failed(judge_signature(backdated, DIGEST)) == ["印章备案状态"], "suspended when it was really signed"
        assert "时间戳" in failed(judge_signature(signed_at(now(), b"another value"), DIGEST))


def test_the_status_of_a_number():
    assert seal_status("5116029999999") is None
    assert seal_status("") is None
    seal = make_used_seal()
    assert seal_status(seal.number, now() - timedelta(days=1)).state == "unknown"
    assert seal_status(seal.number, datetime(2040, 1, 1, tzinfo=UTC)).state == "expired"
    assert Standing.objects.filter(seal=seal, until=None).count() == 1
