"""The district's list: kept as it is, flagged, put right, never mended in silence."""

from __future__ import annotations

import csv
from types import MappingProxyType

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import check_listed, correct_listed, import_listed
from tongban.services.items.errors import FLAG_TITLES, FLAGS, CorrectionRefused
from tongban.services.items.models import ListedItem
from tongban.services.items.queries import Filters, listed_counts, listed_row, listed_rows, sentences_of
from tongban.services.items.rules.listed import Neighbours, flags_of, name_key

from .factories import MANAGER, make_item

AREA = "511602000000"
GOOD = {
    "name": "公共场所卫生许可（新证）", "main_item": "公共场所卫生许可", "task_type": "1", "area_code": AREA,
    "item_code": f"511A0138000000-{AREA}-000-11100000000013338W-1-00", "department_code": "11100000000013338W",
    "department_name": "区卫健局",
}  # fmt: skip
HEADER = ["department", "main_item", "name", "item_code", "task_type", "area_code", "dept_code", "link"]


def codes(beside=(), **changes):
    row = GOOD | changes
    return {flag.code for flag in flags_of(row, Neighbours.of([row, *beside]), area_code=AREA)}


@pytest.mark.parametrize(
    ("change", "flags"),
    [
        ({}, set()),
        ({"name": "草原等级评定(县级)"}, {"width_half", "level_in_name"}),
        ({"name": "限制类医疗技术备案管理(县级）"}, {"width_mixed", "level_in_name"}),
        ({"name": "设计审批(据省政府令第349号下放８市)"}, {"width_half", "note_in_name", "digits_full"}),
        ({"name": "管线、电缆等设施许可"}, {"open_list_in_name"}),
        ({"name": "工伤\\职业病"}, {"odd_characters"}),
        ({"name": ""}, {"name_missing"}),
        ({"name": "长" * 201}, {"name_too_long"}),
        ({"main_item": "未分类"}, {"main_item_missing"}),
        ({"item_code": "E-000004-001-11511301008778386B"}, {"area_missing_in_code"}),
        ({"item_code": "H-000185-001-4444444444"}, {"area_missing_in_code", "placeholder_in_code"}),
        ({"item_code": "511A0077700002-510000000000-000-8282348-1-00"}, {"other_area_in_code"}),
        ({"item_code": f"宽-{AREA}-x"}, {"item_code_form"}),
        ({"area_code": "510000000000"}, {"area_differs"}),
        ({"department_code": "68236467-9"}, {"department_code_old"}),
        ({"department_code": "083372204"}, {"department_code_old"}),
        ({"department_code": "1151130108778239R"}, {"department_code_length"}),
        ({"department_code": "11736"}, {"department_code_length"}),
        ({"department_code": "1151130108778239R_5143"}, {"department_code_suffix"}),
        ({"department_code": "4148481895459659776"}, {"department_code_serial"}),
        ({"department_code": "11511301452259996u"}, {"department_code_lower"}),
        ({"department_code": "11100000000013338X"}, {"department_code_check"}),
        ({"department_code": ""}, {"department_code_missing"}),
    ],
)
def test_what_is_wrong_with_a_row_is_flagged(change, flags):
    assert codes(**change) == flags
    assert flags <= FLAGS.keys() == FLAG_TITLES.keys()


def test_neighbours_show_what_a_row_cannot_know():
    assert codes(beside=[GOOD]) == {"name_repeated"}
    assert codes(beside=[GOOD | {"name": "公共场所 卫生许可(新证)"}]) == {"name_alike"}
    assert codes(beside=[GOOD | {"name": "别的", "department_code": "11736"}]) == {"department_codes_differ"}


def test_a_name_is_the_same_whatever_its_width():
    assert name_key("食品（含保健食品）经营许可") == name_key("食品 (含保健食品)经营许可")


@pytest.fixture
def office(db):
    return make_department("区卫健局")


@pytest.fixture
def the_list(tmp_path):
    path = tmp_path / "list.csv"

    def write(*rows):
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, HEADER)
            writer.writeheader()
            for number, row in enumerate(rows, start=1):
                full = GOOD | row
                writer.writerow({
                    "department": full["department_name"], "main_item": full["main_item"], "name": full["name"],
                    "item_code": row.get("item_code", f"511A013800000{number}-{AREA}-000-11100000000013338W-1-00"),
                    "task_type": full["task_type"], "area_code": AREA, "dept_code": full["department_code"], "link": "x",
                })  # fmt: skip
        return path

    return write


def colleague(department_id, *verbs):
    grants = MappingProxyType(dict.fromkeys(verbs or ("items.see", "items.correct"), Scope.DEPARTMENT))
    return Actor(kind="staff", account_id=uuid7(), department_id=department_id, grants=grants)


