"""个人签名: who signed what, that it cannot be done half, and what a check says of every alteration."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tongban.foundation.audit.models import Fact
from tongban.foundation.files.actions import store
from tongban.foundation.files.models import Content
from tongban.foundation.files.tests import samples
from tongban.foundation.identity.actions import name_deputy
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.tests.factories import (
    citizen,
    company_actor,
    id_number,
    officer,
)
from tongban.foundation.kernel.actors import Actor, Scope, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.trust.actions import rotate
from tongban.foundation.trust.errors import KeyOutOfUse, KeyStoreAway
from tongban.foundation.trust.gateways import keyring
from tongban.foundation.trust.models import Certificate
from tongban.services.cases.actions import (
    Applicant,
    Application,
    decide,
    review,
    sign_application,
    submit,
    supply_correction,
)
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, CaseMaterial, CaseStep, Decision, Draft, Signature
from tongban.services.cases.queries import judged_signatures, signatures_of

from .factories import (
    ANSWERS,
    MATERIALS,
    make_accepted,
    make_case,
    make_corrected,
    make_decided,
    make_draft,
    make_office,
    make_reviewed,
)

pytestmark = pytest.mark.django_db


def judged(actor: Actor, case: Case) -> list[tuple[str, bool | None]]:
    return [(one.row.verb, one.good) for one in judged_signatures(actor, Case.objects.get(pk=case.pk))]


def wrong(actor: Actor, case: Case, verb: str) -> list[str]:
    """What the check of one signature holds against it."""
    found = judged_signatures(actor, Case.objects.get(pk=case.pk))
    return [f"{step.name}：{step.words}" for one in found if one.row.verb == verb for step in one.steps if not step.ok]


def test_everybody_who_applies_gives_an_opinion_or_decides_signs_it() -> None:
    office, applicant = make_office(), citizen()
    case = make_decided(office, applicant)
    assert judged(office.approver, case) == [("submit", True), ("accept", True), ("review", True), ("decide", True)]
    rows = {row.verb: row for row in Signature.objects.filter(case=case)}
    assert rows["submit"].account_id == applicant.account_id
    assert rows["decide"].account_id == office.approver.account_id
    said = json.loads(rows["decide"].text)
    assert (said["said"]["result"], said["stage"]) == ("granted", "decide")
    assert (said["application"], said["previous"]) == (rows["submit"].digest, rows["review"].digest)
    assert said["contents"] == json.loads(rows["submit"].text)["contents"]


def test_the_audit_trail_names_every_signature() -> None:
    case = make_decided(make_office())
    facts = Fact.objects.filter(stream=f"case:{case.pk}", data__has_key="signature").order_by("position")
    assert [fact.data["signature"] for fact in facts] == list(
        Signature.objects.filter(case=case).order_by("id").values_list("digest", flat=True)
    )


def test_the_applicant_sees_what_is_meant_for_him_and_staff_see_his_name_masked() -> None:
    office, applicant = make_office(), citizen()
    case = make_decided(office, applicant)
    assert [row.verb for row in signatures_of(applicant, case)] == ["submit", "accept", "decide"]
    mine, for_staff = (judged_signatures(who, case)[0] for who in (applicant, office.approver))
    assert mine.who == "李华"
    assert for_staff.who == "李*"
    assert not any("李华" in step.words for step in for_staff.steps)


def test_whoever_acts_for_a_company_signs_in_its_name() -> None:
    agent = company_actor()
    case = make_case(make_office(), agent)
    signer = json.loads(Signature.objects.get(case=case).text)["signer"]
    assert signer["name"] != agent.name
    assert (signer["for"]["name"], bool(signer["for"]["mandate"])) == (agent.name, True)
    assert "（代" in judged_signatures(agent, case)[0].who


def test_a_deputy_signs_with_his_own_key_in_anothers_name() -> None:
    office = make_office()
    case = make_reviewed(office)
    held = name_deputy(
        actor=office.approver,
        account_id=officer("approver", department=office.department).account_id,
        starts_on=today(),
        until_on=today(),
    )
    deputy = actor_of(held.account, f"deputy:{held.pk}")
    decide(actor=deputy, case_id=case.pk, result="granted")
    row = Signature.objects.get(case=case, verb="decide")
    assert (row.account_id, row.for_account_id) == (deputy.account_id, office.approver.account_id)
    assert json.loads(row.text)["signer"]["for"]["account"] == str(office.approver.account_id)
    assert judged(office.approver, case)[-1] == ("decide", True)


def test_what_a_system_sends_carries_no_persons_signature() -> None:
    office = make_office()
    grants = {"cases.apply": Scope.DEPARTMENT}
    system = Actor(kind="system", department_id=office.department.pk, grants=grants)
    sent = Application(
        item_code=office.version.content["code"], situation={"venue": "hotel"}, answers=ANSWERS, materials=MATERIALS,
        applicant=Applicant("person", "李华", id_number()),
    )  # fmt: skip
    case_id = submit(actor=system, payload=sent, idempotency_key="system").case_id
    assert not Signature.objects.filter(case=case_id).exists()


def test_a_signature_is_never_changed_or_deleted() -> None:
    case = make_case()
    for change in (lambda: case.signatures.update(verb="decide"), lambda: case.signatures.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# -- what a check says ---------------------------------------------------------------------------------------------------


def decision(case: Case, **change: Any) -> None:
    Signature.objects.filter(case=case, verb="decide").update(**change)


def said_otherwise(case: Case) -> None:
    decision(case, text=case.signatures.get(verb="decide").text.replace("granted", "refused"))


def somebody_elses(case: Case) -> None:
    decision(case, account_id=case.signatures.get(verb="review").account_id)


def add_material(case: Case) -> None:
    CaseMaterial.objects.create(case=case, key="more", name="补充说明", way="1")


TAMPERING: list[tuple[str, Callable[[Case], Any], list[str]]] = [
    ("answers", lambda case: Case.objects.update(answers={"name": "别家"}), ["申请内容：申请表的内容与签名时不同。"]),
    ("situation", lambda case: Case.objects.update(situation={}), ["申请内容：情形的回答与签名时不同。"]),
    ("delivery", lambda case: Case.objects.update(delivery_wish={"way": "post"}), ["申请内容：领取结果的方式与签名时不同。"]),
    ("a material's way", lambda case: CaseMaterial.objects.filter(key="plan").update(waive_mode="4"),
     ["申请内容：材料“平面图”与签名时不同。"]),
    ("a material gone", lambda case: CaseMaterial.objects.filter(key="plan").delete(),
     ["申请内容：材料“plan”签名时有，现在没有。"]),
    ("a material more", add_material, ["申请内容：材料“补充说明”签名时没有，是后来加进来的。"]),
    ("the result", lambda case: Decision.objects.update(result="partly", reasons="x", remedies="x"),
     ["所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]),
    ("the time line", lambda case: case.events.filter(verb="decide").update(note="别的"),
     ["所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]),
    ("the record", said_otherwise,
     ["SM2 签名：签名与内容不符，内容可能被改动过。", "审计记录：登记的内容与签名的内容不一致。",
      "所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]),
    ("the signer", somebody_elses,
     ["签名人：签名所用的密钥不是这个账号的个人密钥。", "所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]),
    ("the moment", lambda case: decision(case, signed_at=now()),
     ["审计记录：登记的内容与签名的内容不一致。", "所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]),
    ("the trail", lambda case: Fact.objects.filter(name="cases.decided").update(data={}),
     ["审计记录：审计记录里没有这次签名。"]),
    ("nothing", lambda case: None, []),
]  # fmt: skip


def test_the_check_names_the_very_part_that_differs() -> None:
    """Each alteration as somebody who holds the database could make it, past every guard, and then undone."""
    office = make_office()
    case = make_decided(office)
    for name, change, found in TAMPERING:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            change(case)
            assert wrong(office.approver, case, "decide") == found, name
            transaction.set_rollback(True)


def test_an_opinion_altered_afterwards_is_told() -> None:
    office = make_office()
    case = make_reviewed(office)
    assert wrong(office.approver, case, "review") == []
    CaseStep.objects.filter(case=case, kind="review").update(opinion="不同意")
    assert wrong(office.approver, case, "review") == ["所作的意见、决定：登记的意见、结论或者理由与签名时不同。"]


def with_file(applicant: Actor) -> tuple[Any, dict[str, Any]]:
    file = store(actor=applicant, upload=samples.pdf(), name="plan.pdf", purpose="material")
    return file, {"plan": [{"way": "2", "file_id": str(file.pk)}], "identity": [{"way": "7", "waive_mode": "1"}]}


def test_a_file_altered_in_the_store_or_in_its_row_is_named(settings, tmp_path: Path) -> None:
    office, applicant = make_office(), citizen()
    file, materials = with_file(applicant)
    case = make_case(office, applicant, materials=materials)
    assert judged(applicant, case) == [("submit", True)]
    Content.objects.filter(pk=file.content_id).update(sm3="0" * 64)
    assert judged(applicant, case) == [("submit", True)], "what counts is the bytes"
    stored = next(Path(settings.MEDIA_ROOT).rglob(file.sha256))
    before = stored.read_bytes()
    stored.chmod(0o600)
    try:
        stored.write_bytes(before + b" ")
        assert wrong(applicant, case, "submit") == [f"申请内容：文件“{file.name}”与签名时不同。"]
    finally:
        stored.write_bytes(before)


def test_what_comes_later_by_law_does_not_break_what_was_signed_before() -> None:
    office, applicant = make_office(), citizen()
    case = make_corrected(office, applicant)
    _file, materials = with_file(applicant)
    supply_correction(actor=applicant, case_id=case.pk, materials={"plan": materials["plan"]})
    assert judged(applicant, case) == [("submit", True), ("ask_correction", True), ("supply_correction", True)]


# -- keys and certificates -----------------------------------------------------------------------------------------------


def certificate_of(actor: Actor) -> Certificate:
    return Certificate.objects.get(owner=f"account:{actor.account_id}", state="valid", key__retired_at=None)


def test_a_certificate_names_the_person_and_no_number() -> None:
    make_case(applicant=(applicant := citizen()))
    found = certificate_of(applicant)
    assert (found.subject, found.kind, found.algorithm) == ("李华", "person", "sm2")


def test_what_an_old_key_signed_is_good_after_a_new_one() -> None:
    office, applicant = make_office(), citizen()
    first = make_case(office, applicant)
    admin = installer("trust.decide")
    rotate(actor=admin, owner=f"account:{applicant.account_id}", name="personal", algorithm="sm2")
    second = make_case(office, applicant)
    kids = {Signature.objects.get(case=case).signatures[0]["kid"] for case in (first, second)}
    assert len(kids) == 2
    assert judged(applicant, first) == judged(applicant, second) == [("submit", True)]


@pytest.mark.parametrize(("reason", "good"), [("superseded", True), ("key_compromise", None)])
def test_a_revocation_counts_from_its_moment(reason: str, good: bool | None) -> None:
    case = make_case(applicant=(applicant := citizen()))
    Certificate.objects.filter(pk=certificate_of(applicant).pk).update(state="revoked", reason=reason, state_at=now())
    assert judged(applicant, case) == [("submit", good)]


def test_whose_certificate_is_out_of_use_decides_nothing() -> None:
    office = make_office()
    case = make_reviewed(office)
    decided = make_decided(office)  # so that he has a certificate
    Certificate.objects.filter(pk=certificate_of(office.approver).pk).update(
        state="suspended", reason="certificate_hold", state_at=now()
    )
    keyring.take_off()
    with pytest.raises(KeyOutOfUse):
        decide(actor=office.approver, case_id=case.pk, result="granted")
    assert not Decision.objects.filter(case=case).exists()
    assert judged(office.reviewer, decided)[-1] == ("decide", True)


def test_the_store_away_in_mid_deciding_leaves_nothing_half_done(settings, tmp_path: Path) -> None:
    office = make_office()
    case = make_accepted(office)
    folder = settings.KEY_FOLDER
    settings.KEY_FOLDER = tmp_path / "keys"
    settings.KEY_FOLDER.write_text("no folder")
    keyring.take_off()
    with pytest.raises(KeyStoreAway):
        review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    assert not CaseStep.objects.filter(case=case, state="done").exists()
    settings.KEY_FOLDER = folder
    review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    assert judged(office.reviewer, case)[-1] == ("review", True)


def test_an_application_is_not_lost_with_the_store_and_is_signed_later(settings, tmp_path: Path) -> None:
    office, applicant = make_office(), citizen()
    folder = settings.KEY_FOLDER
    settings.KEY_FOLDER = tmp_path / "keys"
    settings.KEY_FOLDER.write_text("no folder")
    case = make_case(office, applicant)
    assert not case.signatures.exists()
    assert "补签" in case.events.get().note
    with pytest.raises(KeyStoreAway):
        sign_application(actor=applicant, case_id=case.pk)
    settings.KEY_FOLDER = folder
    sign_application(actor=applicant, case_id=case.pk)
    assert judged(applicant, case) == [("sign_application", True)]
    with pytest.raises(CaseRefused):
        sign_application(actor=applicant, case_id=case.pk)


def test_nobody_signs_anothers_application() -> None:
    case = make_case()
    with pytest.raises(NotAllowed):
        sign_application(actor=citizen(), case_id=case.pk)
    with pytest.raises(NotAllowed):
        sign_application(actor=officer("clerk"), case_id=case.pk)


def test_a_known_key_costs_no_query(django_assert_max_num_queries) -> None:
    """Twice the same application: the second time the person's key is open, and his signature goes with the one statement."""
    office, applicant = make_office(), citizen()
    make_case(office, applicant)
    draft = make_draft(office, applicant)
    with django_assert_max_num_queries(5) as queries:
        submit(actor=applicant, draft_id=draft.pk)
    assert not [one for one in queries.captured_queries if "trust_" in one["sql"]]
    assert Draft.objects.get(pk=draft.pk).case_id
