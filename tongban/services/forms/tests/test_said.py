"""Answers in words, by label."""

import pytest

from tongban.services.forms.queries import answers_in_words

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
