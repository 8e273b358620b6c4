"""The situation tree's pages: what they show, what a change comes to, and who may see them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tongban.foundation.drafting.actions import edit, undo
from tongban.foundation.drafting.models import Draft
from tongban.foundation.drafting.queries import draft_for
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.services.authoring.errors import TreeChangeRefused
from tongban.services.authoring.queries.places import place_in_tree
from tongban.services.authoring.queries.tree import Survey, advice_on, leaf_sheet, lines_of, nodes_of, unfolded
from tongban.services.authoring.queries.tree_ops import change_for

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db
TREE = [
    {
        "key": "venue",
        "question": "哪一类场所？",
        "options": [
            {"value": "hotel", "label": "宾馆"},
            {
                "value": "pool",
                "label": "游泳馆",
                "then": [
                    {
                        "key": "open",
                        "question": "露天吗？",
                        "options": [{"value": "yes", "label": "露天"}, {"value": "no", "label": "室内"}],
                    }
                ],
            },
            {"value": "home", "label": "自己家", "stop": "自己家不用办。"},
        ],
    }
]


@pytest.fixture
def manager() -> Actor:
    return make_manager()


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_item_draft(manager, situations=TREE)


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


def changed(manager: Actor, draft: Draft, do: str, **asked: str) -> dict[str, Any]:
    """What becomes of the document when the page's change is done."""
    now = draft_for(manager, draft.pk)
    change = change_for(now.content, do, asked)
    done = edit(actor=manager, draft_id=draft.pk, revision=now.revision, ops=change.ops, label=change.label)
    return done.content


def test_the_page_draws_the_tree_and_its_pieces(browser: Client, draft: Draft) -> None:
    url = reverse("authoring-situations", args=[draft.pk])
    page = browser.get(url).content.decode()
    assert 'role="tree"' in page
    assert "自己家" in page
    assert "共4种走法，其中1种不用办或不能办。" in page
    panel = browser.get(url, {"part": "panel", "at": "/situations/0/options/2"}).content.decode()
    assert "自己家不用办。" in panel
    assert "<html" not in panel
    ways = browser.get(url, {"view": "ways", "way": "1"}).content.decode()
    assert "水质检测报告" in ways
    assert "露天" in ways
    table = browser.get(url, {"view": "table"}).content.decode()
    assert table.count("data-tick") == 3 * 3


@pytest.mark.parametrize(
    "query", [{"at": "/situations/9"}, {"at": "../x"}, {"view": "ways", "way": "99"}, {"part": "panel", "way": "x"}]
)
def test_a_wrong_address_shows_the_page_without_a_choice(browser: Client, draft: Draft, query: dict[str, str]) -> None:
    assert browser.get(reverse("authoring-situations", args=[draft.pk]), query).status_code == 200


def test_another_departments_tree_is_not_there(client: Client, draft: Draft) -> None:
    stranger = sign_in(client, officer("item_manager"))
    for name in ("authoring-situations", "authoring-situation-operations", "authoring-situation-csv"):
        assert stranger.get(reverse(name, args=[draft.pk])).status_code == 404


def test_what_a_leaf_shows_is_what_the_portal_asks_for(draft: Draft) -> None:
    survey = Survey(draft.content)
    sheets = [leaf_sheet(survey, number) for number in range(len(survey.ways))]
    names = [[row["name"] for row, _format, _depends in sheet.materials] for sheet in sheets if sheet]
    assert names == [
        ["平面图", "身份证"],
        ["平面图", "水质检测报告", "身份证"],
        ["平面图", "水质检测报告", "身份证"],
        [],
    ]
    assert sheets[0] is not None
    assert sheets[0].promise == "5个工作日"
    assert leaf_sheet(survey, 4) is None


def test_the_drawings_hold_every_node_and_every_way(draft: Draft) -> None:
    survey = Survey(draft.content)
    (venue,) = nodes_of(survey)
    assert [option.ways for option in venue.children] == [1, 2, 1]
    (asked,) = unfolded(survey)
    assert [answer.way for answer in asked.children] == [0, None, 3]
    assert [leaf.way for leaf in asked.children[1].children[0].children] == [1, 2]


