"""From a draft into review and out of it again."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.services.authoring.actions import begin_item, hand_in, settle_drafts
from tongban.services.authoring.queries.trials import tried
from tongban.services.cases.queries.rehearsals import kept
from tongban.services.items.actions import publish_version, return_version
from tongban.services.items.models import ItemVersion
from tongban.services.items.tests.factories import make_item

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    actor = make_manager()
    sign_in(client, actor)
    return actor


def colleague_of(manager):
    from tongban.foundation.organisations.models import Department

    return officer("item_manager", department=Department.objects.get(pk=manager.department_id))


def test_a_draft_goes_into_review_comes_back_and_is_published(client, manager):
    draft = make_item_draft(manager, effective_on=today().isoformat())
    base = f"/console/authoring/{draft.pk}/review/"
    assert "提交审核" in client.get(base).content.decode()
    assert "已经送审" in client.post(f"{base}hand-in/", follow=True).content.decode()
    version = ItemVersion.objects.get(draft_id=draft.pk)
    reviewer = colleague_of(manager)
    return_version(actor=reviewer, version_id=version.pk, reason="请写明依据")
    settle_drafts(version.item_id)
    settle_drafts(version.item_id)
    assert "请写明依据" in client.get(base).content.decode()
    assert Draft.objects.get(pk=draft.pk).state == "open"
    hand_in(manager, draft.pk)
    assert ItemVersion.objects.count() == 1
    publish_version(actor=reviewer, version_id=version.pk, effective_on=today())
    settle_drafts(version.item_id)
    assert Draft.objects.get(pk=draft.pk).state == "done"
    assert "已经完成" in client.get(base).content.decode()


def test_a_drafter_takes_it_out_of_review(client, manager):
    draft = make_item_draft(manager)
    base = f"/console/authoring/{draft.pk}/review/"
    assert client.post(f"{base}recall/").status_code == 409
    client.post(f"{base}hand-in/")
    assert "可以继续修改" in client.post(f"{base}recall/", follow=True).content.decode()
    assert Draft.objects.get(pk=draft.pk).state == "open"


def test_what_keeps_it_back_is_said_in_full(client, manager):
    draft = make_item_draft(manager, questions=[])
    answer = client.post(f"/console/authoring/{draft.pk}/review/hand-in/")
    assert answer.status_code == 422
    assert "改好以后才能送审" in answer.content.decode()


def test_a_copy_shows_how_it_differs_from_its_source(client, manager):
    make_item(department="区市监局")
    draft = begin_item(manager, manager.department_id, "item", "venue-permit")
    html = client.get(f"/console/authoring/{draft.pk}/review/").content.decode()
    assert "与来源的差异" in html
    assert "实施主体由“区市监局”改为“区卫健局”" in html


def test_the_review_shows_what_the_draft_was_tried_with(client, manager):
    draft = make_item_draft(manager)
    url = reverse("authoring-review", args=[draft.pk])
    page = client.get(url)
    assert [one.tab for one, _url in page.context["tried"]] == ["form", "situations", "flow", "flow"]
    assert "试过什么" in page.content.decode()
    row = kept("平常的", draft.content, events=[], started_on=date(2026, 3, 2))
    row["expect"] = {**row["expect"], "in_time": not row["expect"]["in_time"]}
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=[{"op": "add", "path": "/flow/rehearsals", "value": [row]}])
    last, _url = client.get(url).context["tried"][-1]
    assert (last.passed, "平常的" in last.name) == (False, True)


def test_an_unfinished_draft_is_tried_as_far_as_it_goes():
    assert [one.passed for one in tried({})] == [None, True, False]
    assert tried({"form": {"groups": "x", "tests": [{}]}, "situations": [], "flow": {"stages": [{}]}})
