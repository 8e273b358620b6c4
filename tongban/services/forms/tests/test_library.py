"""Groups and fields that forms share."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from tongban.foundation.audit.queries import facts_about
from tongban.foundation.kernel.actors import Actor, Scope, installer
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.forms.actions import share_part
from tongban.services.forms.errors import FormRefused
from tongban.services.forms.queries import library, newest_shared, shared_content, shared_versions

pytestmark = pytest.mark.django_db
CITY = installer("items.manage")
BANK: dict[str, Any] = {
    "key": "bank",
    "title": "收款账户",
    "show_if": "situation.way == 'bank'",
    "origin": {"key": "old", "version": 1},
    "fields": [{"key": "card", "label": "卡号", "type": "text", "required": True}],
}


def manager(department: Any) -> Actor:
    grants = MappingProxyType({"items.manage": Scope.DEPARTMENT})
    return Actor(kind="staff", department_id=department.pk, division=department.division_id, grants=grants)


def test_a_group_is_shared_without_what_one_item_put_on_it():
    shared = share_part(actor=CITY, key="bank", content=BANK)
    assert (shared.version, shared.title, shared.part.kind) == (1, "收款账户", "group")
    assert set(shared.content) == {"key", "title", "fields"}
    assert [fact.name for fact in facts_about(installer("audit.see"), f"sharedpart:{shared.part.pk}")] == [
        "forms.part_shared"
    ]


def test_the_same_again_is_no_new_version_and_a_change_is():
    share_part(actor=CITY, key="bank", content=BANK)
    assert share_part(actor=CITY, key="bank", content=BANK).version == 1
    newer = share_part(actor=CITY, key="bank", content={**BANK, "title": "银行账户"}, note="换了名字")
    assert newer.version == 2
    assert [row.version for row in shared_versions(CITY, "bank")] == [2, 1]
    assert shared_content(CITY, "bank", 1)["title"] == "收款账户"
    assert newest_shared(CITY, {"bank", "none"})["bank"].version == 2


def test_only_who_looks_after_a_part_changes_it():
    mine, other = make_department(), make_department()
    share_part(actor=manager(mine), key="bank", content=BANK, department_id=mine.pk)
    with pytest.raises(NotAllowed):
        share_part(actor=manager(other), key="bank", content={**BANK, "title": "别的"})
    with pytest.raises(NotAllowed):
        library(Actor(kind="person"))


@pytest.mark.parametrize(
    ("key", "content", "codes"),
    [
        ("Bank", BANK, ["key_shape"]),
        ("bank", {**BANK, "fields": []}, ["empty_group"]),
        ("bank", {**BANK, "fields": [{**BANK["fields"][0], "show_if": "elsewhere == 1"}]}, ["expression_name"]),
    ],
)
def test_what_makes_no_sense_by_itself_is_not_shared(key: str, content: dict[str, Any], codes: list[str]):
    with pytest.raises(FormRefused) as refused:
        share_part(actor=CITY, key=key, content=content)
    assert [reason.code for reason in refused.value.reasons] == codes


def test_the_library_is_searched_in_two_queries_at_most(django_assert_max_num_queries: Any):
    share_part(actor=CITY, key="bank", content=BANK)
    share_part(actor=CITY, key="card_no", content=BANK["fields"][0])
    with django_assert_max_num_queries(2):
        assert [row.part.key for row in library(CITY)] == ["bank", "card_no"]
        assert [row.part.key for row in library(CITY, text="收款")] == ["bank"]
    assert [row.part.key for row in library(CITY, kind="field")] == ["card_no"]
    with pytest.raises(NotFound):
        shared_versions(CITY, "nothing")