def test_a_tick_writes_the_simplest_condition_and_can_be_undone(manager: Actor, draft: Draft) -> None:
    content = changed(manager, draft, "tick", at="/materials/0", ways="0")
    assert content["materials"][0]["when"] == "situation.venue == 'hotel'"
    assert (
        changed(manager, draft, "tick", at="/materials/0", ways="1,2")["materials"][0]["when"]
        == "situation.venue == 'pool'"
    )
    undo(actor=manager, draft_id=draft.pk)
    assert undo(actor=manager, draft_id=draft.pk).content == draft.content


def test_what_a_tick_cannot_say_is_refused(draft: Draft) -> None:
    with pytest.raises(TreeChangeRefused, match="至少要留一种情形"):
        change_for(draft.content, "tick", {"at": "/materials/0", "ways": ""})
    mixed = draft.content | {
        "materials": [draft.content["materials"][0] | {"when": "situation.venue == 'pool' or name == '甲'"}]
    }
    with pytest.raises(TreeChangeRefused, match="没法用打勾"):
        change_for(mixed, "tick", {"at": "/materials/0", "ways": "0"})
    assert not lines_of(Survey(mixed))[0][1][0].editable


def test_questions_and_answers_are_added_moved_copied_and_removed(manager: Actor, draft: Draft) -> None:
    changed(manager, draft, "question")
    changed(manager, draft, "option", at="/situations/1")
    changed(manager, draft, "move", at="/situations/1", by="-1")
    content = changed(manager, draft, "copy", at="/situations/1", to="/situations/0/options/0")
    assert [question["key"] for question in content["situations"]] == ["q1", "venue"]
    assert content["situations"][0]["options"][0]["then"][0]["key"] == "venue_2"
    content = changed(manager, draft, "carry", at="/situations/1", to="/situations/0/options/1")
    assert content["situations"][0]["options"][1]["then"][0]["key"] == "venue"
    content = changed(manager, draft, "remove", at="/situations/0/options/0")
    assert [option["value"] for option in content["situations"][0]["options"]] == ["no", "o3"]


def test_removing_tells_the_conditions_it_leaves_behind(draft: Draft) -> None:
    change = change_for(draft.content, "remove", {"at": "/situations/0/options/1"})
    assert change.uses == ["水质检测报告：“哪一类场所？”是“游泳馆”"]


def test_conditions_follow_new_codes(manager: Actor, draft: Draft) -> None:
    content = changed(manager, draft, "key", at="/situations/0", new="place")
    content = changed(manager, draft, "value", at="/situations/0/options/1", new="swim")
    assert content["materials"][1]["when"] == "situation.place == 'swim'"


@pytest.mark.parametrize(
    ("do", "asked", "words"),
    [
        ("dance", {}, "没有这种改动"),
        ("remove", {"at": "/situations/7"}, "已经不在"),
        ("key", {"at": "/situations/0", "new": "9!"}, "小写字母开头"),
        ("key", {"at": "/situations/0", "new": "open"}, "已经有一个问题"),
        ("value", {"at": "/situations/0/options/0", "new": "pool"}, "已经有一个答案"),
        ("value", {"at": "/situations/0/options/0", "new": "a'b"}, "代码只能有"),
        ("carry", {"at": "/situations/0", "to": "/situations/0/options/0"}, "已经不在"),
        ("tick", {"at": "/by_law/0"}, "已经不在"),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_told(
    browser: Client, draft: Draft, do: str, asked: dict[str, str], words: str
) -> None:
    url = reverse("authoring-situation-operations", args=[draft.pk])
    answer = browser.get(url, {"do": do, **asked}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_the_table_is_taken_away_as_a_spreadsheet(browser: Client, draft: Draft) -> None:
    text = browser.get(reverse("authoring-situation-csv", args=[draft.pk])).content.decode("utf-8-sig")
    assert "游泳馆 → 露天" in text.splitlines()[0]
    book = load_workbook(io.BytesIO(browser.get(reverse("authoring-situation-xlsx", args=[draft.pk])).content))
    rows = list(book.active.values)
    assert rows[2] == ("材料", "水质检测报告", None, "✓", "✓")


def test_advice_stands_at_its_place(draft: Draft) -> None:
    survey = Survey(draft.content)
    assert [(one.path, one.level) for one in advice_on(survey)] == [("/situations/0/options/1/then/0", "warn")]
    assert place_in_tree(draft.content, "situations.open.no") == "/situations/0/options/1/then/0/options/1"
    assert place_in_tree(draft.content, "situations.venue.home.promise") == "/situations/0/options/2/promise"
    assert place_in_tree(draft.content, "materials.plan") == ""
