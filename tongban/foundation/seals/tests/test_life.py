"""A seal from the application to its end: each step by the right person, and none by the wrong one."""

from __future__ import annotations

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.seals.actions import (
    apply_for_seal,
    apply_to_change,
    decide_application,
    hand_over,
    make_seal,
    register_seal,
    resume_seal,
    suspend_seal,
)
from tongban.foundation.seals.errors import (
    ApplicationRefused,
    CannotBeDrawn,
    NoSeal,
    NotAKeeper,
    NotWaiting,
    ReasonMissing,
    SamePerson,
    WrongState,
)
from tongban.foundation.seals.models import Application, Seal
from tongban.foundation.seals.queries import (
    edition_in_force,
    picture_of,
    seal_for,
    seal_for_actor,
    seal_status,
    seals,
    story_of,
    whole_seal,
)
from tongban.foundation.seals.rules import read_seal

from .factories import SETTER_UP, make_application, make_approved, make_used_seal

pytestmark = pytest.mark.django_db
WHY = {"reason": "原印章图样磨损需要更换", "document": "内部签报〔2026〕3号"}


@pytest.fixture
def office():
    return make_department("区水务局", name="广安市广安区水务局")


@pytest.fixture
def approver(office):
    return officer("approver", department=office)


@pytest.fixture
def keeper(office):
    return officer("reviewer", department=office)


@pytest.fixture
def registrar():
    return officer("security_admin")


def applied(approver, keeper, **changes):
    given = {"kind": "legal", "name": "广安市广安区水务局", "uses": ["letter"], "control": "one"}
    rest = {"keeper_id": keeper.account_id, "reason": "单位成立需要印章", "document": "机编〔2024〕1号"}
    return apply_for_seal(actor=approver, **given | rest | changes)


def test_from_the_application_to_the_register(approver, keeper, registrar, office):
    application = applied(approver, keeper)
    seal = decide_application(actor=registrar, application_id=application.pk, approve=True).seal
    assert (seal.state, seal.number[:6], len(seal.number)) == ("approved", "511602", 13)
    edition = make_seal(actor=registrar, seal_id=seal.pk)
    assert seal_for(office.pk, "letter") is None
    assert register_seal(actor=registrar, seal_id=seal.pk).state == "in_use"
    assert seal_for(office.pk, "letter") == seal
    assert seal_for(office.pk, "licence") is None
    read = read_seal(bytes(edition.der))
    assert (read.data.version, read.data.type, read.data.name) == (4, 1, "广安市广安区水务局")
    assert (read.data.face.width_mm, read.data.face.kind, len(read.data.certificates)) == (42, "PNG", 2)
    picture = picture_of(seal.pk)
    assert picture.png.startswith(b"\x89PNG")
    assert picture.svg.startswith("<svg")
    assert seal_status(seal.number).state == "in_use"
    assert seal_status(edition.number).state == "in_use"
    told = [event.what for event in story_of(whole_seal(registrar, seal.pk))]
    assert told == ["applied_new", "application_approved", "made", "registered"]
    names = set(Fact.objects.filter(name__startswith="seals.").values_list("name", flat=True))
    assert names == {"seals.applied", "seals.application_decided", "seals.made", "seals.registered"}


def test_an_application_hears_every_reason(approver, keeper):
    with pytest.raises(ApplicationRefused) as refused:
        applied(
            approver, keeper, name="水务局", uses=[], control="", reason="", document="", keeper_id=approver.account_id
        )
    codes = {reason.code.partition(".")[2] for reason in refused.value.reasons}
    assert codes == {"not_registered", "uses", "control", "reason", "basis", "keeper"}


def test_one_standing_seal_of_the_same_words(approver, keeper, office):
    make_used_seal(office)
    with pytest.raises(ApplicationRefused, match="更正"):
        applied(approver, keeper)


def test_whoever_applied_does_not_decide(office):
    application = make_application(office)
    registrar = officer("security_admin")
    Application.objects.filter(pk=application.pk).update(applied_by=registrar.account_id)
    with pytest.raises(SamePerson):
        decide_application(actor=registrar, application_id=application.pk, approve=True)


def test_a_returned_application_says_why_and_is_decided_once(approver, keeper, registrar):
    application = applied(approver, keeper)
    with pytest.raises(NotAllowed):
        decide_application(actor=approver, application_id=application.pk, approve=True)
    with pytest.raises(ReasonMissing):
        decide_application(actor=registrar, application_id=application.pk, approve=False)
    decide_application(actor=registrar, application_id=application.pk, approve=False, opinion="缺少机构设立文件")
    with pytest.raises(NotWaiting):
        decide_application(actor=registrar, application_id=application.pk, approve=True)
    assert not Seal.objects.exists()


def test_steps_do_not_jump(registrar, office):
    seal = make_approved(office)
    for step in (register_seal, suspend_seal, resume_seal):
        more = {} if step is register_seal else {"reason": "随便写的原因"}
        with pytest.raises(WrongState):
            step(actor=registrar, seal_id=seal.pk, **more)
    make_seal(actor=registrar, seal_id=seal.pk)
    with pytest.raises(WrongState):
        make_seal(actor=registrar, seal_id=seal.pk)


def test_a_sign_no_font_has_is_said_before_anything_is_made(registrar):
    seal = make_approved(make_department(name="广安区\U000313a5务局"))
    with pytest.raises(CannotBeDrawn):
        make_seal(actor=registrar, seal_id=seal.pk)
    assert not seal.editions.exists()