def test_every_row_is_kept_and_importing_again_changes_nothing(office, the_list):
    path = the_list({}, {"name": "同名"}, {"name": "同名"}, {"name": "没人管", "department_name": "不存在的局"})
    assert import_listed(MANAGER, path) == {"new": 4, "changed": 0, "same": 0, "gone": 0}
    facts = Fact.objects.count()
    assert import_listed(MANAGER, path) == {"new": 0, "changed": 0, "same": 4, "gone": 0}
    assert Fact.objects.count() == facts
    flags = {row.position: [flag["code"] for flag in row.flags] for row in ListedItem.objects.all()}
    assert flags == {1: [], 2: ["name_repeated"], 3: ["name_repeated"], 4: ["department_unknown"]}


def test_a_code_that_occurs_twice_keeps_both_rows(office, the_list):
    path = the_list({"item_code": "X-1"}, {"item_code": "X-1", "name": "另一个"})
    assert import_listed(MANAGER, path)["new"] == 2
    assert import_listed(MANAGER, path)["same"] == 2


def test_a_correction_keeps_the_old_value_and_outlives_the_next_import(office, the_list):
    import_listed(MANAGER, the_list({"main_item": "未分类"}))
    row, actor = ListedItem.objects.get(), colleague(office.pk)
    row = correct_listed(actor=actor, listed_id=row.pk, changes={"main_item": "公共场所卫生许可"}, reason="查了目录")
    assert (row.main_item, row.flags) == ("公共场所卫生许可", [])
    import_listed(MANAGER, the_list({"main_item": "未分类", "name": "新名称"}))
    row = listed_row(actor, row.pk)
    assert (row.main_item, row.name) == ("公共场所卫生许可", "新名称")
    assert row.original["main_item"] == "未分类"
    assert [(c.field, c.old, c.new, c.made_by) for c in row.corrections.all()] == [
        ("main_item", "未分类", "公共场所卫生许可", actor.account_id)
    ]
    assert Fact.objects.get(name="items.listed_corrected").data == {"fields": ["main_item"]}


def test_a_row_that_left_the_list_stays_marked(office, the_list):
    import_listed(MANAGER, the_list({}, {"name": "走了"}))
    assert import_listed(MANAGER, the_list({}))["gone"] == 1
    assert not ListedItem.objects.get(name="走了").is_present


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "nothing_changed"),
        ({"name": ""}, "empty"),
        ({"flags": "x"}, "field_fixed"),
        ({"task_type": "x" * 11}, "too_long"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(office, the_list, changes, code):
    import_listed(MANAGER, the_list({}))
    with pytest.raises(CorrectionRefused) as refusal:
        correct_listed(actor=MANAGER, listed_id=ListedItem.objects.get().pk, changes=changes)
    assert [reason.code for reason in refusal.value.reasons] == [code]


def test_a_department_sees_and_corrects_its_own_rows_only(office, the_list, django_assert_num_queries):
    other = make_department("区民政局")
    import_listed(MANAGER, the_list({}, {"name": "婚姻登记", "department_name": "区民政局"}))
    ours, theirs = ListedItem.objects.order_by("position")
    actor = colleague(office.pk)
    with django_assert_num_queries(1):
        assert listed_rows(actor, Filters()).rows == [ours]
    assert listed_counts(actor)["states"]["all"] == 1
    assert listed_rows(MANAGER, Filters(department="区民政局")).rows == [theirs]
    with pytest.raises(NotFound):
        listed_row(actor, theirs.pk)
    with pytest.raises(NotAllowed):
        correct_listed(actor=actor, listed_id=theirs.pk, changes={"name": "x"})
    with pytest.raises(NotAllowed):
        check_listed(actor=colleague(other.pk, "items.see"), listed_id=theirs.pk)
    with pytest.raises(NotAllowed):
        listed_rows(Actor(kind="staff"), Filters())


def test_rows_are_found_by_flag_state_and_text(office, the_list):
    import_listed(MANAGER, the_list({}, {"name": "草原评定(县级)"}, {"name": "管线等设施"}))

    def names(**filters):
        return [row.name for row in listed_rows(MANAGER, Filters(**filters))]

    assert names(flag="width_half") == ["草原评定(县级)"]
    assert names(text="草原评定（县") == ["草原评定(县级)"]
    assert len(names(state="open")) == 2
    check_listed(actor=MANAGER, listed_id=ListedItem.objects.get(name="管线等设施").pk)
    assert names(state="open") == ["草原评定(县级)"]
    assert names(state="checked") == ["管线等设施"]
    assert dict(listed_counts(MANAGER)["flags"]) == {"width_half": 1, "level_in_name": 1, "open_list_in_name": 1}


def test_each_flag_has_a_sentence_with_the_words_that_offend(office, the_list):
    import_listed(MANAGER, the_list({"name": "草原评定(县级)"}))
    texts = [sentence["text"] for sentence in sentences_of(ListedItem.objects.get())]
    assert any("()" in text for text in texts)


def test_a_row_is_tied_to_the_item_that_carries_its_name(office, the_list):
    version = make_item()
    import_listed(MANAGER, the_list({"name": "公共场所卫生许可(新证)"}, {"name": "别的"}))
    assert [row.item_id for row in ListedItem.objects.order_by("position")] == [version.item_id, None]
