"""Codes, vague words, consistency and depth: rules on plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.items.errors import FINDINGS
from tongban.services.items.queries.items import packaged_tables
from tongban.services.items.rules.codes import compose_task_code, disagreements, parse_task_code
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.depth import depth_of
from tongban.services.items.rules.findings import findings_in
from tongban.services.items.rules.shape import Unreadable, misshapen, read
from tongban.services.items.rules.vague import offending_words

from .factories import a_definition, with_material

USCC = "11370800MB28559184"  # a real body, GB 32100 test vector
CODE = "11370800MB285591843370117002011"  # a real implementation code of Shandong


def codes(definition, uscc=""):
    return {finding.code for finding in findings_in(complete(definition), packaged_tables(), uscc=uscc)}


def test_a_real_code_is_taken_apart_and_put_together_again():
    parsed = parse_task_code(CODE)
    assert (parsed.uscc, parsed.use_level, parsed.catalog_code, parsed.task_type) == (USCC, "3", "370117002011", "01")
    assert compose_task_code(parsed.uscc, parsed.use_level, parsed.catalog_code) == CODE
    assert parse_task_code(CODE + "01").handling_item == "01"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (CODE[:-1], "length"),
        (CODE + "1", "length"),
        ("2" + CODE[1:], "uscc"),
        (CODE[:18] + "X" + CODE[19:], "use_level"),
    ],
)
def test_a_wrong_code_names_the_part_at_fault(code, fault):
    with pytest.raises(ValueError, match=fault):
        parse_task_code(code)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ((USCC[:-1] + "5", "3", "370117002011"), "uscc"),
        ((USCC, "", "370117002011"), "use_level"),
        ((USCC, "3", "37"), "catalog"),
    ],
)
def test_a_code_is_not_composed_of_wrong_parts(parts, fault):
    with pytest.raises(ValueError, match=fault):
        compose_task_code(*parts)


def test_a_code_of_another_level_type_or_body_disagrees():
    assert disagreements(CODE, uscc=USCC, use_level="3", task_type="01") == []
    other = disagreements(CODE, uscc="11100000000013338W", use_level="4", task_type="07")
    assert other == ["uscc", "use_level", "task_type"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("其他材料", ["其他材料"]),
        ("其他有关材料", ["其他有关材料"]),
        ("身份证、户口簿等", ["等"]),
        ("营业执照等相关材料", ["等相关材料"]),
        ("法律法规规定的其他材料", ["法律法规规定的其他材料"]),
        ("法律、法规、规章规定的其他材料", ["法律、法规、规章规定的其他材料"]),
        ("有关部门要求提供的材料", ["有关部门要求提供的材料"]),
        ("审批部门认为需要的其他材料", ["审批部门认为需要的其他材料"]),
        ("相关证明材料", ["相关证明材料"]),
        ("房产证等，以及其他证明文件", ["等", "其他证明文件"]),
        ("等级证书", []),
        ("高等学校毕业证书、中等职业学校毕业证、初等教育证明", []),
        ("平等协商记录", []),
        ("与原件同等效力的复印件", []),
        ("等额选举结果", []),
        ("工伤伤残等级鉴定结论", []),
        ("相当于三等奖的证书", []),
        ("身份证、户口簿、结婚证等3项材料", []),
        ("居民身份证", []),
        ("其他股东的身份证", []),
    ],
)
def test_vague_clauses_are_named_word_by_word(text, words):
    assert offending_words(text) == words


@given(st.text())
def test_offending_words_stand_in_the_text(text):
    assert all(word in text for word in offending_words(text))


def test_the_definition_in_the_factories_has_no_fault():
    assert misshapen(a_definition()) == []
    assert codes(a_definition(), uscc="11100000000013338W") == set()


LIMIT = {"days": 5, "unit": "1"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"promise": {"days": 21, "unit": "1"}}, "promise_longer"),
        ({"promise": {"days": 21, "unit": "2"}}, "promise_longer"),
        ({"promise": {"days": 5, "unit": "1"}, "statutory": {"days": 15, "unit": "2"}}, "promise_longer"),
        (
            {
                "situations": [
                    {
                        "key": "k",
                        "question": "?",
                        "options": [
                            {"value": "a", "label": "a", "promise": {"days": 30, "unit": "1"}},
                            {"value": "b", "label": "b"},
                        ],
                    }
                ]
            },
            "promise_longer",
        ),
        ({"statutory": None}, "statutory_missing"),
        ({"project_type": "1", "review_type": "即审即办", "promise": {"days": 2, "unit": "1"}}, "instant_too_slow"),
        ({"project_type": "1", "promise": {"days": 1, "unit": "1"}}, "instant_review_type"),
        ({"review_type": "即审即办"}, "promised_review_type"),
        ({"results": [{"name": "卫生许可证", "type": "30", "sample": True}]}, "result_is_licence"),
        ({"results": [{"name": "职业资格证书（副本）", "type": "20", "sample": True}]}, "result_is_licence"),
        ({"results": [{"name": "立项批复", "type": "10", "sample": True}]}, "result_is_approval"),
        ({"results": [{"name": "登记表", "type": "30"}]}, "result_without_sample"),
        ({"visits": 1}, "visits_unexplained"),
        ({"visits": 1, "visits_explain": "领证"}, "online_but_visits"),
        ({"online_depth": ["1"], "handle_type": ["1"]}, "no_visit_but_no_way"),
        ({"fees": [{"key": "f", "name": "工本费", "standard": "10元", "basis": " "}]}, "fee_without_ground"),
        ({"pay_online": True}, "free_but_pay_online"),
        ({"complaint_phone": "0826-2222222"}, "phones_equal"),
        ({"consult_phone": "2222222"}, "phone_without_area"),
        ({"server_type": ["2"], "applicants": ["company"]}, "person_topic_unserved"),
        ({"server_type": ["1"], "applicants": ["person"]}, "company_topic_unserved"),
        ({"topics": {"person": ["准营准办"]}}, "company_topic_missing"),
        ({"topics": {"company": ["准营准办"]}}, "person_topic_missing"),
        ({"server_type": ["2"], "topics": {"company": ["准营准办"]}}, "applicants_unserved"),
        ({"questions": []}, "permit_without_faq"),
        ({"by_law": [{"law": "条例", "clause": "一", "text": " "}]}, "basis_without_text"),
        ({"dept_type": "3"}, "entruster_missing"),
        ({"use_level": "8"}, "code_unknown"),
        ({"topics": {"person": ["没有的主题"], "company": ["准营准办"]}}, "code_unknown"),
        ({"catalog_code": "000723009000"}, "catalog_type_differs"),
        ({"task_code": CODE}, "task_code_differs"),
    ],
)
def test_each_rule_finds_its_fault(change, code):
    assert code in codes(a_definition(**change), uscc="11100000000013338W")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "身份证"}, "material_repeated"),
        ({"key": "water"}, "material_repeated"),
        ({"name": "营业执照等材料"}, "vague_clause"),
        ({"standard": "按有关部门要求提供"}, "vague_clause"),
        ({"source": "20", "waive": ["1"]}, "issuer_missing"),
        ({"source": "20", "issuing_dept": "公安机关"}, "waive_missing"),
        ({"need": "2", "main": False}, "optional_without_case"),
        ({"need": "3", "tolerance": {"days": 5}}, "main_material_tolerated"),
        ({"need": "3", "main": False}, "tolerance_without_days"),
    ],
)
def test_each_rule_about_materials_finds_its_fault(change, code):
    assert code in codes(with_material(**change))


def test_the_edges_are_allowed():
    same = a_definition(promise={"days": 20, "unit": "1"})
    instant = a_definition(project_type="1", review_type="即审即办", promise={"days": 1, "unit": "1"}, statutory=None)
    proof = a_definition(results=[{"name": "无犯罪记录证明", "type": "30", "sample": True, "delivery": ["online"]}])
    mixed = a_definition(statutory={"days": 16, "unit": "2"})
    assert not codes(mixed) | codes(same) | codes(instant) | codes(proof)


def test_every_finding_has_a_sentence():
    bad = a_definition(visits=2, fees=[], pay_online=True, questions=[], statutory=None, use_level="8")
    found = codes(bad)
    assert len(found) >= 5
    assert found <= FINDINGS.keys()


def test_a_permit_needs_its_steps_unless_it_is_done_at_once():
    definition = a_definition()
    stages = definition["flow"]["stages"]
    definition["flow"]["stages"] = [stages[1]]
    assert "permit_steps_missing" in codes(definition)
    definition["flow"]["stages"] = [stages[1] | {"kind": "instant"}]
    assert "permit_steps_missing" not in codes(definition)


@pytest.mark.parametrize(
    ("change", "level", "blocks"),
    [
        ({}, "IV", ()),
        ({"visits": 1}, "III", ("visits",)),
        ({"visits": 2, "schedule": True}, "II", ("visits",)),
        ({"identity_proof_online": False}, "III", ("identity_at_counter",)),
        ({"obstacles": ["law_demands_presence"]}, "III", ("law_demands_presence",)),
        ({"fees": [{"key": "f", "name": "费", "standard": "1元", "basis": "法"}]}, "III", ("fee_offline",)),
        ({"online_depth": ["2", "3"]}, "II", ("not_taken_online",)),
        ({"online_depth": ["1"]}, "I", ("not_taken_online",)),
    ],
)
def test_depth_is_computed_from_facts(change, level, blocks):
    depth = depth_of(complete(a_definition(**change)))
    assert (depth.level, depth.blocks) == (level, blocks)


def test_paper_that_nothing_waives_blocks_full_online():
    assert depth_of(complete(with_material(format="1"))).blocks == ("paper_materials",)
    assert depth_of(complete(with_material(format="1", waive=["2"]))).blocks == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", 2),
        ("a: [1", 1),
        ("a: &x 1\nb: *x", 1),
        ("a: \x00", 1),
        ("a: \ud800", 1),
        ("a: 1\nyes: 2", 2),
        ("x" * 600_000, 1),
        ("{" * 100_000, 1),
        ("a:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(100)), 40),
    ],
)
def test_text_that_cannot_be_read_says_where(text, line):
    with pytest.raises(Unreadable) as fault:
        read(text)
    assert fault.value.line >= line


def test_days_stay_text():
    assert read("from: 2026-01-01") == {"from": "2026-01-01"}


def test_every_departure_from_the_shape_is_found():
    definition = a_definition(version=0, sorry=1)
    del definition["summary"]
    assert {kind for _, kind, _ in misshapen(definition)} == {"minimum", "additionalProperties", "required"}
