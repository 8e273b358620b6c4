"""Answers in words, by label."""

import pytest

from tongban.foundation.organisations.tests.factories import make_divisions
from tongban.services.forms.queries import answers_in_words, plain

FORM = {
    "groups": [
        {
            "key": "place",
            "fields": [
                {"key": "kind", "type": "radio", "label": "场所", "options": [{"value": "hotel", "label": "宾馆"}]},
                {"key": "area", "type": "number", "label": "面积", "unit": "平方米", "show_if": "kind == 'hotel'"},
                {"key": "pool", "type": "text", "label": "泳池", "show_if": "kind == 'pool'"},
                {
                    "key": "staff",
                    "type": "repeat",
                    "label": "人员",
                    "fields": [{"key": "name", "type": "text", "label": "姓名"}],
                },
            ],
        }
    ]
}


@pytest.mark.django_db
def test_answers_are_told_in_words_and_what_is_not_asked_is_left_out():
    said = answers_in_words(
        FORM, {"kind": "hotel", "area": 120, "pool": "x", "staff": [{"name": "甲"}, {"name": "乙"}]}
    )
    assert said["场所"] == "宾馆"
    assert "120" in said["面积"]
    assert said["人员"] == "甲；乙"
    assert "泳池" not in said


@pytest.mark.django_db
def test_answers_with_parts_are_put_in_words_for_papers_and_places_are_asked_once(django_assert_num_queries):
    make_divisions()
    fields = [
        {"key": "kind", "options": [{"value": "hotel", "label": "宾馆"}]},
        {"key": "goods", "options": [{"value": "hot", "label": "热食"}, {"value": "tea", "label": "茶"}]},
    ]
    form = {"groups": [{"fields": fields}]}
    answers = {
        "kind": "hotel",
        "goods": ["hot", "tea"],
        "area": 20,
        "home": {"division": "511602001001", "detail": "平安路1号"},
    }
    said = plain(form, answers)
    assert said == {
        "kind": "宾馆",
        "goods": "热食、茶",
        "area": 20,
        "home": "四川省广安市广安区浓洄街道翠屏路社区居委会平安路1号",
    }
    with django_assert_num_queries(0):
        assert plain({}, answers)["home"] == said["home"]
