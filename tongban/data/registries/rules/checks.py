"""What a value must look like before it may count, as DuckDB's SQL over one column: GB 11643, GB 32100, mobile numbers."""

from __future__ import annotations

from collections.abc import Mapping

from tongban.foundation.kernel.identifiers import ID_CHECKS, ID_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS

_ID_SUM = " + ".join(
    f"(ascii(substr({{0}}, {place}, 1)) - 48) * {weight}" for place, weight in enumerate(ID_WEIGHTS, 1)
)
_USCC_SUM = " + ".join(
    f"(strpos('{USCC_ALPHABET}', substr({{0}}, {place}, 1)) - 1) * {weight}"
    for place, weight in enumerate(USCC_WEIGHTS, 1)
)
# Name → condition that a good value fulfils; `{0}` is the column.
CHECKS: Mapping[str, str] = {
    "": "true",
    "id_number": (
        f"regexp_full_match({{0}}, '[0-9]{{{{17}}}}[0-9X]') and substr('{ID_CHECKS}', 1 + ({_ID_SUM}) % 11, 1) = substr({{0}}, 18, 1) "
        "and try_strptime(substr({0}, 7, 8), '%Y%m%d') is not null"
    ),
    "uscc": (
        f"regexp_full_match({{0}}, '[{USCC_ALPHABET}]{{{{18}}}}') "
        f"and substr('{USCC_ALPHABET}', 1 + (31 - ({_USCC_SUM}) % 31) % 31, 1) = substr({{0}}, 18, 1)"
    ),
    "mobile": "regexp_full_match({0}, '1[3-9][0-9]{{9}}')",
    "division": "regexp_full_match({0}, '[0-9]{{12}}')",
}


def good(check: str, expression: str) -> str:
    """The condition that `expression` is a value of this kind."""
    return f"({CHECKS[check].format(expression)})"
