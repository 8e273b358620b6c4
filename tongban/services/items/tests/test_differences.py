"""No change of a definition goes unmentioned, and each is said in words."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.items.queries.differences import by_part, told_differences
from tongban.services.items.rules.differences import comparable, differences, same

from .factories import a_definition

pytestmark = pytest.mark.django_db


def put(content: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(content)
    spot = changed
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    return changed


def said(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    with translation.override("zh-hans"):
        return [one.text for one in told_differences(old, new)]


BASE = a_definition()
TOLERATED = {"need": "3", "main": False, "tolerance": {"days": 10}}


@pytest.mark.parametrize(
    ("new", "sentences"),
    [
        (BASE, []),
        (put(BASE, ("promise", "days"), 3), ["承诺办结时限由5个工作日缩短为3个工作日"]),
        (put(BASE, ("promise", "days"), 9), ["承诺办结时限由5个工作日延长为9个工作日"]),
        (put(BASE, ("promise",), {"days": 5, "unit": "2"}), ["承诺办结时限由“5个工作日”改为“5天”"]),
        (
            put(BASE, ("materials", 0), BASE["materials"][0] | TOLERATED),
            ["材料“平面图”从必要改为容缺后补（10个工作日）", "材料“平面图”的主审要件由“是”改为“否”"],
        ),
        (put(BASE, ("materials",), BASE["materials"][1:]), ["删除材料“平面图”"]),
        (
            put(BASE, ("materials",), [*BASE["materials"], {"key": "lease", "name": "租赁合同", "type": "3",
                                                            "format": "2", "need": "1", "source": "10"}]),
            ["新增材料“租赁合同”（必要，申请人自备）"],
        ),
        (put(BASE, ("materials",), BASE["materials"][::-1]), ["申请材料的次序改为：身份证、水质检测报告、平面图"]),
        (
            put(BASE, ("form", "groups", 0, "fields"), [*BASE["form"]["groups"][0]["fields"],
                                                        {"key": "area", "label": "营业面积", "type": "number"}]),
            ["表单分组“场所”新增问题“营业面积”（数字）"],
        ),
        (
            put(BASE, ("form", "groups", 0, "fields", 0, "required"), False),
            ["表单分组“场所”的问题“名称”的必填由“是”改为“否”"],
        ),
        (put(BASE, ("situations", 0, "options"), BASE["situations"][0]["options"][:1]),
         ["情形问题“哪一类场所？”删除选项“游泳馆”"]),
        (
            put(BASE, ("flow", "stages", 0, "parts"), [{"department": "self", "post": "reviewer"},
                                                       {"department": "区消防救援大队", "post": "reviewer"}]),
            ["环节“审查”新增办理部门“区消防救援大队 · 审查”"],
        ),
        (put(BASE, ("server_type",), ["1", "3"]), ["服务对象增加“事业法人”", "服务对象去掉“企业法人”"]),
        (put(BASE, ("results", 0, "name"), "卫生许可凭证"), ["结果“卫生许可证”的名称由“卫生许可证”改为“卫生许可凭证”"]),
        (put(BASE, ("visits",), 1), ["到办事现场次数由“0”改为“1”"]),
        (BASE | {"version": 7, "effective_on": "2027-01-01"}, []),
        (BASE | {"limit_explain": "", "extension": None}, []),
    ],
)  # fmt: skip
def test_a_change_reads_like_a_sentence(new, sentences):
    assert said(BASE, new) == sentences


def test_long_texts_stand_beside_the_sentence():
    new = put(BASE, ("by_law", 0, "text"), "国家对公共场所实行“卫生许可证”制度。" + "国境口岸的公共场所另有规定。" * 4)
    (one,) = told_differences(BASE, new)
    assert "改了内容" in one.text
    assert (one.before, one.after) == (BASE["by_law"][0]["text"], new["by_law"][0]["text"])


def test_it_is_said_in_english_too():
    with translation.override("en"):
        (one,) = told_differences(BASE, put(BASE, ("promise", "days"), 3))
        assert one.text == "Promised time limit shortened from 5 working days to 3 working days"


def test_changes_stand_under_their_part():
    new = put(put(BASE, ("promise", "days"), 3), ("materials",), BASE["materials"][1:])
    assert [(part, len(rows)) for part, _title, rows in by_part(told_differences(BASE, new))] == [
        ("elements", 1),
        ("materials", 1),
    ]


WORDS = st.text(alphabet="许可证abc", max_size=4)
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | WORDS
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
                        max_leaves=8)  # fmt: skip
ROW = st.fixed_dictionaries(
    {"key": st.sampled_from("abc"), "name": WORDS}, optional={"need": SCALARS, "tolerance": ANYTHING, "q": ANYTHING}
)
TEXTS = st.fixed_dictionaries(
    {},
    optional={
        "task_name": ANYTHING, "promise": ANYTHING, "server_type": ANYTHING, "topics": ANYTHING, "flow": ANYTHING,
        "materials": st.lists(ROW, max_size=4) | ANYTHING, "results": st.lists(ROW, max_size=4) | ANYTHING,
        "questions": st.lists(ROW, max_size=3),
        "form": st.fixed_dictionaries({"groups": st.lists(st.fixed_dictionaries(
            {"key": st.sampled_from("ab"), "fields": st.lists(ROW, max_size=3) | ANYTHING}), max_size=3)}) | ANYTHING,
    },
)  # fmt: skip


@pytest.mark.slow
@given(TEXTS, TEXTS)
def test_whatever_is_not_the_same_is_mentioned_and_nothing_else(old, new):
    found = differences(old, new)
    assert bool(found) == (not same(comparable(old), comparable(new)))
    assert not differences(old, copy.deepcopy(old))


def leaves(value: Any, path: tuple[Any, ...] = ()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, (*path, position))
    else:
        yield path, value


LEAVES = [
    (path, value)
    for path, value in leaves(BASE)
    if path[0] not in ("version", "effective_on") and path[-1] not in ("key", "value")
]


@given(st.sets(st.integers(0, len(LEAVES) - 1), min_size=1, max_size=6))
def test_each_of_several_changes_is_mentioned_with_its_place(chosen):
    new = BASE
    for number in chosen:
        path, value = LEAVES[number]
        new = put(new, path, "另一个说法" if isinstance(value, str) else not value if isinstance(value, bool) else 77)
    paths = [one.path for one in differences(BASE, new)]
    told = " ".join(one.text + one.before + one.after for one in told_differences(BASE, new))
    for number in chosen:
        path, value = LEAVES[number]
        pointer = "/" + "/".join(map(str, path))
        whole = pointer.rsplit("/", 1)[0]  # a limit is told as a whole; a row known by this word as gone and come
        assert any(pointer == one or whole == one or pointer.startswith(one + "/") for one in paths), pointer
        if isinstance(value, str):
            assert "另一个说法" in told
