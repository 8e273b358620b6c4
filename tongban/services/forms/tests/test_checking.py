"""Answers, right and wrong. The sample form holds every type of field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import check, evaluate, faults_of_form, settle
from tongban.services.forms.tests.samples import ANSWERS, EVERYTHING

TODAY = date(2026, 3, 8)


def codes(changes: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, str]:
    answers = {key: value for key, value in (ANSWERS | changes).items() if key not in without}
    return {fault.path: fault.code for fault in check(EVERYTHING, answers, {}, TODAY)}


def test_the_sample_is_sound_and_right():
    assert faults_of_form(EVERYTHING) == []
    assert codes({}) == {}


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"id_number": "110105194912310020"}, "id_number", "id_check"),
        ({"id_number": "11010519491231002"}, "id_number", "id_length"),
        ({"id_number": "110105194913310025"}, "id_number", "id_birth_date"),
        ({"id_number": "11010520990101002X"}, "id_number", "id_birth_date"),
        ({"id_number": "A1010519491231002X"}, "id_number", "id_characters"),
        ({"uscc": "11100000000013338X"}, "uscc", "uscc_check"),
        ({"uscc": "1110000000001333I8"}, "uscc", "uscc_characters"),
        ({"uscc": "1110"}, "uscc", "uscc_length"),
        ({"phone": "12900000001"}, "phone", "mobile"),
        ({"mail": "李华@"}, "mail", "email"),
        ({"open_on": "2026-02-29"}, "open_on", "unreal_date"),
        ({"open_on": "soon"}, "open_on", "date"),
        ({"open_on": "2019-12-31"}, "open_on", "date_too_early"),
        ({"open_on": "2027-03-09"}, "open_on", "date_too_late"),
        ({"rent": {"from": "2026-01-02", "to": "2026-01-01"}}, "rent.to", "date_range_order"),
        ({"rent": {"from": "2026-01-02"}}, "rent.to", "date_range"),
        ({"area": "很大"}, "area", "not_a_number"),
        ({"area": 0.5}, "area", "too_small"),
        ({"area": 100001}, "area", "too_big"),
        ({"area": 86.555}, "area", "too_fine"),
        ({"area": 9}, "area", "check"),
        ({"capital": 50}, "capital", "too_small"),
        ({"capital": "十万"}, "capital", "not_money"),
        ({"kind": "casino"}, "kind", "option"),
        ({"services": ["food", "tea", "shop"]}, "services", "too_many_choices"),
        ({"services": ["food", "food"]}, "services", "same_choice_twice"),
        ({"address": {"division": "511602000000", "detail": "1号"}}, "address.division", "address_division"),
        ({"address": {"division": "511602001001", "detail": ""}}, "address.detail", "address_detail"),
        ({"staff": [{}]}, "staff", "required_rows"),
        ({"staff": [{"name": "甲", "id": "11010519491231002X"}] * 4}, "staff", "too_many_rows"),
        ({"staff": [{"name": "甲"}]}, "staff.0.id", "required"),
        ({"staff": [{"name": "甲", "id": "11010519491231002X", "cook": True}]}, "staff.0.cook_cert", "required"),
        ({"staff": [{"name": "甲", "id": "11010519491231002X", "boss": 1}]}, "staff.0.boss", "unknown_field"),
        ({"promise": False}, "promise", "required_boolean"),
        ({"birth_on": "1950-01-01"}, "birth_on", "birth_mismatch"),
        ({"forged": "x"}, "forged", "unknown_field"),
        ({"venue_name": "清渠\x00茶馆"}, "venue_name", "control_characters"),
        ({"venue_name": "清渠\ue123茶馆"}, "venue_name", "private_characters"),
        ({"venue_name": "清渠茶馆🍵"}, "venue_name", "emoji"),
        ({"venue_name": "茶" * 61}, "venue_name", "too_long"),
        ({"story": "长" * 10_000_000}, "story", "far_too_long"),
        ({"signature": "not-a-file"}, "signature", "type"),
    ],
)
def test_each_fault_has_its_path_code_and_sentence(changes: dict[str, Any], path: str, code: str):
    found = {f.path: f for f in check(EVERYTHING, ANSWERS | changes, {}, TODAY)}
    assert found[path].code == code
    assert found[path].text.endswith("。")
    assert "%" not in found[path].text
    assert list(found) == [path]  # nothing else is accused


def test_all_faults_come_at_once_in_the_order_of_the_form():
    found = codes({"area": 0, "phone": "1", "staff": [{"name": "甲", "id": "1"}]}, without=("venue_name", "signature"))
    assert list(found) == ["venue_name", "area", "staff.0.id", "phone", "signature"]


@pytest.mark.parametrize("name", ["𬭊㛃䶮𠅤", "买买提·艾山", "欧阳𠅤", "O'Neill-李"])
def test_rare_characters_are_kept_and_counted_as_one(name: str):
    settled = settle(EVERYTHING, ANSWERS | {"venue_name": name * 4}, {}, TODAY)
    assert settled.answers["venue_name"] == name * 4
    assert settled.faults == []


def test_direction_marks_and_invisible_characters_fall_away():
    settled = settle(EVERYTHING, ANSWERS | {"venue_name": "\u202e清\u200b渠\ufeff茶馆\u2069 "}, {}, TODAY)
    assert settled.answers["venue_name"] == "清渠茶馆"


def test_emoji_may_stand_in_free_text_with_its_joiners():
    story = "一家三口👨‍👩‍👧来喝茶😊"
    assert settle(EVERYTHING, ANSWERS | {"story": story}, {}, TODAY).answers["story"] == story


def test_codes_are_read_as_they_are_meant():
    settled = settle(EVERYTHING, ANSWERS | {"id_number": " １１０１０５１９４９１２３１００２ｘ "}, {}, TODAY)
    assert settled.answers["id_number"] == "11010519491231002X"
    assert settled.faults == []


def test_hidden_answers_fall_away_and_are_not_judged():
    settled = settle(EVERYTHING, ANSWERS | {"kind": "hotel", "outdoor": "forged", "rooms": 12}, {}, TODAY)
    assert "outdoor" not in settled.answers
    assert settled.answers["rooms"] == 12
    assert settled.faults == []


def test_computed_answers_are_never_taken_from_the_input():
    settled = settle(EVERYTHING, ANSWERS | {"staff_count": 99, "equipment_sum": 1}, {}, TODAY)
    assert settled.answers["staff_count"] == 2
    assert settled.answers["equipment_sum"] == 140000
    assert settled.answers["equipment"][0]["sum"] == 140000


def test_what_cannot_be_computed_yet_is_empty_not_wrong():
    evaluated = evaluate(EVERYTHING, {"equipment": [{"what": "茶桌", "price": "不知道"}]}, {})
    assert evaluated.computed["equipment_sum"] is None
    assert evaluated.computed["staff_count"] == 0


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ANSWERS, "x"]), ANYTHING, max_size=8))
def test_whatever_arrives_gives_faults_and_never_an_error(changes: dict[str, Any]):
    settled = settle(EVERYTHING, ANSWERS | changes, {}, TODAY)
    if not settled.faults:  # settling what is settled changes nothing
        assert settle(EVERYTHING, settled.answers, {}, TODAY).answers == settled.answers
    for fault in settled.faults:
        assert fault.text


@given(st.text(max_size=60))
def test_a_text_that_passes_can_be_stored_and_shown(text: str):
    settled = settle(EVERYTHING, ANSWERS | {"venue_name": text}, {}, TODAY)
    if not settled.faults:
        kept = settled.answers["venue_name"]
        kept.encode("utf-8")
        assert kept.strip() == kept
        assert not set(kept) & set("\x00\u202a\u202b\u202d\u202e\u200b\u200f\n\r")


def test_what_was_tidied_stays_as_it_is() -> None:
    """A part of which nothing is left falls away at once, not the next time."""
    once = settle(EVERYTHING, {"rent": {"from": "2026-03-01", "to": "\xad"}}, {}, TODAY).answers
    assert once["rent"] == {"from": "2026-03-01"}
    assert once == settle(EVERYTHING, once, {}, TODAY).answers
