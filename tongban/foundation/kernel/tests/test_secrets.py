"""Ciphertext is ciphertext, opens again whatever the current key, and equality search needs no plain text."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel import secrets
from tongban.foundation.kernel.canonical import canonical, sm3


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_is_closed_opens_again_and_not_after_a_change(cipher: str, settings) -> None:
    settings.DATA_CIPHER = cipher
    closed = secrets.close("11010519491231002X 𬭊")
    assert "11010519" not in closed
    settings.DATA_CIPHER = "aes"
    assert secrets.open_(closed) == "11010519491231002X 𬭊"
    forged = closed[:-6] + ("AAAAA=" if not closed.endswith("AAAAA=") else "BBBBB=")
    with pytest.raises((InvalidTag, ValueError)):
        secrets.open_(forged)


def test_two_of_the_same_do_not_look_the_same() -> None:
    assert secrets.close("x") != secrets.close("x")


@given(st.text(min_size=1, max_size=40))
def test_the_blind_index_is_stable_and_blind(value: str) -> None:
    index = secrets.blind_index(value)
    assert index == secrets.blind_index(f" {value} ")
    assert len(index) == 32
    assert len(value) < 4 or value not in index


def test_sm3_vectors_of_the_standard() -> None:
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_equal_values_are_written_alike() -> None:
    assert canonical({"b": 1, "a": "中"}) == canonical({"a": "中", "b": 1}) == '{"a":"中","b":1}'.encode()
