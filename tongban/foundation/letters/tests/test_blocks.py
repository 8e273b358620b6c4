"""An official's text of a letter: what is wrong with it, and what it looks like in type."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tongban.foundation.letters.actions import packaged, source_of, typeset
from tongban.foundation.letters.rules import BLOCKS, STEPS, answers_wanted, faults_of, sample_of
from tongban.foundation.letters.rules.phrases import Bold, Gap, Optional, Unbalanced, Words, parse


def letter(*blocks, step="grant", title="准予决定书"):
    return {"title": title, "kind": "准决", "step": step, "blocks": [*blocks, {"type": "sign"}]}


def text(sentence):
    return {"type": "text", "text": sentence}


def printed(content, /, **data):
    pdf = typeset(source_of("x", content), {"title": "决定书", "department": "示例局", **data})
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


def test_a_sentence_comes_apart_into_words_gaps_bold_and_optional_parts():
    assert parse("您［于【申请日期】］申请**【事项名称|本事项】**") == (
        Words("您"),
        Optional((Words("于"), Gap("申请日期"))),
        Words("申请"),
        Bold((Gap("事项名称", "本事项"),)),
    )


@pytest.mark.parametrize(
    ("sentence", "mark"), [("［一", "［"), ("一］", "］"), ("**一", "**"), ("［**一］**", "**"), ("**［一**］", "**")]
)
def test_what_is_opened_must_be_closed(sentence, mark):
    with pytest.raises(Unbalanced) as error:
        parse(sentence)
    assert error.value.mark == mark


@given(st.text(alphabet='甲乙【】［］*|：\n"\\#$}{', max_size=30))
def test_whatever_is_written_is_faulted_or_printed_and_never_breaks_the_typesetter(sentence):
    content = letter(text(sentence))
    if not faults_of(content):
        assert typeset(source_of("x", content), sample_of("grant")).startswith(b"%PDF")


def test_an_optional_part_goes_while_a_gap_in_it_is_empty():
    content = letter(text("甲［乙【证照名称】［丙【有效期】］］丁［戊【注意事项】］"))
    assert "甲丁" in printed(content)
    assert "甲乙证丁戊子；丑" in printed(content, result_name="证", conditions=["子", "丑"])
    assert "甲乙证丙四年丁" in printed(content, result_name="证", validity="四年")


def test_words_stand_in_for_a_gap_that_is_empty():
    assert "决定：照准。" in printed(letter(text("决定：【决定内容|照准】。")))


def test_answers_of_the_form_are_printed_by_their_labels():
    content = letter(text("经营地址：【表单：经营地址】［，面积【表单：面积】平方米］。"))
    assert answers_wanted(content) == {"经营地址", "面积"}
    assert "经营地址：渠江北路1号。" in printed(content, answers={"经营地址": "渠江北路1号"})


def test_what_officials_write_is_text_never_markup():
    assert '#panic("x")$a$\\' in printed(letter(text('#panic("x") $a$ \\')))


FAULTY = [
    (letter(text("【没有的】")), "no_such_field", "blocks.0.text"),
    (letter(text("【表单：年龄】")), "no_such_answer", "blocks.0.text"),
    (letter(text("［一")), "unbalanced", "blocks.0.text"),
    (letter(text("  ")), "empty", "blocks.0.text"),
    (letter({"type": "text"}), "empty", "blocks.0.text"),
    (letter({"type": "list", "field": "有效期"}), "no_such_list", "blocks.0.field"),
    (letter({"type": "facts", "rows": [{"label": "甲", "text": "【乙】"}]}), "no_such_field", "blocks.0.rows.0.text"),
    (letter({"type": "picture"}), "shape", "blocks.0"),
    (letter(text("不予"), step="refusal"), "without_remedies", "blocks"),
    ({"title": "书", "kind": "决", "step": "grant", "blocks": [text("甲")]}, "unsigned", "blocks"),
]


@pytest.mark.parametrize(("content", "code", "path"), FAULTY, ids=[row[1] + row[2] for row in FAULTY])
def test_each_fault_is_named_with_its_place(content, code, path):
    assert (code, path) in {(fault.code, fault.path) for fault in faults_of(content, frozenset({"面积"}))}


@pytest.mark.parametrize("step", STEPS)
def test_the_packaged_letters_are_sound_and_print_their_samples(step):
    content = packaged(step)
    assert faults_of(content) == []
    whole = printed(content, **{k: v for k, v in sample_of(step).items() if k != "department"})
    assert content["title"] in whole
    assert "【" not in whole
    assert "［" not in whole


def test_every_kind_of_block_can_be_set_with_nothing_in_it():
    blocks = [{"type": kind, **({"field": "依据"} if kind == "list" else {})} for kind in BLOCKS]
    content = {
        "title": "书",
        "kind": "决",
        "step": "grant",
        "blocks": [
            {"text": "", **block} if block["type"] in ("text", "note", "section") else block for block in blocks
        ],
    }
    assert printed(content)
