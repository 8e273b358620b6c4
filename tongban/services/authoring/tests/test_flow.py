"""The flow's pages."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.services.authoring.queries import all_findings
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


def upload(browser: Client, draft: Draft, data: bytes) -> HttpResponse:
    return browser.post(reverse("authoring-flow-import", args=[draft.pk]), {"file": SimpleUploadedFile("a.bpmn", data)})


def test_a_changed_diagram_is_told_in_words_and_taken_over(browser: Client, draft: Draft) -> None:
    text = browser.get(reverse("authoring-flow-diagram", args=[draft.pk])).content.decode()
    name = draft.content["flow"]["stages"][0]["name"]
    page = upload(browser, draft, text.replace(f'name="{name}', 'name="现场看一看').encode())
    assert "现场看一看" in page.content.decode()
    draft.refresh_from_db()
    assert draft.content["flow"]["stages"][0]["name"] == name
    posted = {"flow": page.context["flow_text"], "revision": draft.revision}
    assert browser.post(reverse("authoring-flow-take-over", args=[draft.pk]), posted).status_code == 302
    draft.refresh_from_db()
    assert draft.content["flow"]["stages"][0]["name"] == "现场看一看"
    same = browser.get(reverse("authoring-flow-diagram", args=[draft.pk])).content
    assert "没有要改的" in upload(browser, draft, same).content.decode()


def test_what_cannot_be_taken_over_is_refused_with_every_reason(browser: Client, draft: Draft) -> None:
    page = upload(browser, draft, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    assert page.status_code == 422
    assert "DOCTYPE" in page.content.decode()
    text = browser.get(reverse("authoring-flow-diagram", args=[draft.pk])).content.decode()
    text = text.replace(
        "</bpmn:process>", '<bpmn:task id="n" name="新步骤"/><bpmn:boundaryEvent id="t" name="超时"/></bpmn:process>'
    )
    said = upload(browser, draft, text.encode()).content.decode()
    assert "新步骤" in said
    assert "超时" in said
    assert browser.post(reverse("authoring-flow-import", args=[draft.pk])).status_code == 422
    for flow in ("", "[]", '{"accept": 1}', "[" * 9000):
        assert browser.post(
            reverse("authoring-flow-take-over", args=[draft.pk]), {"flow": flow, "revision": 0}
        ).status_code in (302, 422)


def test_a_rehearsal_is_kept_and_watches_the_flow(browser: Client, draft: Draft, manager: Actor) -> None:
    url = reverse("authoring-flow", args=[draft.pk])
    ops = json.loads(browser.get(url, {"part": "rehearsal", "from": "2026-03-02"}).context["keep"])
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=ops)
    assert "和记下的一样" in browser.get(url, {"part": "kept"}).content.decode()
    edit(
        actor=manager,
        draft_id=draft.pk,
        revision=1,
        ops=[{"op": "replace", "path": "/flow/stages/0/parts/0/post", "value": "dept_head"}],
    )
    draft.refresh_from_db()
    assert any(one.path == "/flow/rehearsals/0" and one.level == "must" for one in all_findings(draft))
    page = browser.get(url, {"part": "kept"})
    assert "和记下的不一样" in page.content.decode()
    again = json.loads(page.context["trials"][0][2])
    edit(actor=manager, draft_id=draft.pk, revision=2, ops=again)
    draft.refresh_from_db()
    assert not any(one.path.startswith("/flow/rehearsals") for one in all_findings(draft))


def test_a_part_is_sent_to_a_window_and_a_stage_gets_a_condition(browser: Client, manager: Actor) -> None:
    tree = [{"key": "a", "question": "甲？", "options": [{"value": "1", "label": "一"}, {"value": "2", "label": "二"}]}]
    draft = make_item_draft(manager, code="conditional", situations=tree)
    url = reverse("authoring-flow", args=[draft.pk])
    ops = [
        {"op": "add", "path": "/flow/stages/0/when", "value": "situation.a == '1'"},
        {"op": "add", "path": "/flow/stages/0/parts/0/window", "value": {"hall": "没有的大厅", "number": ""}},
    ]
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=ops)
    page = browser.get(url).content.decode()
    assert "没有找到窗口“没有的大厅" in page
    assert 'data-path="/flow/stages/0/when"' in page
    passed = browser.get(url, {"part": "rehearsal", "situation.a": "1"}).context["rehearsal"]
    skipped = browser.get(url, {"part": "rehearsal", "situation.a": "2"}).context["rehearsal"]
    assert len(passed.steps) > len(skipped.steps)
    assert "甲？" in browser.get(reverse("authoring-flow-diagram", args=[draft.pk])).content.decode()
