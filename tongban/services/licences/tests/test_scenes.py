"""Sharing scenes: four steps by three parties; without an open one the law opens nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.organisations.queries import department
from tongban.services.licences.actions import answer_scene, look_up, open_scene, settle_scene, stop_scene
from tongban.services.licences.errors import NoConsent, SceneMoved, SceneRefused
from tongban.services.licences.models import Scene
from tongban.services.licences.queries import ledger_of
from tongban.services.licences.rules.scenes import asked_faults

from .factories import make_licence, make_scene

pytestmark = pytest.mark.django_db
LAW = "食品安全法第一百一十条"
HOME = "/console/licences/scenes/"


@pytest.fixture
def holder():
    return citizen()


@pytest.fixture
def issuer():
    return officer("approver")


@pytest.fixture
def licence(issuer, holder):
    return make_licence(issuer, holder)


@pytest.fixture
def body():
    return officer("item_manager")


@pytest.fixture
def guard():
    return officer("security_admin")


def ask(body, licence, **changes):
    return make_scene(body, licence, **{"name": "复核经营范围"} | changes)


def opened(body, issuer, guard, licence, **changes):
    scene = ask(body, licence, **changes)
    answer_scene(actor=issuer, scene_id=scene.pk, agrees=True, note="同意", fields=["scope"])
    settle_scene(actor=body, scene_id=scene.pk, process="审核员在复核环节查一次")
    return open_scene(actor=guard, scene_id=scene.pk, note="依据和流程已核对")


def look(body, licence):
    clerk = officer("clerk", department=department(body.department_id))
    return look_up(
        actor=clerk, number=licence.holder_number, type_code=licence.type_code, purpose="补贴审核", case_no="示例1"
    )


def test_four_steps_open_what_the_issuer_agreed_to(body, issuer, guard, licence, holder):
    scene = ask(body, licence)
    with pytest.raises(NoConsent):
        look(body, licence)
    with pytest.raises(SceneMoved):
        open_scene(actor=guard, scene_id=scene.pk, note="太早了")
    answer_scene(actor=issuer, scene_id=scene.pk, agrees=True, note="同意", fields=["scope"])
    settle_scene(actor=body, scene_id=scene.pk, process="审核员在复核环节查一次")
    with pytest.raises(NoConsent):
        look(body, licence)
    scene = open_scene(actor=guard, scene_id=scene.pk, note="已核对")
    seen = look(body, licence)
    assert (seen.way, seen.ground, seen.fields) == ("law", LAW, {"scope": "tea"})
    latest = ledger_of(holder).rows[0]
    assert (latest.given, latest.ground, latest.scene_id, latest.purpose) == (True, LAW, scene.pk, "补贴审核")
    assert set(scene.steps) == {"define", "data", "process", "connect"}
    names = ["licences.scene_asked", "licences.scene_answered", "licences.scene_settled", "licences.scene_opened"]
    assert (
        list(Fact.objects.filter(stream=f"scene:{scene.pk}").order_by("position").values_list("name", flat=True))
        == names
    )


@pytest.mark.parametrize("who", ["body", "issuer", "guard"])
def test_any_of_the_three_may_stop_it(body, issuer, guard, licence, who):
    scene = opened(body, issuer, guard, licence)
    with pytest.raises(SceneRefused):
        stop_scene(actor={"body": body, "issuer": issuer, "guard": guard}[who], scene_id=scene.pk, reason="")
    stop_scene(actor={"body": body, "issuer": issuer, "guard": guard}[who], scene_id=scene.pk, reason="不再需要")
    with pytest.raises(NoConsent):
        look(body, licence)
    with pytest.raises(SceneMoved):
        open_scene(actor=guard, scene_id=scene.pk, note="再开")
    assert ask(body, licence).state == "asked"  # asked for anew


def test_it_ends_with_its_last_day_and_only_for_its_issuers_licences(body, issuer, guard, licence):
    opened(body, issuer, guard, licence)
    other = make_licence(officer("approver"), citizen())
    with pytest.raises(NoConsent):
        look(body, other)
    with time_machine.travel(now() + timedelta(days=31)), pytest.raises(NoConsent):
        look(body, licence)


def test_without_a_ground_in_law_the_holder_is_still_asked(body, issuer, guard, licence):
    opened(body, issuer, guard, licence, ground="")
    with pytest.raises(NoConsent):
        look(body, licence)


def test_who_may_take_which_step(body, issuer, guard, licence):
    scene = ask(body, licence)
    with pytest.raises(NotAllowed):
        answer_scene(
            actor=officer("approver", department=department(body.department_id)),
            scene_id=scene.pk,
            agrees=True,
            note="好的",
        )
    with pytest.raises(NotFound):
        answer_scene(actor=officer("approver"), scene_id=scene.pk, agrees=True, note="好的")
    answer_scene(actor=issuer, scene_id=scene.pk, agrees=False, note="不属于职责")
    with pytest.raises(SceneMoved):
        settle_scene(actor=body, scene_id=scene.pk, process="审核员查一次看看")
    with pytest.raises(NotAllowed):
        open_scene(actor=body, scene_id=scene.pk, note="自己开")
    with pytest.raises(NotAllowed):
        ask(officer("clerk"), licence)


def test_what_is_asked_is_whole(body, issuer, licence):
    with pytest.raises(SceneRefused) as refused:
        ask(body, licence, name="", purpose="", ground="有关规定", fields=["secret"], until_on=None, issuer_id=None)
    assert set(refused.value.fields) == {"name", "purpose", "ground", "fields", "until_on", "issuer"}
    ask(body, licence)
    with pytest.raises(SceneRefused):
        ask(body, licence)
    with pytest.raises(SceneRefused):
        ask(issuer, licence)


@pytest.mark.parametrize(
    ("ground", "good"),
    [("", True), ("食品安全法第一百一十条", True), ("个人信息保护法第34条", True), ("工作需要", False)],
)
def test_a_ground_names_its_article(ground, good):
    faults = asked_faults(
        name="场景", purpose="核对", ground=ground, fields=["a"], known=["a"], until_on=today(), issues=True, own=False, today=today()
    )  # fmt: skip
    assert (faults == []) is good


def test_the_pages_lead_through_the_four_steps(body, issuer, guard, licence):
    bodys, issuers, guards = (sign_in(Client(), actor) for actor in (body, issuer, guard))
    assert bodys.get(f"{HOME}new/").status_code == 200
    form = {
        "type": licence.type_code,
        "issuer": str(licence.issuer_id),
        "name": "复核",
        "purpose": "补贴审核",
        "ground": LAW,
    }
    assert bodys.get(f"{HOME}new/?type={licence.type_code}").status_code == 200
    assert bodys.post(f"{HOME}new/", form).status_code == 422
    until = (today() + timedelta(days=9)).isoformat()
    place = bodys.post(f"{HOME}new/", form | {"fields": ["scope"], "until_on": until})["Location"]
    assert "复核" in issuers.get(HOME).content.decode()
    assert issuers.post(f"{place}answer/", {"answer": "agree", "note": "", "fields": ["scope"]}).status_code == 422
    assert bodys.post(f"{place}answer/", {"answer": "agree", "note": "同意", "fields": ["scope"]}).status_code == 403
    assert issuers.post(f"{place}answer/", {"answer": "agree", "note": "同意", "fields": ["scope"]}).status_code == 302
    assert bodys.post(f"{place}settle/", {"note": "审核员在复核环节查一次"}).status_code == 302
    assert "开通" in guards.get(place).content.decode()
    assert guards.post(f"{place}open/", {"note": "已核对"}).status_code == 302
    look(body, licence)
    assert "示例1" in bodys.get(place).content.decode()
    assert bodys.post(f"{place}dance/").status_code == 404
    assert issuers.post(f"{place}stop/", {"note": "不再给"}).status_code == 302
    assert Scene.objects.get().state == "stopped"
    assert sign_in(Client(), officer("clerk")).get(HOME).status_code == 403
    assert sign_in(Client(), officer("approver")).get(place).status_code == 404
