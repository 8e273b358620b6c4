"""What numbers of persons and bodies must look like, asked of whole columns: `identifiers` as DuckDB's SQL.

Each condition holds for a good value, is false for a bad one and null where there is no value; `{0}` is the column.
"""

from __future__ import annotations

from collections.abc import Mapping

from .identifiers import ID_CHECKS, USCC_ALPHABET, USCC_WEIGHTS

# GB 11643 (ISO 7064, MOD 11-2). The weights are powers of two, so the sum is twice the digits read to the base of two; and with n for
# the seventeen digits as one number that is n − 8 · Σ 2^(k−1) · (n ÷ 10^k): a few divisions of a number instead of seventeen looks
# into a text. It stands first in its condition, for there alone the engine sees that n is always the same and reads it once.
_N = "try_cast(left({0}, 17) as bigint)"
_BASE_TWO = f"{_N} - 8 * (" + " + ".join(f"{2 ** (place - 1)} * ({_N} // {10**place})" for place in range(1, 17)) + ")"
_ID_LAST = f"substr('{ID_CHECKS}', 1 + 2 * ({_BASE_TWO}) % 11, 1)"
# Any month has 28 days; of the others the calendar is asked, which is slower.
_BORN = (
    f"case when {_N} // 1000 % 100 between 1 and 28 and {_N} // 100000 % 100 between 1 and 12 then true "
    "else try_strptime(substr({0}, 7, 8), '%Y%m%d') is not null or {0} is null end"
)
_USCC_SUM = " + ".join(
    f"(strpos('{USCC_ALPHABET}', substr({{0}}, {place}, 1)) - 1) * {weight}"
    for place, weight in enumerate(USCC_WEIGHTS, 1)
)
_USCC_LAST = f"substr('{USCC_ALPHABET}', 1 + (31 - ({_USCC_SUM}) % 31) % 31, 1)"
GOOD: Mapping[str, str] = {
    "": "true",  # anything will do
    "id_number": f"{_ID_LAST} = substr({{0}}, 18, 1) and regexp_full_match({{0}}, '[0-9]{{{{17}}}}[0-9X]') and {_BORN}",
    "uscc": f"regexp_full_match({{0}}, '[{USCC_ALPHABET}]{{{{18}}}}') and {_USCC_LAST} = substr({{0}}, 18, 1)",
    "mobile": "regexp_full_match({0}, '1[3-9][0-9]{{9}}')",
    "division": "regexp_full_match({0}, '[0-9]{{12}}')",
}


def good(kind: str, expression: str) -> str:
    """The condition that `expression` is a good number of this `kind` (a key of `GOOD`)."""
    return f"({GOOD[kind].format(expression)})"
