"""The pages on which a definition is reviewed, an item's story is read, and its standing is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.services.items.actions import publish_version, return_version
from tongban.services.items.models import ItemVersion, ServiceItem
from tongban.services.items.queries import story_of

from .factories import handed_in, make_item, new_item

pytestmark = pytest.mark.django_db
HOME = "/console/items/venue-permit/"


@pytest.fixture
def item():
    return make_item().item


@pytest.fixture
def drafter(item):
    return officer("item_manager", department=item.department)


@pytest.fixture
def reviewer(client, item):
    actor = officer("item_manager", department=item.department)
    sign_in(client, actor)
    return actor


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_reviewer_sees_what_waits_what_changed_and_publishes_from_a_day(client, item, drafter, reviewer):
    version = handed_in(drafter, item, promise={"days": 3, "unit": "1"})
    assert f"{HOME}versions/2/" in page(client, "/console/items/reviews/")
    html = page(client, f"{HOME}versions/2/")
    assert "和第1版相比" in html
    assert "承诺办结时限由5个工作日缩短为3个工作日" in html
    assert "没有发现问题" in html
    preview = page(client, f"{HOME}versions/2/guide/?venue=pool")
    assert "只有工作人员看得到" in preview
    assert "水质检测报告" in preview
    yesterday = {"effective_on": (today() - timedelta(days=1)).isoformat()}
    refused = client.post(f"{HOME}versions/2/publish/", yesterday)
    assert refused.status_code == 422
    assert "生效日期不能早于今天" in refused.content.decode()
    later = (today() + timedelta(days=5)).isoformat()
    html = client.post(f"{HOME}versions/2/publish/", {"effective_on": later}, follow=True).content.decode()
    assert "到那天自动生效" in html
    assert "待生效" in html
    html = client.post(f"{HOME}versions/2/take-back/", {"reason": "文件推迟"}, follow=True).content.decode()
    assert "已撤下" in html
    version.refresh_from_db()
    assert version.status == ItemVersion.Status.WITHDRAWN
    assert client.post(f"{HOME}versions/2/publish/", {"effective_on": "x"}).status_code == 422
    assert client.post(f"{HOME}versions/2/no-such-verb/").status_code == 404


def test_who_drafted_it_may_recall_but_not_publish(client, item, reviewer):
    version = handed_in(reviewer, item)
    html = page(client, f"{HOME}versions/2/")
    assert "同意发布" not in html
    assert "收回送审" in html
    day = {"effective_on": today().isoformat()}
    assert client.post(f"{HOME}versions/2/publish/", day).status_code == 403
    assert "可以继续修改" in client.post(f"{HOME}versions/2/recall/", follow=True).content.decode()
    version.refresh_from_db()
    assert version.status == ItemVersion.Status.DRAFT


def test_returning_needs_a_reason_and_keeps_it(client, item, drafter, reviewer):
    handed_in(drafter, item)
    assert client.post(f"{HOME}versions/2/return/", {"reason": ""}).status_code == 422
    client.post(f"{HOME}versions/2/return/", {"reason": "承诺时限请按新文件改"})
    assert "承诺时限请按新文件改" in page(client, f"{HOME}versions/2/")


def proposed(client, item):
    return item.proposals.get(state="open"), f"/console/items/proposals/{item.proposals.get(state='open').pk}/"


def test_suspending_is_proposed_by_one_and_confirmed_by_another_who_sees_what_follows(client, item, drafter, reviewer):
    html = page(client, f"{HOME}suspend/")
    assert "没写完的草稿都保留" in html
    assert client.post(f"{HOME}suspend/", {"reason": ""}).status_code == 422
    html = client.post(f"{HOME}suspend/", {"reason": "系统升级"}, follow=True).content.decode()
    assert "您提出：暂停受理" in html
    assert client.post(f"{HOME}suspend/", {"reason": "再来一次"}).status_code == 409
    _found, address = proposed(client, item)
    assert "确认暂停受理" not in page(client, address)
    assert client.post(f"{address}answer/", {"answer": "confirm"}).status_code == 403
    sign_in(client, drafter)
    html = page(client, address)
    assert "没有正在办理的件" in html
    assert "没有人正在写草稿" in html
    assert client.post(f"{address}answer/", {"answer": "refuse", "reason": ""}).status_code == 422
    html = client.post(f"{address}answer/", {"answer": "confirm"}, follow=True).content.decode()
    assert "原因：系统升级" in html
    assert ServiceItem.objects.get(pk=item.pk).status == "suspended"
    assert client.post(f"{address}answer/", {"answer": "confirm"}).status_code == 409
    html = page(client, f"{HOME}history/")
    assert "有人提出：暂停受理" in html
    assert "提出，" in html


def test_a_proposal_is_refused_or_withdrawn_with_a_reason_and_nothing_changes(client, item, drafter, reviewer):
    client.post(f"{HOME}suspend/", {"reason": "系统升级"})
    _found, address = proposed(client, item)
    client.post(f"{address}answer/", {"answer": "withdraw", "reason": "改到下周"})
    assert "已收回" in page(client, address)
    client.post(f"{HOME}suspend/", {"reason": "系统升级"})
    _found, address = proposed(client, item)
    sign_in(client, drafter)
    client.post(f"{address}answer/", {"answer": "refuse", "reason": "升级不影响收件"})
    assert "升级不影响收件" in page(client, address)
    assert ServiceItem.objects.get(pk=item.pk).status == "in_use"
    sign_in(client, officer("item_manager"))
    page(client, address, 404)


def test_every_act_can_be_asked_for(client, item, drafter, reviewer):
    new_item(drafter, reviewer, "hotels", "000123009003", task_name="宾馆卫生许可")
    publish_version(actor=reviewer, version_id=handed_in(drafter, item, summary="新的。").pk)
    for verb in ("suspend", "resume", "roll-back", "merge", "split", "cancel", "keep"):
        page(client, f"{HOME}{verb}/")
    page(client, f"{HOME}explode/", 404)
    html = client.post(f"{HOME}split/", {"others": ["hotels"], "from_on": "x", "reason": "分开"}).content.decode()
    assert "请选择从哪天起" in html
    answer = client.post(f"{HOME}split/", {"others": ["hotels"], "from_on": today().isoformat(), "reason": "分开"})
    assert "拆分至少要有两个新事项" in answer.content.decode()
    assert "checked" in answer.content.decode()
    back = client.post(f"{HOME}roll-back/", {"version": "1", "reason": "改错了"}, follow=True).content.decode()
    assert "等待另一位同事审核" in back
    assert client.post(f"{HOME}roll-back/", {"version": "99999999", "reason": "改错了"}).status_code == 422
    later = (today() + timedelta(days=9)).isoformat()
    client.post(f"{HOME}cancel/", {"from_on": later, "reason": "国务院决定"})
    _found, address = proposed(client, item)
    sign_in(client, drafter)
    assert "“公共场所卫生许可（新证）”不再收新的申请；代码venue-permit永久冻结" in page(client, address)
    assert "起不再办理" in client.post(f"{address}answer/", {"answer": "confirm"}, follow=True).content.decode()


def test_only_newer_items_are_offered_to_take_a_place_and_everything_missing_is_said_at_once(
    client, item, drafter, reviewer
):
    assert "现在还不能拆分" in page(client, f"{HOME}split/")
    assert "现在还不能合并" in page(client, f"{HOME}merge/")
    for code, number in (("hotels", "3"), ("pools", "4")):
        new_item(drafter, reviewer, code, f"00012300900{number}", task_name=f"{code}许可")
    html = page(client, f"{HOME}split/")
    assert 'value="hotels"' in html
    assert 'value="pools"' in html
    assert 'value="venue-permit"' not in page(client, "/console/items/hotels/split/")
    refused = client.post(f"{HOME}split/", {"others": ["hotels"], "from_on": "2020-01-01"}).content.decode()
    assert all(words in refused for words in ("至少要有两个新事项", "日期不能早于今天", "请写明原因"))


def test_a_split_is_told_on_every_item_it_touches_and_by_names(client, item, drafter, reviewer):
    for code, number in (("hotels", "3"), ("pools", "4")):
        new_item(drafter, reviewer, code, f"00012300900{number}", task_name=f"{code}许可")
    act = {"others": ["hotels", "pools"], "from_on": today().isoformat(), "reason": "分开办"}
    assert "您提出：拆分" in client.post(f"{HOME}split/", act, follow=True).content.decode()
    assert "可以收回" in page(client, "/console/items/hotels/")
    _found, address = proposed(client, item)
    sign_in(client, drafter)
    assert "有同事提出：拆分" in page(client, "/console/items/pools/")
    html = client.post(f"{address}answer/", {"answer": "confirm"}, follow=True).content.decode()
    assert "已拆分" in html
    assert "最后一版" in html
    assert "hotels许可</a>、" in html
    assert "hotels许可" in page(client, f"{HOME}history/")


def test_a_year_reads_like_a_story(client, item, drafter, reviewer, django_assert_max_num_queries):
    version = handed_in(drafter, item, promise={"days": 3, "unit": "1"}, summary="换个说法。")
    return_version(actor=reviewer, version_id=version.pk, reason="请写明依据")
    publish_version(actor=reviewer, version_id=handed_in(drafter, item, consult_phone="0826-3333333").pk)
    with django_assert_max_num_queries(5):
        story = story_of(item)
    assert [chapter.title.split("，")[0] for chapter in story.chapters] == [
        "第1版发布", "第2版送审", "第2版退回修改", "第3版送审", "第3版发布",
    ]  # fmt: skip
    html = page(client, f"{HOME}history/")
    assert "请写明依据" in html
    assert "咨询电话由“0826-2222222”改为“0826-3333333”" in html
    assert "起草，" in html
    assert "没有这样的变化" in page(client, f"{HOME}history/?part=materials")
    assert "咨询电话" in page(client, f"{HOME}history/?part=elements&year={today().year}")
    page(client, f"{HOME}history/?part=nonsense&year=99999")


def test_another_departments_item_is_not_there(client, item, drafter):
    handed_in(drafter, item)
    sign_in(client, officer("item_manager"))
    for path in ("", "history/", "versions/2/", "versions/2/guide/", "suspend/"):
        page(client, HOME + path, 404)
    assert client.post(f"{HOME}versions/2/publish/", {"effective_on": today().isoformat()}).status_code == 404
    assert "没有等您审核的事项" in page(client, "/console/items/reviews/")


def test_a_clerk_reads_the_story_and_changes_nothing(client, item, drafter):
    handed_in(drafter, item)
    sign_in(client, officer("clerk", department=item.department))
    assert "可以做的" not in page(client, HOME)
    assert "同意发布" not in page(client, f"{HOME}versions/2/")
    page(client, f"{HOME}history/")
    assert client.get(f"{HOME}suspend/").status_code == 403
