"""What people, programs and enemies put where something else was expected."""

from __future__ import annotations

from hypothesis import strategies as st

LINES = [
    "", " ", "0", "-1", "-9223372036854775809", "99999999999999999999999999", "1e309", "NaN", "Infinity", "0x10", "１２３", "٣",
    "null", "true", "[]", "{}", '{"a":', "[" * 2000, "\x00", "a\x00b", "\ud800", "\udfff中", "\u202e文字", "\u200f", "\ufeff",
    "\u2028", "\r\nSet-Cookie: a=b", "😀" * 50, "𠮷𬭊䶮", "é" * 100, "z\u0335" * 300, "ﷺ" * 200, "İı", "ß",
    "' or 1=1 --", "%", "_", "\\", "%s%n{0}", "{{7*7}}", "${7*7}", "<script>alert(1)</script>", "javascript:alert(1)",
    "//evil.example/", "https://evil.example/", "../../../../etc/passwd", "..\\..\\", "file:///etc/passwd", "con",
    "0000-00-00", "2026-02-30", "9999-12-31", "10000-01-01", "0001-01-01", "-2026-01-01", "2026-13-01T99:99", "24:60",
    "00000000-0000-0000-0000-000000000000", "01900000-0000-7000-8000-00000000000g", "01900000-0000-7000-8000-000000000000",
    "bm9uZQ", "WyJuIl0", "WyJuIiwgbnVsbF0", "WyJuIiwgIlx1MDAwMCJd", "WyJwIiwgIjk5OTk5LTAxLTAxIiwgIngiXQ", "=", "%00", "%ff%fe", "+",
    "11511602391803766F400012300900020261122000", "511602199003070012", "91511602MA6T00010X", "13800000000",
]  # fmt: skip
HUGE = ["长" * 350_000, "a" * 1_000_000, "\n" * 200_000, "," * 200_000, "(" * 100_000, "{" * 100_000, "9" * 100_000]


def _line(place: int) -> str:
    """By its place: a strategy tells its own values in what is kept of every draw that fails, and these are megabytes."""
    return (LINES + HUGE)[place]


values = st.one_of(
    st.sampled_from(LINES),
    st.integers(0, len(LINES + HUGE) - 1).map(_line),
    st.text(st.characters(), max_size=40),  # lone surrogates as well
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.datetimes().map(str),
)


def whole(text: str) -> str:
    """A text as it comes through a door: what is no character, as half of a pair of surrogates, has been taken out of it there."""
    return text.encode(errors="replace").decode()


let_in = values.map(whole)
