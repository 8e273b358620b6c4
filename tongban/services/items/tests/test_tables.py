"""Dictionaries of codes and everyday words: changed by one, published by another, never taken from under an item."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.audit.queries import facts_about
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed
from tongban.foundation.notifications.models import Message
from tongban.services.items.actions import (
    drop_table,
    hand_in_table,
    load_code_tables,
    load_synonyms,
    publish_table,
)
from tongban.services.items.errors import OwnWork, TableRefused, TableUnderReview
from tongban.services.items.models import CodeTable
from tongban.services.items.queries import code_tables, find, tables_waiting
from tongban.services.items.queries.search import forget
from tongban.services.items.queries.tables import kept_tables, said_today, standing_rows, told_changes
from tongban.services.items.rules.tables import Change, Fault, changes_between, faults_of_change, faults_of_rows

from .factories import make_item

NAMES = st.dictionaries(st.text("179aZ", min_size=1, max_size=2), st.text("甲乙", min_size=1, max_size=2), max_size=6)


@pytest.mark.parametrize(
    ("rows", "are_words", "faults"),
    [
        ([], False, ["empty"]),
        ([("1", "自然人")], False, []),
        ([("a b", "甲")], False, ["code_unfit"]),
        ([("1", "甲"), ("1", "乙")], False, ["code_twice"]),
        ([("1", "")], False, ["name_missing"]),
        ([("1", "长" * 61)], False, ["name_too_long"]),
        ([("开小馆子", "食品经营许可、营业执照")], True, []),
        ([("", "食品经营许可")], True, ["word_unfit"]),
        ([("馆子", "、 ，")], True, ["name_missing"]),
    ],
)
def test_what_may_stand_in_a_dictionary(rows, are_words, faults):
    assert [fault.code for fault in faults_of_rows(rows, are_words=are_words)] == faults


def test_what_items_and_the_standard_hold_stays():
    changes = [
        Change("taken_out", "1", before="甲"),
        Change("taken_out", "8", before="乙"),
        Change("renamed", "9", "丙", "丁"),
    ]
    found = faults_of_change(changes, fixed=frozenset("1"), uses={"8": ["事一"], "丙": ["事二"]})
    assert [(fault.code, fault.values["code"]) for fault in found] == [
        ("of_the_standard", "1"), ("in_use", "8"), ("in_use", "9"),
    ]  # fmt: skip
    assert faults_of_change([], fixed=frozenset(), uses={}) == [Fault("unchanged")]


@given(NAMES, NAMES)
def test_the_changes_told_lead_from_one_to_the_other(old, new):
    after = dict(old)
    for change in changes_between(old, new):
        if change.kind == "taken_out":
            del after[change.code]
        else:
            after[change.code] = change.after
    assert after == new


@pytest.fixture
def loaded(db):
    setup = installer("items.manage")
    load_code_tables(setup)
    load_synonyms(setup)
    forget()


@pytest.fixture
def first():
    return officer("standard_keeper")


@pytest.fixture
def second():
    return officer("standard_keeper")


def changed(key, **names):
    return list((standing_rows(key) | {code.strip("_"): name for code, name in names.items()}).items())


def handed_in(actor, key="server_type", day=0, **names):
    rows, on = changed(key, **(names or {"_7": "农村集体经济组织"})), today() + timedelta(days=day)
    return hand_in_table(actor=actor, key=key, rows=rows, effective_on=on, note="省里新增")


@pytest.mark.usefixtures("loaded")
def test_a_change_holds_from_its_day_when_a_second_person_published_it(first, second):
    table = handed_in(first, day=1)
    assert tables_waiting(first) == []
    assert tables_waiting(second) == [table]
    assert told_changes(table) == ["增加“7”：农村集体经济组织"]
    with pytest.raises(OwnWork):
        publish_table(actor=first, table_id=table.pk)
    with pytest.raises(TableUnderReview):
        handed_in(second)
    publish_table(actor=second, table_id=table.pk)
    assert "7" not in code_tables()["server_type"]
    assert code_tables(today() + timedelta(days=1))["server_type"]["7"] == "农村集体经济组织"
    assert [fact.name for fact in facts_about(installer("audit.see"), table)] == [
        "items.table_handed_in",
        "items.table_published",
    ]
    assert Message.objects.filter(recipient_id=first.account_id).count() == 1
    with pytest.raises(Conflict):
        publish_table(actor=second, table_id=table.pk)


@pytest.mark.usefixtures("loaded")
def test_not_agreed_or_taken_back_everything_stays(first, second):
    for who in (second, first):
        drop_table(actor=who, table_id=handed_in(first).pk, reason="先不加")
    assert "7" not in code_tables()["server_type"]
    assert next(kept.waiting for kept in kept_tables(first) if kept.key == "server_type") is None


@pytest.mark.usefixtures("loaded")
def test_every_reason_at_once_and_nothing_is_kept(first):
    make_item()
    rows = [row for row in changed("user_topic_type") if row[1] not in {"准营准办"}]
    with pytest.raises(TableRefused) as refused:
        hand_in_table(
            actor=first, key="user_topic_type", rows=rows, effective_on=today() - timedelta(days=1), note="合并主题"
        )
    assert {reason.code for reason in refused.value.reasons} >= {"of_the_standard", "day_past"}
    assert not CodeTable.objects.filter(status="in_review").exists()


@pytest.mark.usefixtures("loaded")
def test_strangers_and_a_single_person_do_not(first):
    with pytest.raises(NotAllowed):
        handed_in(officer("clerk"))
    with pytest.raises(NotAllowed):  # what all departments write in is not one department's
        handed_in(officer("item_manager"))
    table = handed_in(first)
    table.status, table.reviewed_by = "published", table.drafted_by
    with pytest.raises(IntegrityError), transaction.atomic():
        table.save()


@pytest.mark.usefixtures("loaded")
def test_new_everyday_words_are_found_by_the_search(first, second):
    make_item()
    assert not find("洗剪吹").hits
    words = len(said_today())
    publish_table(actor=second, table_id=handed_in(first, key="synonyms", 洗剪吹="公共场所卫生许可").pk)
    assert len(said_today()) == words + 1
    assert find("洗剪吹").hits


@pytest.mark.usefixtures("loaded")
def test_the_pages_take_a_change_from_one_to_the_other(client, first, second, django_assert_max_num_queries):
    sign_in(client, first)
    with django_assert_max_num_queries(20):
        assert "服务对象" in client.get("/console/items/tables/").content.decode()
    here = "/console/items/tables/server_type/"
    codes, names = zip(*changed("server_type"), strict=True)
    typed = {"code": [*codes, "7", ""], "name": [*names, "农村集体经济组织", ""], "effective_on": today().isoformat()}
    typed["name"][-2] = "农村\u202e集体\u200b经济组织"  # what nobody sees falls away
    assert "农村集体经济组织" in client.post(here, typed | {"more": "yes"}).content.decode()
    refused = client.post(here, typed | {"reason": ""})
    assert (refused.status_code, "农村集体经济组织" in refused.content.decode()) == (422, True)
    assert client.post(here, typed | {"reason": "加一类", "effective_on": "昨天"}).status_code == 422
    assert "第2版等待审核" in client.post(here, typed | {"reason": "加一类"}, follow=True).content.decode()
    waiting = CodeTable.objects.get(status="in_review")
    sign_in(client, second)
    assert "服务对象" in client.get("/console/waiting/").content.decode()
    answer = f"/console/items/tables/{waiting.pk}/answer/"
    assert client.post(answer, {"answer": "drop", "reason": ""}).status_code == 422
    assert "已发布" in client.post(answer, {"answer": "publish"}, follow=True).content.decode()
    assert client.get("/console/items/tables/no-such/").status_code == 404
