"""Identifiers, states, metadata, masks and definitions: true on paper."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.licences.rules import identifiers, masking, metadata, states
from tongban.services.licences.rules.types import field_faults, last_day, number_of, type_faults

from .factories import DEFINER, PERMIT

# Identifiers of real licences (standards §11.1).
REAL = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
]
words = st.text(alphabet=identifiers.ALPHABET, min_size=1, max_size=32)


@pytest.mark.parametrize("text", REAL)
def test_real_identifiers_are_read_and_made_again(text):
    read = identifiers.read(text)
    assert read is not None
    assert read.faults == ()
    assert identifiers.compose(read.type_code, read.issuer_code, read.serial, read.version) == text


def test_a_wrong_check_character_is_kept_with_a_flag():
    read = identifiers.read(REAL[0][:-1] + "V")
    assert read.check == "V"
    assert read.faults == ("check",)


def test_spaces_and_small_letters_are_read():
    assert identifiers.read(f" {REAL[0].lower()} ") == identifiers.read(REAL[0])


@pytest.mark.parametrize(
    "text", ["", "1.2.156", REAL[0][:-2], f"{REAL[0]}.1", REAL[0].replace("001", "00X"), "2" + REAL[0][1:]]
)
def test_what_has_not_the_shape_is_no_identifier(text):
    assert identifiers.read(text) is None


@given(st.text(max_size=60))
def test_reading_never_breaks(text):
    identifiers.read(identifiers.ROOT + "." + text)


@given(words, st.integers(1, 999))
def test_what_is_composed_reads_back_without_fault(serial, version):
    text = identifiers.compose(f"{DEFINER}001", DEFINER, serial, version)
    read = identifiers.read(text)
    assert (read.serial, read.version, read.faults) == (serial, version, ())


@given(words.filter(lambda text: len(text) > 3), st.data())
def test_one_wrong_character_is_always_noticed(body, data):
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([c for c in identifiers.ALPHABET if c != body[place]]))
    wrong = body[:place] + other + body[place + 1 :]
    assert identifiers.check_character(wrong) != identifiers.check_character(body)


@pytest.mark.parametrize(
    ("act", "state", "allowed"),
    [
        ("suspend", "valid", True),
        ("suspend", "suspended", False),
        ("restore", "suspended", True),
        ("restore", "revoked", False),
        ("renew", "expired", True),
        ("renew", "lost", True),
        ("renew", "cancelled", False),
        ("change", "suspended", False),
        ("revoke", "suspended", True),
        ("annul", "expired", True),
        ("check_yearly", "expired", False),
        ("declare_lost", "valid", True),
        ("confirm", "draft", True),
        ("cancel", "draft", False),
    ],
)
def test_the_ways_between_the_states(act, state, allowed):
    assert states.may(act, state) is allowed


@given(st.sampled_from(["cancelled", "revoked", "annulled", "superseded"]), st.sampled_from(sorted(states.ACTS)))
def test_what_has_ended_never_comes_back(state, act):
    assert not states.may(act, state)


@given(st.sampled_from(sorted(states.ACTS)), st.sampled_from(sorted(states.CURRENT)))
def test_an_act_leads_to_a_known_state(act, state):
    assert states.after(act, state) in states.INTERFACE_CODES


@pytest.mark.parametrize(
    ("state", "until", "seen"),
    [
        ("valid", date(2026, 5, 1), "valid"),  # the last day is a whole day
        ("valid", date(2026, 4, 30), "expired"),
        ("suspended", date(2026, 4, 30), "expired"),
        ("revoked", date(2026, 4, 30), "revoked"),
        ("valid", None, "valid"),
    ],
)
def test_a_licence_ends_with_its_last_day(state, until, seen):
    assert states.state_on(state, date(2020, 1, 1), until, date(2026, 5, 1)) == seen


def test_a_licence_that_has_not_begun_is_not_shown_as_valid():
    assert states.state_on("valid", date(2026, 5, 2), None, date(2026, 5, 1)) == "draft"


def test_an_act_wants_a_reason_and_a_punishment_a_document():
    assert states.act_faults("revoke", "valid", reason=" ", document="") == ["reason_missing", "document_missing"]
    assert states.act_faults("cancel", "valid", reason="停业", document="") == []
    assert states.act_faults("cancel", "valid", reason="停" * 501, document="") == ["reason_long"]


def test_the_metadata_bear_the_standard_names_and_the_face_its_prefix():
    elements = metadata.metadata(
        type_name="证", type_code="T", number="N", identifier="I", issuer_name="局", issuer_code="C",
        issued_on=date(2026, 1, 2), holder=metadata.Holder("company", "U", "公司"), valid_from=date(2026, 1, 2),
        valid_until=None, fields={"scope": "茶", "empty": ""}, at=datetime(2026, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    assert set(metadata.NAMES) <= set(elements)
    assert elements["ZZYXQJZRQ"] == "9999-12-31"
    assert (elements["CZZTDMLXDM"], elements["CZZTDMLX"]) == ("001", "统一社会信用代码")
    assert elements["KZ_scope"] == "茶"
    assert "KZ_empty" not in elements


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        ("JY15116020000001", "JY15********0001"),
        ("511602195506120027", "511************027"),
        ("51160219550612002743", "511**************743"),
        ("ABC", "***"),
        ("12345678", "***678"),
    ],
)
def test_a_number_is_hidden_but_comparable(number, seen):
    assert masking.mask_number(number) == seen


@given(st.text(max_size=40))
def test_masks_never_lengthen_and_never_show_all(number):
    shown = masking.mask_number(number)
    assert len(shown) <= max(len(number), 6)
    assert not number or shown != number or set(number) == {"*"}


def test_fields_are_hidden_as_their_definition_says():
    fields = [{"key": "leader", "mask": "name"}, {"key": "scope", "mask": ""}, {"key": "odd", "mask": "unheard-of"}]
    assert masking.masked_fields(fields, {"leader": "李华", "scope": "茶", "odd": "秘密", "gone": 1}) == {
        "leader": "李*",
        "scope": "茶",
        "odd": "**",
    }


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"code": "11510000LA5100018X001"}, [("code", "definer_code")]),
        ({"validity": {"kind": "years"}}, [("validity", "length")]),
        ({"validity": {"kind": "forever", "length": 3}}, [("validity", "length")]),
        ({"number": "JY{year}"}, [("number", "gaps")]),
        ({"number": "JY{serial}{name}"}, [("number", "gaps")]),
        ({"fields": [{"key": "a", "label": "甲"}, {"key": "a", "label": "乙"}]}, [("fields", "twice")]),
        ({"effective_on": "2026-02-30"}, [("effective_on", "shape")]),
        ({"holders": []}, [("holders", "shape")]),
        ({"novel": 1}, [("definition", "shape")]),
    ],
)
def test_what_a_definition_may_say(change, faults):
    assert type_faults(PERMIT | change) == faults


@pytest.mark.parametrize("junk", [None, [], 1, "text", {}])
def test_junk_is_no_definition(junk):
    assert type_faults(junk)


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"business_name": "某店"}, []),
        ({}, [("business_name", "missing")]),
        ({"business_name": "某店", "opened_on": "2026-02-30"}, [("opened_on", "date")]),
        ({"business_name": "某店", "scope": "cold"}, [("scope", "code")]),
        ({"business_name": "某店", "address": "长" * 61}, [("address", "long")]),
        ({"business_name": "某店", "price": "1"}, [("price", "unknown")]),
    ],
)
def test_the_values_of_one_licence(values, faults):
    assert field_faults(PERMIT["fields"], values) == faults


@pytest.mark.parametrize(
    ("validity", "first", "last"),
    [
        ({"kind": "years", "length": 5}, date(2026, 11, 21), date(2031, 11, 20)),
        ({"kind": "years", "length": 1}, date(2028, 2, 29), date(2029, 2, 28)),
        ({"kind": "years", "length": 4}, date(2028, 2, 29), date(2032, 2, 28)),
        ({"kind": "days", "length": 1}, date(2026, 1, 1), date(2026, 1, 1)),
        ({"kind": "years", "length": 5}, date(9999, 12, 31), date.max),
        ({"kind": "days", "length": 500}, date(9999, 1, 1), date.max),
        ({"kind": "forever"}, date(2026, 1, 1), None),
        ({"kind": "given"}, date(2026, 1, 1), None),
    ],
)
def test_the_last_day_by_the_type(validity, first, last):
    assert last_day(validity, first) == last


def test_a_number_by_its_pattern():
    assert (
        number_of("JY1{region}{serial}", year=2026, region="511602000000", serial=42, holder="") == "JY15116020000042"
    )
    assert number_of("{holder}43", year=2026, region="", serial=0, holder="51160219550612002") == "5116021955061200243"
