"""The demo city's service items: complete, consistent, and every expression in them can be worked out."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
import zen

from tongban.demo.samples import WRITTEN_ON, codes, sample
from tongban.foundation.kernel.identifiers import citizen_id_fault, is_mobile, uscc_fault
from tongban.services.forms.rules import compile_form, faults_of_form, settle

HERE = Path(__file__).parents[1] / "definitions"
FILES = sorted((HERE / "items").glob("*.yaml"))
ITEMS = {file.stem: yaml.safe_load(file.read_text("utf-8")) for file in FILES}
TODAY = WRITTEN_ON
SAMPLES = {code: sample(code, on=TODAY) for code in codes()}
SHAPES = {
    "id_number": lambda value: citizen_id_fault(value, today=TODAY) is None,
    "uscc": lambda value: uscc_fault(value) is None,
    "phone": is_mobile,
    "date": date.fromisoformat,
    "address": lambda value: re.fullmatch(r"511602\d{6}", value["division"]) and value["detail"],
    "date_range": lambda value: date.fromisoformat(value["from"]) <= date.fromisoformat(value["to"]),
    "money": lambda value: isinstance(value, int),
    "integer": lambda value: isinstance(value, int),
    "boolean": lambda value: isinstance(value, bool),
}

each_item = pytest.mark.parametrize("code", ITEMS)


def fields_of(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for group in form["groups"] for field in group["fields"]]


def leaves(questions: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Every way through a situation tree that ends in an application."""
    branches = []
    for question in questions:
        ways = []
        for option in question["options"]:
            if "stop" in option:
                continue  # nothing to apply for on this way
            for rest in leaves(option.get("then", [])):
                ways.append({question["key"]: option["value"]} | rest)
        branches.append(ways)
    return [{key: value for part in way for key, value in part.items()} for way in product(*branches)]


def expressions(item: dict[str, Any]) -> list[str]:
    """Everything the engine will be asked to work out for one item."""
    found = [entry["when"] for entry in item["materials"] + item["fees"] if entry.get("when")]
    found += [fee["quantity"] for fee in item["fees"] if fee.get("quantity")]
    for group in item["form"]["groups"]:
        found += [check["expr"] for check in group["checks"]]
        found += [thing["show_if"] for thing in [group, *group["fields"]] if thing.get("show_if")]
        found += [field["value"] for field in group["fields"] if "value" in field]
    return found


def contexts(code: str) -> list[dict[str, Any]]:
    """An empty form, the sample, and its variants (their answers laid over the sample's)."""
    told = SAMPLES[code]
    frame = {"today": TODAY.isoformat(), "applicant": {"kind": told["applicant"]["kind"]}}
    found = [frame | {"situation": {}}]
    for way in [told, *told.get("variants", [])]:
        context = frame | told["answers"] | way["answers"] | {"situation": way["situation"]}
        for field in fields_of(ITEMS[code]["form"]):
            if "value" in field:
                context[field["key"]] = zen.evaluate_expression(field["value"], context)
        found.append(context)
    return found


def holds(expression: str | None, context: dict[str, Any]) -> bool:
    return not expression or zen.evaluate_expression(expression, context) is True


@each_item
def test_file_and_code_agree_and_the_item_is_marked_as_a_sample(code):
    assert ITEMS[code]["code"] == code
    assert ITEMS[code]["sample"] is True
    assert SAMPLES[code]["code"] == code


@each_item
def test_plain_words_are_there(code):
    item = ITEMS[code]
    assert len(set(item["synonyms"])) >= 8
    assert len(item["questions"]) >= 3
    assert 20 <= len(item["summary"]) <= 160
    assert item["accept_conditions"]


@each_item
def test_codes_and_types_agree(code):
    item = ITEMS[code]
    assert re.fullmatch(rf"00{item['task_type']}\d{{8}}", item["catalog_code"])
    assert all(basis["text"].strip() and basis["clause"] for basis in item["by_law"])
    assert re.fullmatch(r"0826-\d+", item["consult_phone"])
    assert re.fullmatch(r"0826-\d+", item["complaint_phone"])
    assert item["consult_phone"] != item["complaint_phone"]


def test_no_two_items_share_a_catalogue_code():
    assert max(Counter(item["catalog_code"] for item in ITEMS.values()).values()) == 1


@each_item
def test_limits(code):
    item = ITEMS[code]
    promise, statutory = item["promise"], item["statutory"]
    if promise["unit"] == statutory["unit"]:
        assert promise["days"] <= statutory["days"]
    else:  # natural days are the shorter ones: never promise more of the longer kind
        assert (promise["unit"], statutory["unit"]) == ("1", "2")
        assert promise["days"] * 7 / 5 <= statutory["days"]
    if item["project_type"] == "1":
        assert promise["days"] <= 1
        assert item["review_type"] == "即审即办"
    else:
        assert sum(stage["limit_days"] for stage in item["flow"]["stages"]) <= promise["days"]
        assert item["review_type"] == "前审后批"


@each_item
def test_a_permit_shows_its_five_steps_and_two_people(code):
    item = ITEMS[code]
    kinds = [stage["kind"] for stage in item["flow"]["stages"]]
    if item["task_type"] == "01":
        assert sorted(set(kinds), key=kinds.index) == ["review", "decide", "certify", "deliver"]
    if item["project_type"] == "2":
        posts = {stage["kind"]: stage["parts"][0]["post"] for stage in item["flow"]["stages"]}
        assert posts["review"] != posts["decide"]


