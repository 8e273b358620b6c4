"""Words made comparable, and ranking on a handful of entries: no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.items.rules.ranking import NAME, PLAIN, SYNONYM, Entry, Index
from tongban.services.items.rules.words import blurred, cut, fold, initials, syllables, tokens, wanted

ENTRIES = [
    Entry("food", True, "食品经营许可", ((NAME, "食品经营许可"), (PLAIN, "开饭馆要办的证"), (SYNONYM, "小饭馆"))),
    Entry("shop", True, "个体工商户设立登记", ((NAME, "个体工商户设立登记"), (PLAIN, "个人开店办营业执照"), (SYNONYM, "营业执照"))),
    Entry("birth", True, "户口登记", ((NAME, "户口登记"), (PLAIN, "生孩子上户口"))),
    Entry("net", False, "互联网上网服务营业场所审批", ((NAME, "互联网上网服务营业场所审批"),)),
]  # fmt: skip
INDEX = Index(ENTRIES, {"网吧": ["互联网上网服务营业场所"], "执照丢了": ["营业执照"]})


def first(query):
    scores = INDEX.rank(query).scores
    return scores[0][0] if scores else None


@pytest.mark.parametrize(
    ("text", "folded"),
    [("營業執照", "营业执照"), ("ＫＴＶ（ｋ歌）", "ktv k 歌"), ("  A、b  ", "a b"), ("𬭊㛃", "𬭊㛃"), ("😀？", "")],
)
def test_width_script_and_case_make_no_difference(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "bare"),
    [
        ("请问我想开饭馆怎么办", "开饭馆"),
        ("办营业执照要什么材料", "办营业执照"),
        ("怎么办", "怎么办"),
        ("需要", "需要"),
        ("个体户", "个体户"),
    ],
)
def test_courtesies_are_taken_off_but_never_all(query, bare):
    assert wanted(query) == bare


def test_a_text_is_its_bigrams_words_and_sounds():
    assert tokens("营业执照 ktv 店") == ["营业", "业执", "执照", "ktv", "店"]
    assert syllables("小饭馆") == ("xiao", "fan", "guan")
    assert initials(syllables("营业执照")) == "yyzz"
    assert (blurred("zhang"), blurred("nv"), blurred("sheng")) == ("zan", "lv", "sen")


def test_typed_letters_are_cut_into_syllables():
    known = {"xiao", "fan", "fang", "chan", "guan"}
    assert cut("xiaofanguan", known) == ["xiao", "fan", "guan"]
    assert cut("xiaofangchan", known) == ["xiao", "fang", "chan"]
    assert cut("xxfanyy", known) == ["fan"]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("开小饭馆", "food"), ("xiaofanguan", "food"), ("xiaofangchan", "food"), ("xfg", "food"), ("小飯館", "food"),
        ("营业热照", "shop"), ("yingyezhizhao", "shop"), ("yyzz", "shop"), ("执照丢了", "shop"), ("营业执造", "shop"),
        ("生孩子", "birth"), ("孩子上户囗", "birth"), ("开网吧", "net"), ("网吧", "net"),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(query, key):
    assert first(query) == key


def test_what_nobody_offers_is_not_found():
    assert first("量子纠缠") is None
    assert first("") is None


def test_a_misspelling_is_answered_with_what_it_sounds_like():
    assert "营业执照" in INDEX.alike("营页执罩")
    assert INDEX.alike("营业执照") == []


def test_completions_are_written_as_the_catalogue_writes_them():
    assert INDEX.completions("开饭") == [("开饭馆要办的证", "food")]
    assert ("营业执照", "shop") in INDEX.completions("yingye")
    assert INDEX.completions("") == []


@given(st.text(max_size=200))
def test_no_text_breaks_the_search(text):
    INDEX.rank(text)
    INDEX.alike(text)
    INDEX.completions(text)


@given(st.sampled_from([entry.name for entry in ENTRIES]))
def test_a_name_finds_its_own_item_first(name):
    assert INDEX.entries[[e.key for e in ENTRIES].index(first(name))].name == name
