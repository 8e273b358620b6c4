"""待我审核: everything that awaits an official, of every kind, and none of his own."""

from __future__ import annotations

import pytest

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.letters.tests.factories import make_template
from tongban.foundation.notifications.models import Message
from tongban.foundation.notifications.tests.factories import make_notice
from tongban.services.authoring.queries.waiting import work_waiting
from tongban.services.decisions.tests.factories import make_rules
from tongban.services.forms.actions import publish_part, refuse_part, share_part
from tongban.services.forms.errors import FormRefused, OwnPart, PartNotForReview, PartUnderReview
from tongban.services.forms.queries import library
from tongban.services.items.actions import propose
from tongban.services.items.tests.factories import handed_in, make_item
from tongban.services.licences.actions import answer_scene, confirm_batch, open_scene, settle_scene
from tongban.services.licences.tests.factories import make_batch, make_licence, make_scene, make_type_in_review, old_row

pytestmark = pytest.mark.django_db
BANK = {"key": "bank", "title": "收款账户", "fields": [{"key": "card", "label": "卡号", "type": "text"}]}


@pytest.fixture
def item():
    return make_item().item


@pytest.fixture
def writer(item):
    return officer("item_manager", department=item.department)


@pytest.fixture
def reviewer(item):
    return officer("item_manager", department=item.department)


def test_one_page_lists_what_awaits_him_and_the_menu_counts_it(
    client, item, writer, reviewer, django_assert_max_num_queries
):
    handed_in(writer, item, summary="新的。")
    propose(actor=writer, code=item.code, act="suspend", reason="系统升级")
    share_part(actor=writer, key="bank", content=BANK, department_id=item.department_id)
    make_template(department_id=item.department_id)
    make_notice(department_id=item.department_id)
    make_rules(item.department, item_code=item.code, status="in_review", published_at=None)
    make_type_in_review(writer)
    sign_in(client, reviewer)
    html = client.get("/console/waiting/").content.decode()
    for kind in ("事项", "事项变更", "文书", "通知", "公共库内容", "审批规则", "证照类型"):
        assert f'<span class="tb-tag">{kind}</span>' in html
    with django_assert_max_num_queries(16):
        assert ">7<" in client.get("/console/waiting/count/").content.decode()
    assert "有7件等您审核" in client.get("/console/waiting/count/?words=1").content.decode()
    assert 'hx-get="/console/waiting/count/"' in client.get("/console/").content.decode()
    sign_in(client, writer)
    assert ">3<" in client.get("/console/waiting/count/").content.decode()  # what a third person wrote
    sign_in(client, officer("item_manager"))
    assert "没有等您审核的" in client.get("/console/waiting/").content.decode()


def waits(actor):
    return [(one.kind, one.by) for one in work_waiting(actor)]


def told(actor):
    return list(Message.objects.filter(recipient_id=actor.account_id).values_list("title", flat=True))


def test_whoever_confirms_old_licences_or_takes_a_scenes_next_step_sees_it_and_is_told(client, item, writer):
    approver, guard = officer("approver", department=item.department), officer("security_admin")
    batch = make_batch(writer, old_row())
    assert waits(approver) == [("历史证照批次", writer.account_id)]
    assert told(approver) == [f"等您核对签发：{batch.gathering.type_name}　台账.csv"]
    assert (waits(writer), told(writer)) == ([], [])
    sign_in(client, approver)
    assert "台账.csv" in client.get("/console/waiting/").content.decode()
    assert 'href="/console/licences/gathering/"' in client.get("/console/").content.decode()
    confirm_batch(actor=approver, batch_id=batch.pk)
    assert waits(approver) == []
    issuer = officer("approver")
    scene = make_scene(writer, make_licence(issuer), name="复核经营范围")
    assert waits(issuer) == [("共享应用场景", writer.account_id)]
    assert told(issuer) == ["等您答复：复核经营范围"]
    answer_scene(actor=issuer, scene_id=scene.pk, agrees=True, note="同意")
    assert (waits(issuer), waits(writer)) == ([], [("共享应用场景", issuer.account_id)])
    settle_scene(actor=writer, scene_id=scene.pk, process="审核员在复核环节查一次")
    assert (waits(writer), waits(guard)) == ([], [("共享应用场景", writer.account_id)])
    assert told(guard) == ["等您核对开通：复核经营范围"]
    sign_in(client, guard)
    home = client.get("/console/").content.decode()
    assert 'href="/console/licences/scenes/"' in home
    assert 'hx-get="/console/waiting/count/"' in home
    open_scene(actor=guard, scene_id=scene.pk, note="依据和流程已核对")
    assert waits(guard) == []
    assert "已确认：复核经营范围" in told(writer)
    assert waits(officer("clerk")) == []


def test_a_part_is_in_the_library_when_a_second_person_took_it_in(item, writer, reviewer):
    shared = share_part(actor=writer, key="bank", content=BANK, department_id=item.department_id)
    assert library(reviewer) == []
    with pytest.raises(OwnPart):
        publish_part(actor=writer, version_id=shared.pk)
    with pytest.raises(PartUnderReview):
        share_part(actor=writer, key="bank", content={**BANK, "title": "别的"})
    publish_part(actor=reviewer, version_id=shared.pk)
    assert [row.title for row in library(reviewer)] == ["收款账户"]
    assert "公共库内容" in Message.objects.get(recipient_id=writer.account_id).body
    with pytest.raises(PartNotForReview):
        refuse_part(actor=reviewer, version_id=shared.pk, reason="晚了")


def test_a_part_refused_leaves_the_version_before_it(client, item, writer, reviewer):
    first = share_part(actor=writer, key="bank", content=BANK, department_id=item.department_id)
    publish_part(actor=reviewer, version_id=first.pk)
    newer = share_part(actor=writer, key="bank", content={**BANK, "title": "银行账户"})
    with pytest.raises(FormRefused):
        refuse_part(actor=reviewer, version_id=newer.pk, reason="")
    sign_in(client, reviewer)
    page = "/console/authoring/library/bank/"
    assert "第2版等待审核" in client.get(page).content.decode()
    assert client.post(f"{page}answer/", {"answer": "refuse"}).status_code == 422
    html = client.post(f"{page}answer/", {"answer": "refuse", "reason": "名称不清楚"}, follow=True).content.decode()
    assert "名称不清楚" in html
    assert [row.version for row in library(reviewer)] == [1]
    assert share_part(actor=writer, key="bank", content={**BANK, "title": "收款银行账户"}).version == 3
    client.post(f"{page}answer/", {"answer": "publish"})
    assert [row.version for row in library(reviewer)] == [3]