@each_item
def test_presence_fees_results_and_topics_agree(code):
    item = ITEMS[code]
    assert bool(item["visits"]) == bool(item["visits_explain"])
    assert item["pay_online"] == bool(item["fees"])
    assert all(isinstance(fee["amount_fen"], int) and fee["basis"] and fee["standard"] for fee in item["fees"])
    assert ("1" in item["server_type"]) == ("person" in item["topics"])
    assert bool(set(item["server_type"]) - {"1"}) == ("company" in item["topics"])
    for result in item["results"]:
        if "证书" in result["name"] or re.search(r"(?<!凭)证$", result["name"]):
            assert result["type"] == "10"


@each_item
def test_materials_are_definite(code):
    names = [material["name"] for material in ITEMS[code]["materials"]]
    assert len(set(names)) == len(names)
    for material in ITEMS[code]["materials"]:
        assert material["source"] != "20" or material["issuing_dept"]
        assert (material["need"] == "3") == bool(material["tolerance"])
        assert not (material["main"] and material["tolerance"])
        assert material["need"] != "2" or material["handle_case"]
        assert not material.get("when") or material["handle_case"]


@each_item
def test_every_situation_leaves_something_to_hand_in(code):
    item = ITEMS[code]
    for situation in leaves(item["situations"]):
        context = {"situation": situation, "applicant": {"kind": item["applicants"][0]}}
        assert any(holds(material.get("when"), context) for material in item["materials"])


@each_item
def test_form_size_and_keys(code):
    fields = fields_of(ITEMS[code]["form"])
    assert 8 <= len(fields) <= 28
    assert len({field["key"] for field in fields}) == len(fields)
    assert not {field["key"] for field in fields} & {"today", "situation", "applicant"}
    for group in ITEMS[code]["form"]["groups"]:
        assert {check["field"] for check in group["checks"]} <= {field["key"] for field in group["fields"]}


@each_item
def test_every_expression_can_be_worked_out_while_typing(code):
    for context in contexts(code):
        for expression in expressions(ITEMS[code]):
            zen.evaluate_expression(expression, context)


@each_item
def test_ages_are_reckoned_in_months(code):
    """A year after 29 February is no day to the engine; twelve months after it is 28 February."""
    assert not [
        expression for expression in expressions(ITEMS[code]) if re.search(r"add\(\d+, '(y|year)'\)", expression)
    ]


@each_item
def test_expressions_name_only_what_the_form_asks(code):
    item = ITEMS[code]
    known = {field["key"] for field in fields_of(item["form"])}
    asked = {key for situation in leaves(item["situations"]) for key in situation}
    for expression in expressions(item):
        bare = re.sub(r"'[^']*'", "", expression)
        assert set(re.findall(r"situation\.(\w+)", bare)) <= asked
        words = set(re.findall(r"(?<![\w.#])[a-z_]+(?![\w(])", bare)) - {"situation", "applicant", "today"}
        assert words - {"null", "true", "false", "and", "or", "not", "in"} <= known, expression


@each_item
def test_the_sample_passes_its_own_checks(code):
    for context in contexts(code)[1:]:
        for group in ITEMS[code]["form"]["groups"]:
            if holds(group.get("show_if"), context):
                for check in group["checks"]:
                    assert holds(check["expr"], context), check["message"]


@each_item
def test_the_sample_answers_every_visible_required_field(code):
    for context in contexts(code)[1:]:
        for group in ITEMS[code]["form"]["groups"]:
            for field in group["fields"] if holds(group.get("show_if"), context) else []:
                value = context.get(field["key"])
                if field.get("required") and holds(field.get("show_if"), context):
                    assert value not in (None, "", []), field["key"]
                if value is not None and "value" not in field:
                    assert_shape(field, value)


def assert_shape(field: dict[str, Any], value: Any) -> None:
    assert SHAPES.get(field["type"], lambda value: True)(value), (field["key"], value)
    if field["type"] in ("select", "radio"):
        assert value in {option["value"] for option in field["options"]}, field["key"]
    if field["type"] == "checkboxes":
        assert set(value) <= {option["value"] for option in field["options"]}
    for row in value if field["type"] in ("repeat", "table") else []:
        for column in field["fields"]:
            assert row.get(column["key"]) is not None or not column.get("required"), (field["key"], column["key"])
            if row.get(column["key"]) is not None:
                assert_shape(column, row[column["key"]])


@each_item
def test_the_sample_situation_is_one_of_the_leaves(code):
    for way in [SAMPLES[code], *SAMPLES[code].get("variants", [])]:
        assert way["situation"] in leaves(ITEMS[code]["situations"])


@each_item
def test_the_form_is_sound_and_compiles(code):
    form = ITEMS[code]["form"]
    assert not faults_of_form(form)
    assert compile_form(form)["schema"]


@each_item
@pytest.mark.parametrize("on", [TODAY, TODAY + timedelta(days=44), date(2028, 2, 29)], ids=str)
def test_the_samples_are_accepted_on_any_day(code, on):
    told = sample(code, on=on)
    applicant = {"kind": told["applicant"]["kind"]}
    for way in [told, *told.get("variants", [])]:
        answers = {key: value for key, value in (told["answers"] | way["answers"]).items() if value is not None}
        settled = settle(ITEMS[code]["form"], answers, {"situation": way["situation"], "applicant": applicant}, on)
        assert [(fault.path, fault.text) for fault in settled.faults] == []
