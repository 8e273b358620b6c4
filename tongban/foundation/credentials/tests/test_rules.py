"""A credential says what was signed, and nothing that was not; whatever comes in, one of the answers comes out."""

from __future__ import annotations

import gzip
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.credentials.rules import (
    ANSWERS,
    LENGTH,
    Key,
    KeySet,
    Unreadable,
    check,
    compressed,
    expanded,
    opened,
    state_at,
)
from tongban.foundation.credentials.rules.claims import FACE, ISSUED_AT, SUBJECT, packed, unpacked
from tongban.foundation.kernel.codes import qr_code

from .factories import ISSUED_AT as SIGNED_AT
from .factories import City, make_claims, make_list

CITY = City()
LATER = SIGNED_AT + timedelta(hours=1)


def parts(digits: str) -> list:
    number = int(digits)
    return cbor.decode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def digits_of(body: object) -> str:
    return str(int.from_bytes(cbor.encode(body), "big"))


@pytest.mark.parametrize(
    "changes", [{}, {"valid_until": None}, {"subject": "2.999.1"}, {"holder": "", "number": ""}, {"place": LENGTH - 1}]
)
def test_what_was_signed_is_read_back(changes: dict) -> None:
    claims = make_claims(**changes)
    envelope = opened("https://zwfw.example/verify/#" + CITY.signed(claims))
    assert envelope.claims == claims
    assert envelope.is_signed_by(CITY.pem)


def test_the_code_stays_small_enough_for_paper() -> None:
    """Version 13 at level M, a code of 69 modules: with 2 cm a side, each is 0.29 mm, which any phone reads."""
    assert qr_code("https://zwfw.guangan.gov.cn/verify/#" + CITY.signed()).version <= 13


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("at", "state", "answer"),
    [
        (LATER, 0, "valid"),
        (LATER, 1, "suspended"),
        (LATER, 2, "revoked"),
        (LATER, 3, "superseded"),
        (datetime(2030, 3, 1, 15, 59, tzinfo=UTC), 0, "valid"),  # the last minute of the last day in China
        (datetime(2030, 3, 1, 16, 0, tzinfo=UTC), 0, "expired"),
        (datetime(2030, 3, 1, 16, 0, tzinfo=UTC), 2, "revoked"),
        (SIGNED_AT - timedelta(minutes=9), 0, "valid"),
        (SIGNED_AT - timedelta(minutes=11), 0, "clock"),  # set back
        (SIGNED_AT - timedelta(minutes=11), 2, "clock"),
        (datetime(1970, 1, 1, tzinfo=UTC), 0, "clock"),
    ],
)
def test_how_it_stands(at: datetime, state: int, answer: str) -> None:
    found = check(CITY.signed(), CITY.keys, make_list({77_001: state}), at)
    assert found.answer == answer
    assert found.claims == make_claims()


def test_before_its_first_day() -> None:
    claims = make_claims(valid_from=(LATER + 3 * DAY).date())
    assert check(CITY.signed(claims), CITY.keys, make_list(), LATER).answer == "not_yet"


def test_without_a_list_the_status_stays_open() -> None:
    for statuses in (None, make_list(number=1)):
        found = check(CITY.signed(), CITY.keys, statuses, LATER)
        assert (found.answer, found.doubts, found.as_of) == ("valid", ("no_list",), None)


def test_an_old_list_says_of_when_it_is() -> None:
    found = check(CITY.signed(), CITY.keys, make_list(), LATER + 3 * DAY)
    assert (found.answer, found.doubts, found.as_of) == ("valid", ("stale_list",), SIGNED_AT)


def test_a_list_from_tomorrow_shows_that_the_clock_is_set_back() -> None:
    assert check(CITY.signed(), CITY.keys, make_list(issued_at=LATER + DAY), LATER).answer == "clock"


def test_another_citys_credential_is_foreign_whatever_it_claims() -> None:
    other = City(code="510100", kid="ffffffffffffffff")
    impostor = City(kid="ffffffffffffffff")  # claims to be ours, with a key of its own
    stolen_name = City(code="510100")  # another city's claims under the name of our key
    for city in (other, impostor, stolen_name):
        found = check(city.signed(), CITY.keys, make_list(), LATER)
        assert (found.answer, found.claims) == ("foreign", None)


def test_a_forgers_key_under_our_keys_name_is_found() -> None:
    found = check(City().signed(), CITY.keys, make_list(), LATER)
    assert (found.answer, found.claims) == ("altered", None)