def test_suspended_and_resumed_by_different_persons(registrar, office, keeper):
    seal = make_used_seal(office)
    with pytest.raises(ReasonMissing):
        suspend_seal(actor=registrar, seal_id=seal.pk, reason="")
    suspend_seal(actor=registrar, seal_id=seal.pk, reason="保管人调离，暂停使用")
    assert seal_status(seal.number).state in ("in_use", "suspended")  # within the same second it may still be in use
    assert seal_for(office.pk, "licence") is None
    with pytest.raises(SamePerson):
        resume_seal(actor=registrar, seal_id=seal.pk, reason="已经确定新的保管人")
    with pytest.raises(NotAllowed):
        resume_seal(actor=keeper, seal_id=seal.pk, reason="已经确定新的保管人")
    resume_seal(actor=officer("security_admin"), seal_id=seal.pk, reason="已经确定新的保管人")
    assert seal_for(office.pk, "licence") == seal
    told = [event.what for event in story_of(whole_seal(registrar, seal.pk))]
    assert told[-2:] == ["suspended", "resumed"]


def test_a_keeper_stops_his_seal_a_colleague_does_not(approver, keeper, registrar, office):
    application = applied(approver, keeper)
    seal = decide_application(actor=registrar, application_id=application.pk, approve=True).seal
    make_seal(actor=registrar, seal_id=seal.pk)
    register_seal(actor=registrar, seal_id=seal.pk)
    with pytest.raises(NotAllowed):
        suspend_seal(actor=officer("clerk", department=office), seal_id=seal.pk, reason="我觉得应该停用")
    assert suspend_seal(actor=keeper, seal_id=seal.pk, reason="密钥介质疑似外借").state == "suspended"


def test_custody_goes_from_hand_to_hand(approver, keeper, office):
    seal = make_used_seal(office, keeper_id=keeper.account_id)
    other = officer("clerk", department=office)
    with pytest.raises(NotAllowed):
        hand_over(actor=other, seal_id=seal.pk, keeper_id=other.account_id, reason="工作需要移交")
    with pytest.raises(NotAKeeper):
        hand_over(actor=keeper, seal_id=seal.pk, keeper_id=approver.account_id, reason="工作需要移交")
    hand_over(actor=keeper, seal_id=seal.pk, keeper_id=other.account_id, reason="工作需要移交")
    kept = [(row.keeper_id, row.until is None) for row in seal.custodies.all()]
    assert kept == [(keeper.account_id, False), (other.account_id, True)]


def test_another_making_takes_over_when_it_is_registered(approver, registrar, office):
    seal = make_used_seal(office)
    first = edition_in_force(seal.pk)
    with pytest.raises(WrongState):
        make_seal(actor=registrar, seal_id=seal.pk)
    application = apply_to_change(actor=approver, seal_id=seal.pk, kind="replace", **WHY)
    with pytest.raises(NotWaiting):
        apply_to_change(actor=approver, seal_id=seal.pk, kind="cancel", **WHY)
    decide_application(actor=registrar, application_id=application.pk, approve=True)
    second = make_seal(actor=registrar, seal_id=seal.pk)
    assert edition_in_force(seal.pk) == first
    assert bytes(second.certificate) != bytes(first.certificate)
    register_seal(actor=registrar, seal_id=seal.pk)
    assert edition_in_force(seal.pk) == second
    assert second.number.endswith("-02")
    with pytest.raises(WrongState):
        register_seal(actor=registrar, seal_id=seal.pk)


def test_the_end_of_a_seal(approver, registrar, office):
    seal = make_used_seal(office)
    application = apply_to_change(actor=approver, seal_id=seal.pk, kind="cancel", **WHY)
    decide_application(actor=registrar, application_id=application.pk, approve=True)
    seal.refresh_from_db()
    assert (seal.state, edition_in_force(seal.pk)) == ("cancelled", None)
    with pytest.raises(WrongState):
        apply_to_change(actor=approver, seal_id=seal.pk, kind="replace", **WHY)
    make_used_seal(office)  # the words are free again


def test_a_seal_is_seen_by_its_department_and_the_registrar_alone(approver, registrar, office):
    seal = make_used_seal(office)
    stranger = officer("approver")
    with pytest.raises(NoSeal):
        seal_for_actor(stranger, seal.pk)
    assert seals(stranger).rows == []
    for one in (approver, registrar, officer("supervisor", department=office)):
        assert seals(one, filters={"text": "水务", "state": "in_use"}).rows == [seal]


def test_lists_cost_the_same_for_one_and_for_many(django_assert_num_queries, registrar):
    for _ in range(3):
        make_used_seal()
    with django_assert_num_queries(1):
        assert len([row.department.short_name for row in seals(registrar).rows]) == 3


def test_a_personal_seal_is_of_somebody_of_the_department(approver, keeper, office):
    with pytest.raises(ApplicationRefused):
        applied(approver, keeper, kind="personal", name="周丽", holder_id=officer("clerk").account_id)
    application = applied(approver, keeper, kind="personal", name="周丽", holder_id=keeper.account_id)
    assert application.holder_id == keeper.account_id


def test_set_up_makes_a_seal_without_staff():
    assert make_used_seal().state == "in_use"
    assert SETTER_UP.account_id is None
