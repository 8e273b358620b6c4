"""The flow's pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.services.cases.queries.flows import flow_read, flow_remarks, flow_sentence

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return make_manager()


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_item_draft(manager)


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


def test_the_page_shows_steps_checks_and_a_rehearsal(browser: Client, draft: Draft) -> None:
    url = reverse("authoring-flow", args=[draft.pk])
    page = browser.get(url).content.decode()
    assert page.count('class="tb-flowstep" id="flow-stage-') == 4
    assert "还没有人担任" in page
    assert page.count('data-path="/flow/stages/1/return_to"') == 1
    part = browser.get(url, {"part": "rehearsal", "event": ["send_back"], "from": "2026-03-02"}).content.decode()
    assert "<html" not in part
    assert "退回重审" in part
    assert browser.get(url, {"part": "rehearsal", "event": "x", "from": "9999-99-99"}).status_code == 200


def test_the_diagram_is_taken_away_and_read_back(browser: Client, draft: Draft) -> None:
    answer = browser.get(reverse("authoring-flow-diagram", args=[draft.pk]), {"download": ""})
    assert answer["Content-Disposition"] == f'attachment; filename="{draft.key}.bpmn"'
    assert flow_read(answer.content.decode()) == draft.content["flow"]


def test_an_unfinished_flow_is_shown_all_the_same(browser: Client, manager: Actor) -> None:
    empty = make_item_draft(
        manager, code="empty-flow", flow={"accept": {"post": "clerk", "limit_days": 1}, "stages": []}
    )
    assert "流程里还没有环节" in browser.get(reverse("authoring-flow", args=[empty.pk])).content.decode()
    assert browser.get(reverse("authoring-flow-diagram", args=[empty.pk])).status_code == 200


def test_another_departments_flow_is_not_there(client: Client, draft: Draft) -> None:
    stranger = sign_in(client, officer("item_manager"))
    for name in ("authoring-flow", "authoring-flow-diagram"):
        assert stranger.get(reverse(name, args=[draft.pk])).status_code == 404


def test_remarks_name_posts_in_words(draft: Draft) -> None:
    said = [flow_sentence(remark) for remark in flow_remarks(draft.content)]
    assert any("窗口" in text for text in said)
