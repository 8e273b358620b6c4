"""Loading, drafting and publishing definitions."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from django.core.management import CommandError, call_command

from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import ANONYMOUS, Actor
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.items.actions import (
    load_code_tables,
    load_definition,
)
from tongban.services.items.errors import ItemNotFound, ItemNotInForce, ItemRefused
from tongban.services.items.models import CodeTable, ItemVersion
from tongban.services.items.queries import code_tables, content_of, in_force_items, items_of, published
from tongban.services.items.queries.items import stamp

from .factories import MANAGER, a_definition, make_item, with_material

pytestmark = pytest.mark.django_db


def test_a_definition_is_published_with_its_computed_code():
    version = make_item()
    assert version.status == ItemVersion.Status.PUBLISHED
    assert version.effective_on == date(2026, 1, 1)
    assert version.item.task_code == version.item.department.code + "4" + "000123009000"
    assert version.content["task_code"] == version.item.task_code
    assert Fact.objects.get(name="items.published").data["by"] == "loader"


def test_loading_the_same_again_changes_nothing():
    first = make_item()
    facts, before = Fact.objects.count(), stamp()
    assert load_definition(MANAGER, yaml.safe_dump(a_definition(), allow_unicode=True)) == first
    assert (Fact.objects.count(), stamp()) == (facts, before)


def test_a_published_version_is_never_changed():
    first = make_item()
    with pytest.raises(ItemRefused) as refusal:
        make_item(summary="另一种说法。")
    assert [reason.code for reason in refusal.value.reasons] == ["version_published"]
    second = load_definition(MANAGER, a_definition(summary="另一种说法。"), as_new_version=True)
    assert (second.version, first.version) == (2, 1)
    assert ItemVersion.objects.get(pk=first.pk).content["summary"] == "开店前要办。"


def test_the_version_of_the_day_holds():
    make_item()
    make_item(version=2, effective_on="2026-07-01", summary="七月起。")
    assert published("venue-permit", date(2026, 6, 30)).version == 1
    assert published("venue-permit", date(2026, 7, 1)).version == 2
    with pytest.raises(ItemNotInForce):
        published("venue-permit", date(2025, 12, 31))
    with pytest.raises(ItemNotFound):
        published("no-such-item")


def test_a_refusal_names_every_fault_with_its_ground():
    make_department("区卫健局")
    with pytest.raises(ItemRefused) as refusal:
        load_definition(MANAGER, with_material(name="营业执照等材料", standard="其他材料") | {"visits": 1})
    reasons = {(reason.code, reason.field): reason.text for reason in refusal.value.reasons}
    assert ("vague_clause", "materials.plan.name") in reasons
    assert "等材料" in reasons["vague_clause", "materials.plan.name"]
    assert "国办发〔2018〕45号" in reasons["vague_clause", "materials.plan.standard"]
    assert ("visits_unexplained", "visits_explain") in reasons
    assert not ItemVersion.objects.exists()


def test_an_unknown_department_and_a_shapeless_text_are_refused():
    for definition, code in (
        (a_definition(), "department_unknown"),
        ({"code": "x"}, "required"),
        ("a: [", "unreadable"),
    ):
        with pytest.raises(ItemRefused) as refusal:
            load_definition(MANAGER, definition)
        assert code in {reason.code for reason in refusal.value.reasons}


def test_a_tree_that_leaves_something_out_of_reach_is_refused_and_says_so():
    make_department("区卫健局")
    with pytest.raises(ItemRefused) as refused:
        load_definition(MANAGER, with_material(when="situation.venue == 'sauna'"))
    texts = [str(reason.text) for reason in refused.value.reasons if reason.field == "materials.plan.when"]
    assert texts == [
        "条件“situation.venue == 'sauna'”里的“sauna”不是问题“哪一类场所？”的选项。",
        "材料“平面图”在哪种情形下都不会要求提交。请改条件，或者删去这份材料。（行政许可法第三十条）",
    ]


def test_only_those_who_manage_items_may_load():
    with pytest.raises(NotSignedIn):
        load_definition(ANONYMOUS, a_definition())
    with pytest.raises(NotAllowed):
        load_definition(Actor(kind="staff"), a_definition())


def test_reading_is_cheap(django_assert_num_queries):
    version = make_item()
    department_id = version.item.department_id
    content_of(version.pk)
    with django_assert_num_queries(0):
        assert content_of(version.pk)["code"] == "venue-permit"
    with django_assert_num_queries(1):
        assert [row.item.department.short_name for row in in_force_items()] == ["区卫健局"]
    with django_assert_num_queries(2):
        assert [item.versions.all()[0] for item in items_of(department_id)] == [version]


def test_code_tables_are_versions_with_a_day():
    assert load_code_tables(MANAGER) > 10
    assert load_code_tables(MANAGER) == 0
    assert code_tables()["task_type"]["01"] == "行政许可"
    table = CodeTable.objects.get(key="task_type")
    CodeTable.objects.create(
        key="task_type",
        version=2,
        effective_on="2027-01-01",
        status="published",
        content=table.content | {"21": "新类型"},
    )
    assert "21" not in code_tables(date(2026, 12, 31))["task_type"]
    assert code_tables(date(2027, 1, 1))["task_type"]["21"] == "新类型"


def test_the_command_prints_findings_and_fails(tmp_path, capsys):
    make_department("区卫健局")
    good, bad = tmp_path / "venue-permit.yaml", tmp_path / "bad.yaml"
    good.write_text(yaml.safe_dump(a_definition(), allow_unicode=True))
    bad.write_text(yaml.safe_dump(with_material(name="其他材料"), allow_unicode=True))
    call_command("items", "check", str(good))
    with pytest.raises(CommandError):
        call_command("items", "check", str(good), str(bad))
    assert "其他材料" in capsys.readouterr().out
