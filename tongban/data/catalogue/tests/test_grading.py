"""Class and grade of data items: suggested by name, set by a steward, told to reviewers; and how values are shown by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tongban.data.catalogue.actions import grade_as_suggested, hand_in
from tongban.data.catalogue.models import DataItem
from tongban.data.catalogue.queries import gradings_of, show, ungraded
from tongban.data.catalogue.rules.content import faults_of_resource
from tongban.data.catalogue.rules.grading import (
    FULL,
    HIDDEN,
    PART,
    Grading,
    careful,
    is_graded,
    is_too_low,
    shown,
    suggested,
    way_of,
)
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.grades import INTERNAL, SENSITIVE

from .factories import KEY_ITEM, NAME_ITEM, make_draft, make_published, resource_text, steward


@pytest.mark.parametrize(
    ("name", "english", "data_class", "grade", "kind"),
    [
        ("公民身份号码", "GMSFHM", "general", "3", "id_number"),
        ("女方身份号码", "", "general", "3", "id_number"),
        ("姓名", "XM", "general", "3", "name"),
        ("联系电话", "", "general", "3", "phone"),
        ("户籍地址", "HJDZ", "general", "3", "address"),
        ("企业名称", "QYMC", "general", "1", ""),
        ("统一社会信用代码", "", "general", "1", ""),
        ("银行账号", "", "general", "4", "number"),
        ("诊断结论", "", "general", "4", ""),
        ("人类遗传资源编号", "", "important", "4", ""),
        ("登记日期", "DJRQ", "general", "2", ""),
    ],
)
def test_a_name_suggests_class_and_grade(name: str, english: str, data_class: str, grade: str, kind: str) -> None:
    found = suggested(name, english=english)
    assert (found.data_class, found.grade, found.kind) == (data_class, grade, kind)


def test_an_element_says_more_than_a_name() -> None:
    assert suggested("对方", element="person.name").kind == "name"


@pytest.mark.parametrize(
    ("grading", "clearance", "way"),
    [
        (Grading("general", "1"), 0, PART),
        (Grading("general", "1"), 2, FULL),
        (Grading("general", "2"), 2, FULL),
        (Grading("general", "3"), 2, PART),
        (Grading("general", "3"), 3, FULL),
        (Grading("general", "4"), 3, HIDDEN),
        (Grading("important", "2"), 4, HIDDEN),
        (Grading("core", "1"), 5, HIDDEN),
    ],
)
def test_grade_and_clearance_say_how_a_value_is_shown(grading: Grading, clearance: int, way: str) -> None:
    assert way_of(grading, clearance) == way


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("110101199003070011", "id_number", "110***********0011"),
        ("李示例", "name", "李*例"),
        ("1990-03-07", "birth_day", "1990-**-**"),
        ("广安区浓洄街道建安中路12号", "address", "广安区浓洄街***"),
        ("贫困户认定", "", "贫***"),
        (None, "name", None),
    ],
)
def test_what_is_sensitive_is_shown_in_part(value: Any, kind: str, text: str | None) -> None:
    assert shown(value, Grading("general", "3", kind), 2) == text


def test_important_data_are_never_given_without_conditions() -> None:
    item = KEY_ITEM | {"data_class": "important", "grade": "1"}
    text = resource_text(share_type="1", share_condition="", items=[item, NAME_ITEM])
    found = {fault.code for fault in faults_of_resource(text, {}, today=today())}
    assert "share_too_sensitive" in found


@pytest.mark.django_db
def test_what_a_steward_leaves_open_is_suggested_and_what_is_too_low_is_raised() -> None:
    actor = steward()
    left_open = NAME_ITEM | {"key": "phone", "name": "手机号", "english": "SJH", "grade": "", "data_class": ""}
    version = make_draft(actor, items=[KEY_ITEM, NAME_ITEM, left_open])
    assert [item["grade"] for item in version.content["items"]] == ["3", "2", "3"]
    assert is_too_low(version.content["items"][1])
    assert grade_as_suggested(actor=actor, entry_id=version.entry_id) == 1
    assert grade_as_suggested(actor=actor, entry_id=version.entry_id) == 0
    version.refresh_from_db()
    assert [item["grade"] for item in version.content["items"]] == ["3", "3", "3"]


@pytest.mark.django_db
def test_stewards_and_reviewers_are_told_what_is_too_low(client: Client) -> None:
    actor = steward()
    version = make_draft(actor)
    desk = sign_in(client, actor)
    page = desk.get(f"/console/catalogue/{version.entry_id}/edit/").content.decode()
    assert "低于建议" in page
    review = hand_in(actor=actor, entry_id=version.entry_id)
    head = sign_in(Client(), officer("dept_head", department=version.entry.department))
    assert "请看是否有理由：姓名。" in head.get(f"/console/catalogue/reviews/{review.pk}/").content.decode()


@pytest.mark.django_db
def test_a_steward_raises_grades_on_the_page(client: Client) -> None:
    actor = steward()
    version = make_draft(actor)
    desk = sign_in(client, actor)
    assert desk.post(f"/console/catalogue/{version.entry_id}/grade/").status_code == 302
    assert "低于建议" not in desk.get(f"/console/catalogue/{version.entry_id}/edit/").content.decode()


@pytest.mark.django_db
def test_rows_are_shown_by_the_grade_of_their_items_and_what_is_above_ones_clearance_is_masked() -> None:
    actor = steward()
    assert actor.clearance == SENSITIVE
    entry = make_published(actor)
    items = {one.key: str(one.pk) for one in DataItem.objects.filter(resource=entry)}
    columns = [
        {"name": "gmsfhm", "source": "ID", "item": items["number"]},
        {"name": "xm", "source": "NAME", "item": items["name"]},
        {"name": "csrq", "source": "BORN", "title": "出生日期"},
    ]
    assert gradings_of(columns)["xm"].grade == "2"  # as the steward said, whatever was suggested
    rows = [
        {"gmsfhm": "110101199003070011", "xm": "李示例", "csrq": "九月初九", "_row": 7, "_faults": ["unreadable:csrq"]}
    ]
    assert show(actor, columns, rows) == rows
    assert show(citizen(), columns, rows)[0]["xm"] != "李示例"
    actor = replace(actor, clearance=INTERNAL)
    told = show(actor, columns, rows)[0]
    assert told == rows[0] | {"gmsfhm": "110***********0011", "csrq": told["csrq"]}
    assert "初九" not in told["csrq"]  # at fault, and people's data all the same
    raw = show(
        actor, columns, [{"ID": "110101199003070011", "BORN": "1990-03-07", "other": "x", "_row": 7}], by="source"
    )
    assert raw == [{"ID": "110***********0011", "BORN": "1990-**-**", "_row": 7}]


def test_what_nobody_has_graded_counts_as_sensitive_at_least() -> None:
    assert careful(suggested("备注")) == Grading("general", "3")
    assert careful(suggested("企业名称")).level == 3  # a name may lie: what stands there is what somebody typed
    assert careful(suggested("诊断结论")).level == 4
    assert [is_graded(one) for one in (None, {}, {"grade": ""}, {"grade": "1"}, {"data_class": "core"})] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert shown("1", Grading("general", "3"), INTERNAL) == "*"  # a code of one sign is all there is to hide


@pytest.mark.django_db
def test_a_column_without_a_graded_item_is_masked_whatever_it_is_called() -> None:
    actor = steward()
    entry = make_published(actor)
    item = DataItem.objects.filter(resource=entry, key="name").get()
    columns = [
        {"name": "xm", "item": str(item.pk)},
        {"name": "bz", "title": "备注"},
        {"name": "dm", "title": "单位名称"},
    ]
    rows = [{"xm": "李示例", "bz": "13800000000", "dm": "某某", "_row": 1}]
    assert ungraded(columns) == ["bz", "dm"]
    assert show(actor, columns, rows) == rows, "who may see sensitive data sees it"
    others = replace(actor, clearance=INTERNAL)
    assert show(others, columns, rows) == [{"xm": "李示例", "bz": "1***", "dm": "某*", "_row": 1}]
    DataItem.objects.filter(pk=item.pk).update(grade="", data_class="")
    assert ungraded(columns) == ["xm", "bz", "dm"]
    assert show(others, columns, rows)[0]["xm"] == "李*例"
