"""Two people in one draft, undo and redo, comments, the trash."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongban.foundation.audit.models import Fact
from tongban.foundation.drafting import actions
from tongban.foundation.drafting.errors import (
    CommentRefused,
    DraftClosed,
    DraftNotFound,
    DraftUnderWay,
    EditConflict,
    EditRefused,
    NothingToUndo,
)
from tongban.foundation.drafting.models import Draft, Edit
from tongban.foundation.drafting.queries import comments_of, count_of, draft_for, drafts_of, edits_of, others_in
from tongban.foundation.drafting.sentences import sentences_of
from tongban.foundation.identity.tests.factories import officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_department

from .factories import CONTENT, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Department:
    return make_department()


@pytest.fixture
def two(office: Department) -> tuple[Actor, Actor]:
    return officer("item_manager", department=office), officer("item_manager", department=office)


@pytest.fixture
def draft(two: tuple[Actor, Actor], office: Department) -> Draft:
    return make_draft(actor=two[0], department_id=office.pk)


def put(path: str, value: Any, op: str = "replace") -> list[dict[str, Any]]:
    return [{"op": op, "path": path, "value": value}]


def test_an_edit_is_kept_with_what_takes_it_back(draft: Draft, two: tuple[Actor, Actor]) -> None:
    done = actions.edit(actor=two[0], draft_id=draft.pk, revision=0, ops=put("/name", "茶馆"), label="改名")
    assert (done.revision, done.content["name"], done.ops_by_others) == (1, "茶馆", [])
    kept = Edit.objects.get(draft=draft)
    assert (kept.inverse, kept.by, kept.label) == (put("/name", "茶"), two[0].account_id, "改名")
    assert sentences_of(draft, kept) == ["把“/name”从“茶”改为“茶馆”"]


def test_two_people_at_two_places_do_not_disturb_each_other(draft: Draft, two: tuple[Actor, Actor]) -> None:
    actions.edit(actor=two[0], draft_id=draft.pk, revision=0, ops=put("/name", "茶馆"))
    done = actions.edit(actor=two[1], draft_id=draft.pk, revision=0, ops=put("/rows/0/word", "子"))
    assert done.revision == 2
    assert [op["path"] for op in done.ops_by_others] == ["/name"]
    assert done.content["name"] == "茶馆"
    assert done.content["rows"][0]["word"] == "子"


def test_who_writes_over_what_he_did_not_see_is_told(draft: Draft, two: tuple[Actor, Actor]) -> None:
    actions.edit(actor=two[0], draft_id=draft.pk, revision=0, ops=put("/name", "茶馆"))
    with pytest.raises(EditConflict) as told:
        actions.edit(actor=two[1], draft_id=draft.pk, revision=0, ops=put("/name", "茶楼"))
    (conflict,) = told.value.conflicts
    assert (conflict["path"], conflict["theirs"], conflict["mine"], conflict["by"]) == ("/name", "茶馆", "茶楼", "周丽")
    assert draft_for(two[1], draft.pk).content["name"] == "茶馆"
    # Having seen it, he may.
    actions.edit(actor=two[1], draft_id=draft.pk, revision=1, ops=put("/name", "茶楼"))


def test_undo_and_redo_are_ones_own(draft: Draft, two: tuple[Actor, Actor]) -> None:
    one, other = two
    actions.edit(actor=one, draft_id=draft.pk, revision=0, ops=put("/name", "茶馆"))
    actions.edit(actor=other, draft_id=draft.pk, revision=1, ops=put("/rows/-", {"key": "c"}, "add"))
    assert actions.undo(actor=one, draft_id=draft.pk).content["name"] == "茶"
    assert len(actions.redo(actor=one, draft_id=draft.pk).content["rows"]) == 3
    actions.edit(actor=other, draft_id=draft.pk, revision=4, ops=put("/name", "别的"))
    with pytest.raises(EditConflict):
        actions.undo(actor=one, draft_id=draft.pk)
    actions.undo(actor=other, draft_id=draft.pk)
    actions.undo(actor=other, draft_id=draft.pk)
    with pytest.raises(NothingToUndo):
        actions.undo(actor=other, draft_id=draft.pk)
    assert draft_for(one, draft.pk).content == CONTENT | {"name": "茶馆"}


@pytest.mark.parametrize(
    "ops",
    [
        [],
        ["x"],
        [{"op": "copy", "from": "/name", "path": "/x"}],
        [{"op": "add", "path": "name", "value": 1}],
        [{"op": "add", "path": "/x"}],
        put("/none", 1),
        put("/name", "\x00"),
        put("/name", "\ud800"),
        put("/name", float("nan")),
        put("/name", "长" * 800_000),
        put("/name", 1) * 2001,
    ],
)
def test_what_does_not_fit_changes_nothing(draft: Draft, two: tuple[Actor, Actor], ops: list[Any]) -> None:
    with pytest.raises(EditRefused):
        actions.edit(actor=two[0], draft_id=draft.pk, revision=0, ops=ops)
    assert draft_for(two[0], draft.pk).revision == 0


def test_what_nobody_sees_is_not_kept(draft: Draft, two: tuple[Actor, Actor]) -> None:
    odd = {"name": "\u202e茶\u200b馆\x07𬭊\n二楼", "rows": [{"text": "\ufeff一"}]}
    actions.edit(actor=two[0], draft_id=draft.pk, revision=0, ops=put("/odd", odd, "add"))
    assert draft_for(two[0], draft.pk).content["odd"] == {"name": "茶馆𬭊\n二楼", "rows": [{"text": "一"}]}


def test_another_department_sees_nothing(draft: Draft, two: tuple[Actor, Actor]) -> None:
    stranger = officer("item_manager")
    for act in (actions.undo, actions.trash, actions.arrive):
        with pytest.raises(DraftNotFound):
            act(actor=stranger, draft_id=draft.pk)
    with pytest.raises(DraftNotFound):
        edits_of(stranger, draft.pk)
    assert not drafts_of(stranger, "sample", verb="items.manage").rows
    assert [row.pk for row in drafts_of(two[1], "sample", verb="items.manage")] == [draft.pk]
    with pytest.raises(NotAllowed):
        make_draft(actor=stranger, department_id=draft.department_id)


def test_the_trash_gives_back(draft: Draft, two: tuple[Actor, Actor]) -> None:
    one, other = two
    actions.edit(actor=one, draft_id=draft.pk, revision=0, ops=put("/name", "茶馆"))
    thrown = actions.trash(actor=one, draft_id=draft.pk)
    assert thrown.trashed_by == one.account_id
    assert count_of(one, "sample", verb="items.manage") == {"open": 0, "in_review": 0, "done": 0, "trashed": 1}
    with pytest.raises(DraftClosed):
        actions.edit(actor=one, draft_id=draft.pk, revision=1, ops=put("/name", "x"))
    back = actions.restore(actor=other, draft_id=draft.pk)
    assert (back.state, back.content["name"], back.trashed_by) == ("open", "茶馆", None)
    assert actions.undo(actor=one, draft_id=draft.pk).content == CONTENT
    assert {"drafting.begun", "drafting.trashed", "drafting.restored"} <= set(
        Fact.objects.values_list("name", flat=True)
    )


def test_one_open_draft_of_a_thing(draft: Draft, two: tuple[Actor, Actor], office: Department) -> None:
    with pytest.raises(DraftUnderWay) as told:
        make_draft(actor=two[0], department_id=office.pk, key=draft.key)
    assert told.value.details["draft_id"] == draft.pk
    actions.trash(actor=two[0], draft_id=draft.pk)
    make_draft(actor=two[0], department_id=office.pk, key=draft.key)
    with pytest.raises(DraftUnderWay):
        actions.restore(actor=two[0], draft_id=draft.pk)


def test_in_review_it_may_be_remarked_on_not_changed(draft: Draft, two: tuple[Actor, Actor]) -> None:
    one, other = two
    actions.submit(actor=one, draft_id=draft.pk)
    with pytest.raises(DraftClosed):
        actions.edit(actor=one, draft_id=draft.pk, revision=0, ops=put("/name", "x"))
    remark = actions.comment(actor=other, draft_id=draft.pk, path="/name", text="名称太短")
    answer = actions.reply(actor=one, comment_id=remark.pk, text="已改")
    assert [list(row.replies.all()) for row in comments_of(one, draft.pk, "/name")] == [[answer]]
    assert actions.resolve(actor=one, comment_id=remark.pk).resolved_by == one.account_id
    assert actions.reopen(actor=other, comment_id=remark.pk).resolved_at is None
    for text in (" ", "长" * 1001):
        with pytest.raises(CommentRefused):
            actions.comment(actor=other, draft_id=draft.pk, path="/name", text=text)
    actions.return_(actor=other, draft_id=draft.pk)
    assert actions.finish(actor=other, draft_id=draft.pk).state == "done"


def test_who_is_here_is_seen_by_the_others(draft: Draft, two: tuple[Actor, Actor]) -> None:
    actions.arrive(actor=two[0], draft_id=draft.pk, path="/name")
    actions.arrive(actor=two[0], draft_id=draft.pk, path="/rows/0")
    assert [(other.name, other.path) for other in others_in(two[1], draft.pk)] == [("周丽", "/rows/0")]
    assert others_in(two[0], draft.pk) == []


MOVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["replace", "append", "insert", "remove", "move", "field", "two", "undo", "redo", "look"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=14,
)


def words_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(words_in(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(words_in(inner) for inner in value))
    return {value}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_nobody_takes_away_what_he_has_not_seen(
    moves: list[tuple[int, str, int, int]], two: tuple[Actor, Actor], office: Department
) -> None:
    """Any sequence of edits, undos and redos by two people: a word vanishes only by its author or by one who saw it."""
    fresh = itertools.count()
    start = {"name": "w", "rows": [{"key": f"k{n}", "word": f"s{n}"} for n in range(3)]}
    draft = make_draft(actor=two[0], department_id=office.pk, content=start)
    seen = [0, 0]
    born: dict[str, tuple[int, int]] = {}  # word → (whose, since which revision)
    content: Any = start
    for who, kind, a, b in moves:
        before = content
        if kind == "look":
            seen[who] = Draft.objects.get(pk=draft.pk).revision
            continue
        try:
            done = act(two[who], draft, seen[who], kind, an_edit(kind, a, b, f"n{next(fresh)}"))
        except (EditConflict, EditRefused, NothingToUndo):
            assert Draft.objects.get(pk=draft.pk).content == before, "what is refused changes nothing"
            continue
        content = done.content
        for word in words_in(before) - words_in(content):
            author, since = born.get(word, (who, 0))
            assert author == who or since <= seen[who], f"{word} was lost unseen"
        born |= dict.fromkeys(words_in(content) - words_in(before), (who, done.revision))
        latest = back_and_forth(two[who], draft, before, content) if kind not in ("undo", "redo") else done
        if not done.ops_by_others:
            seen[who] = latest.revision


def act(actor: Actor, draft: Draft, seen: int, kind: str, ops: list[dict[str, Any]]) -> actions.Edited:
    if kind in ("undo", "redo"):
        return getattr(actions, kind)(actor=actor, draft_id=draft.pk)
    return actions.edit(actor=actor, draft_id=draft.pk, revision=seen, ops=ops)


def back_and_forth(actor: Actor, draft: Draft, before: Any, after: Any) -> actions.Edited:
    """Undo of the last edit restores the document exactly, and redo brings it back."""
    assert actions.undo(actor=actor, draft_id=draft.pk).content == before
    redone = actions.redo(actor=actor, draft_id=draft.pk)
    assert redone.content == after
    return redone


def an_edit(kind: str, a: int, b: int, word: str) -> list[dict[str, Any]]:
    ways = {
        "replace": put("/name", word),
        "append": put("/rows/-", {"key": word}, "add"),
        "insert": put(f"/rows/{a}", {"key": word}, "add"),
        "remove": [{"op": "remove", "path": f"/rows/{a}"}],
        "move": [{"op": "move", "from": f"/rows/{a}", "path": f"/rows/{b}"}],
        "field": put(f"/rows/{a}/word", word, "add"),
        "two": [{"op": "remove", "path": f"/rows/{a}"}, *put(f"/rows/{b}/word", word, "add")],
    }
    return ways.get(kind, [])
