"""办结结果: how a case can end, and what that is called elsewhere (two published sets and the national one; the numbers are data)."""

from __future__ import annotations

from enum import StrEnum


class Result(StrEnum):
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    TRANSFERRED = "transferred"
    TERMINATED = "terminated"
    VOID = "void"


RESULTS = tuple(Result)

# Set A: older approval systems and 电子监察. 0 出证 1 退回 2 作废 4 转报 5 补正不来 6 办结(无证).
SET_A = {
    Result.GRANTED: "0",
    Result.PARTLY: "0",
    Result.REFUSED: "1",
    Result.NOT_ACCEPTED: "1",
    Result.WITHDRAWN: "1",
    Result.LAPSED: "5",
    Result.TRANSFERRED: "4",
    Result.TERMINATED: "2",
    Result.VOID: "2",
}
# Set B: a province's interface. 0 出证 1 不予许可 2 作废 4 转报 5 退件 6 不予受理.
SET_B = SET_A | {Result.NOT_ACCEPTED: "6", Result.WITHDRAWN: "5"}
# The national library's result_type. 1 予以许可 2 不予许可 3 不予受理 4 撤回/终止 5 其他.
NATIONAL = {
    Result.GRANTED: "1",
    Result.PARTLY: "1",
    Result.REFUSED: "2",
    Result.NOT_ACCEPTED: "3",
    Result.WITHDRAWN: "4",
    Result.TERMINATED: "4",
    Result.LAPSED: "5",
    Result.TRANSFERRED: "5",
    Result.VOID: "5",
}


def code_in_set_a(result: str, *, with_certificate: bool = True) -> str:
    """A grant without a certificate is 6 (办结), not 0 (出证办结)."""
    code = SET_A[Result(result)]
    return "6" if code == "0" and not with_certificate else code


def code_in_set_b(result: str) -> str:
    return SET_B[Result(result)]


def national_code(result: str) -> str:
    return NATIONAL[Result(result)]