@pytest.mark.parametrize("byte", range(0, 230, 7))
def test_one_changed_byte_is_never_valid(byte: int) -> None:
    number = int(CITY.signed())
    raw = bytearray(number.to_bytes((number.bit_length() + 7) // 8, "big"))
    raw[byte % len(raw)] ^= 1
    found = check(str(int.from_bytes(raw, "big")), CITY.keys, make_list(), LATER)
    assert found.answer in {"altered", "unreadable", "foreign"}
    assert found.claims is None


@pytest.mark.parametrize("alg", [None, "none", "ES256", 0, -8, -37, 5, True])
def test_no_other_algorithm_is_taken(alg: object) -> None:
    body = parts(CITY.signed())
    body[0] = cbor.encode({4: bytes.fromhex(CITY.kid)} | ({} if alg is None else {1: alg}))
    assert check(digits_of(body), CITY.keys, None, LATER).answer == "unreadable"


@pytest.mark.parametrize(
    ("place", "value"),
    [(1, {1: -7}), (2, ""), (2, b""), (2, b"\xf5"), (3, b""), (3, b"\0" * 63), (0, b""), (0, b"\xa0")],
)
def test_envelopes_of_another_shape(place: int, value: object) -> None:
    body = parts(CITY.signed())
    body[place] = value
    with pytest.raises(Unreadable):
        opened(digits_of(body))


@pytest.mark.parametrize("signature", [b"\0" * 64, b"\xff" * 64, b"\0" * 32 + b"\x01" * 32])
def test_signatures_that_are_no_numbers_of_the_curve(signature: bytes) -> None:
    body = parts(CITY.signed())
    body[3] = signature
    assert check(digits_of(body), CITY.keys, None, LATER).answer == "altered"


@pytest.mark.parametrize(
    "change",
    [
        {FACE: []},
        {FACE: 7},
        {SUBJECT: 5},
        {SUBJECT: "x" * 201},
        {ISSUED_AT: -1},
        {ISSUED_AT: True},
        {ISSUED_AT: 2**63},
        {FACE: ["a", "b", "c", "d", 20261332, 0, 0, 0]},
        {FACE: ["a", "b", "c", "d", 0, 0, 0, 0]},
        {FACE: ["a", "b", "c", "d", 20260101, True, 0, 0]},
        {FACE: ["a", "b", "c", ["d"], 20260101, 0, 0, 0]},
    ],
)
def test_claims_of_another_shape(change: dict) -> None:
    with pytest.raises(Unreadable):
        unpacked(cbor.encode(cbor.decode(packed(make_claims())) | change))


@pytest.mark.parametrize("other", ["words", 7, [], {}])
def test_bytes_that_are_no_claims(other: object) -> None:
    with pytest.raises(Unreadable):
        unpacked(cbor.encode(other))


HOSTILE = [
    "", "0", "7", "abc", "#", "-1", "1e999", "٣" * 300, "9" * 5_000_000, "1" + "0" * 2466, "https://evil.example/#12",
    digits_of([[[[]]]]), str(int.from_bytes(b"\x81" * 1000, "big")), str(int.from_bytes(b"\x9b" + b"\xff" * 200, "big")),
    str(int.from_bytes(b"\xbf" * 300, "big")), "\x00" * 300, "<script>" * 50,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nonsense_is_unreadable_and_costs_nothing(text: str) -> None:
    began = time.perf_counter()
    assert check(text, CITY.keys, None, LATER).answer == "unreadable"
    assert time.perf_counter() - began < 0.5


@given(st.binary(min_size=60, max_size=400))
def test_whatever_bytes_come_an_answer_comes(raw: bytes) -> None:
    found = check(str(int.from_bytes(b"\x84" + raw, "big")), CITY.keys, None, LATER)
    assert found.answer in ANSWERS
    assert found.answer != "valid"


def test_a_key_counts_only_for_its_time() -> None:
    held = KeySet(CITY.code, "", {CITY.kid: Key(CITY.kid, CITY.pem, SIGNED_AT - 9 * DAY, SIGNED_AT - DAY)})
    assert check(CITY.signed(), held, None, LATER).answer == "altered"


def test_a_key_of_another_kind_signs_nothing() -> None:
    other = City(secret=ec.generate_private_key(ec.SECP384R1()))
    for pem in (other.pem, "", "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"):
        assert not opened(CITY.signed()).is_signed_by(pem)


@given(st.dictionaries(st.integers(0, LENGTH - 1), st.integers(0, 3), max_size=50))
def test_a_list_says_what_was_put_in(states: dict[int, int]) -> None:
    bits = expanded(compressed(states))
    assert bits is not None
    assert all(state_at(bits, place) == state for place, state in states.items())
    assert sum(state_at(bits, place) != 0 for place in range(0, LENGTH, 997)) <= len(states)


def test_the_edges_of_a_list() -> None:
    bits = expanded(compressed({0: 2, LENGTH - 1: 1}))
    assert bits is not None
    assert (bits[0], bits[-1]) == (0b10000000, 0b01)  # the first entry is leftmost, as the W3C text has it
    assert [state_at(bits, place) for place in (-1, LENGTH)] == [None, None]


def test_lists_that_are_none() -> None:
    bomb = "u" + urlsafe_b64encode(gzip.compress(b"\0" * 50_000_000)).decode()
    for encoded in (None, 5, "", "u", "z" + compressed({}), "u%%%", compressed({})[:-9], bomb, "u" + "A" * 10_000_000):
        assert expanded(encoded) is None


def test_a_check_takes_no_time() -> None:
    """At most 20 ms is asked for."""
    digits, statuses = CITY.signed(), make_list()
    began = time.perf_counter()
    for _ in range(20):
        check(digits, CITY.keys, statuses, LATER)
    assert (time.perf_counter() - began) / 20 < 0.02
