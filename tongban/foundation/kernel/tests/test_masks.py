"""A mask hides enough, shows enough, and never lengthens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel import masks

ALL = [masks.mask_name, masks.mask_id_number, masks.mask_phone, masks.mask_email, masks.mask_address]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("李", "*"),
        ("李华", "李*"),
        ("李小华", "李*华"),
        ("欧阳修", "欧阳*"),
        ("欧阳修文", "欧阳**"),
        ("阿卜杜拉", "阿**拉"),
        ("买买提·艾山", "买买提·**"),
        ("𠅤𬭊㛃", "𠅤*㛃"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert masks.mask_name(name) == shown


def test_numbers() -> None:
    assert masks.mask_id_number("11010519491231002X") == "110***********002X"
    assert masks.mask_id_number("11010519491231002X", own=True) == "110105********002X"
    assert masks.mask_phone("13800138000") == "138****8000"
    assert masks.mask_phone("0826-2222222") == "********2222"
    assert masks.mask_phone("110") == "***"


@pytest.mark.parametrize("mask", ALL, ids=lambda mask: mask.__name__)
@given(value=st.text(max_size=60))
def test_a_mask_never_lengthens(mask, value: str) -> None:
    assert len(mask(value)) <= len(value)


@given(st.text(min_size=5, max_size=30))
def test_a_number_is_never_shown_whole(value: str) -> None:
    assert masks.mask_id_number(value) != value or "*" in value  # what is hidden already stays so
