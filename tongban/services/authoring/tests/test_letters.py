"""Choosing and writing the letters of an item."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.letters.actions import load_templates
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.tests.factories import make_template
from tongban.services.authoring.queries.letters import advice_on_letters

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    load_templates()
    return make_manager()


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_item_draft(manager)


@pytest.fixture
def own(manager: Actor) -> LetterTemplate:
    assert manager.department_id
    return make_template(department_id=manager.department_id, status="published")


def choose(manager: Actor, draft: Draft, code: str) -> Draft:
    ops = [{"op": "add", "path": "/letters/templates", "value": {"grant": code}}]
    edit(actor=manager, draft_id=draft.pk, revision=draft.revision, ops=ops)
    draft.refresh_from_db()
    return draft


def test_the_standard_letters_stand_beside_the_departments_own(
    client: Client, manager: Actor, draft: Draft, own: LetterTemplate
) -> None:
    browser = sign_in(client, manager)
    page = browser.get(f"/console/authoring/{draft.pk}/letters/").content.decode()
    assert "不予受理通知书" in page
    assert own.code in page
    choose(manager, draft, own.code)
    again = browser.get(f"/console/authoring/{draft.pk}/letters/", headers={"HX-Request": "true"}).content.decode()
    assert f"/console/letters/versions/{own.pk}/" in again
    assert "<h1" not in again


def test_a_letter_is_written_for_the_item_and_quotes_its_form(client: Client, manager: Actor, draft: Draft) -> None:
    browser = sign_in(client, manager)
    begun = browser.post("/console/letters/begin/", {"step": "grant", "item": draft.key})
    editor = browser.get(begun.url).content.decode()
    label = draft.content["form"]["groups"][0]["fields"][0]["label"]
    assert f"【表单：{label}】" in editor
    assert begun.url in browser.get(f"/console/authoring/{draft.pk}/letters/").content.decode()


def test_what_does_not_fit_is_told(manager: Actor, draft: Draft, own: LetterTemplate) -> None:
    assert list(advice_on_letters(draft)) == []
    assert "标准文书" in next(advice_on_letters(choose(manager, draft, "gone"))).text
    blocks = [*own.content["blocks"], {"type": "text", "text": "【表单：没有的问题】"}]
    LetterTemplate.objects.filter(pk=own.pk).update(content={**own.content, "blocks": blocks})
    assert "没有的问题" in next(advice_on_letters(choose(manager, draft, own.code))).text


@pytest.mark.parametrize("letters", [None, [], {"templates": []}, "x"])
def test_a_draft_in_any_shape_is_shown(client: Client, manager: Actor, draft: Draft, letters: object) -> None:
    ops = [{"op": "add", "path": "/letters", "value": letters}]
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=ops)
    assert sign_in(client, manager).get(f"/console/authoring/{draft.pk}/letters/").status_code == 200
