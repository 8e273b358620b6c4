"""Shared groups: copied into forms, compared, taken anew without losing what a form changed by itself."""

from __future__ import annotations

from typing import Any

from tongban.services.forms.rules.editing import add
from tongban.services.forms.rules.parts import alike, as_in_library, differences, likenesses, merged, origins

BANK: dict[str, Any] = {
    "key": "bank",
    "title": "收款账户",
    "fields": [
        {"key": "holder", "label": "户名", "type": "text", "required": True},
        {"key": "card", "label": "卡号", "type": "text", "required": True, "max": 19, "show_if": "holder != null"},
    ],
    "checks": [{"expr": "card == null or len(card) > 11", "field": "card", "message": "卡号太短。"}],
}
NEWER: dict[str, Any] = {
    **BANK,
    "title": "银行账户",
    "fields": [
        {**BANK["fields"][0], "label": "开户人姓名"},
        {**BANK["fields"][1], "hint": "只收储蓄卡"},
        {"key": "branch", "label": "开户行", "type": "text", "required": True},
    ],
}


def copied(other_key: str = "") -> dict[str, Any]:
    """The shared group as it stands in a form, in which one of its keys may be taken."""
    taken = [{"key": other_key, "label": "别的", "type": "text"}] if other_key else []
    content = {"form": {"groups": [{"key": "g", "title": "别的", "fields": taken}]}}
    ops, _where = add(content, "/form/groups", 9, {**BANK, "origin": {"key": "bank", "version": 1}})
    return ops[-1]["value"]


def test_a_copy_is_what_the_library_has_even_under_other_keys():
    own = copied("holder")
    assert [raw["key"] for raw in own["fields"]] == ["holder_2", "card"]
    assert own["fields"][1]["show_if"] == "holder_2 != null"
    assert own["fields"][0]["origin"] == {"key": "holder", "version": 1}
    assert differences(BANK, as_in_library(own)) == []


def test_differences_are_said_in_words():
    assert [one.say() for one in differences(BANK, NEWER)] == [
        "“银行账户”的标题从“收款账户”改为“银行账户”",
        "“开户人姓名”的名称从“户名”改为“开户人姓名”",
        "“卡号”的填写提示有改动",
        "新增“开户行”",
    ]


def test_taking_the_newer_version_keeps_what_the_form_changed():
    own = copied("holder")
    own["fields"][0]["label"] = "监护人户名"  # the form's own word
    own["fields"].append({"key": "extra", "label": "自加的", "type": "text"})
    own["show_if"] = "situation.who == 'child'"
    now = merged(own, BANK, NEWER, 2)
    assert [(raw["key"], raw["label"]) for raw in now["fields"]] == [
        ("holder_2", "监护人户名"),
        ("card", "卡号"),
        ("branch", "开户行"),
        ("extra", "自加的"),
    ]
    assert now["fields"][1]["hint"] == "只收储蓄卡"
    assert now["fields"][1]["show_if"] == "holder_2 != null"
    assert (now["title"], now["show_if"], now["origin"]) == (
        "银行账户",
        "situation.who == 'child'",
        {"key": "bank", "version": 2},
    )


def test_a_field_the_form_took_out_stays_out():
    own = copied()
    del own["fields"][0]
    assert [raw["key"] for raw in merged(own, BANK, NEWER, 2)["fields"]] == ["card", "branch"]


def test_who_uses_a_part_and_who_asks_for_the_same_without_it():
    content = {"form": {"groups": [copied(), {**BANK, "key": "mine", "title": "发放"}]}}
    assert origins(content) == [("bank", 1, "收款账户")]
    assert likenesses(content, BANK) == ["发放"]
    assert alike(BANK, NEWER) < 1
