"""What is told while one writes is what keeps a draft from being handed in."""

from __future__ import annotations

import pytest

from tongban.foundation.drafting.actions import edit
from tongban.foundation.kernel.actors import Actor
from tongban.services.authoring.actions import begin_item, hand_in
from tongban.services.authoring.errors import HandInRefused
from tongban.services.authoring.queries import all_findings, must_be_mended
from tongban.services.items.tests.factories import DEFINITION, make_item

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return make_manager()


def test_a_code_somebody_holds_is_told_while_one_writes(manager: Actor) -> None:
    make_item()
    draft = make_item_draft(manager, code="another-permit")
    found = [one for one in must_be_mended(draft) if one.path == "/catalog_code"]
    assert DEFINITION["task_name"] in found[0].text
    with pytest.raises(HandInRefused):
        hand_in(manager, draft.pk)


def test_a_code_of_ones_own_is_no_clash(manager: Actor) -> None:
    version = make_item()
    draft = begin_item(manager, version.item.department_id, "item", version.item.code)
    assert not [one for one in all_findings(draft) if one.path in ("/catalog_code", "/code", "/department")]


def test_whoever_reviews_must_not_decide(manager: Actor) -> None:
    draft = make_item_draft(manager)
    stages = [
        {"key": "review", "kind": "review", "name": "审查", "limit_days": 1, "parts": [{"post": "approver"}]},
        {"key": "decide", "kind": "decide", "name": "决定", "limit_days": 1, "parts": [{"post": "approver"}]},
        {"key": "deliver", "kind": "deliver", "name": "送达", "limit_days": 1},
    ]
    ops = [{"op": "replace", "path": "/flow/stages", "value": stages}]
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=ops)
    draft.refresh_from_db()
    assert [one for one in must_be_mended(draft) if one.tab == "flow"]
    with pytest.raises(HandInRefused):
        hand_in(manager, draft.pk)


@pytest.mark.parametrize("path", ["/flow", "/promise", "/use_level", "/catalog_code", "/letters", "/situations"])
@pytest.mark.parametrize("value", [None, [], {}, "x", 7])
def test_a_draft_in_any_shape_has_findings_and_no_fault(manager: Actor, path: str, value: object) -> None:
    draft = make_item_draft(manager)
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=[{"op": "replace", "path": path, "value": value}])
    draft.refresh_from_db()
    assert isinstance(all_findings(draft), list)
