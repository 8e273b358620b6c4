"""The states of a licence (证照状态, standards §11.4) and the ways between them; only `valid` may be shown as valid."""

from __future__ import annotations

from datetime import date

DRAFT, VALID, SUSPENDED, EXPIRED = "draft", "valid", "suspended", "expired"
CANCELLED, REVOKED, ANNULLED, LOST, SUPERSEDED = "cancelled", "revoked", "annulled", "lost", "superseded"
DISCARDED = "discarded"  # gathered wrongly, thrown out before its issuer confirmed it: it never was

# Of all versions of one licence only one may be in these at a time.
CURRENT = (VALID, SUSPENDED)
# What nobody outside the issuer is shown: history that waits for its issuer, or that he did not confirm.
UNCONFIRMED = (DRAFT, DISCARDED)
# One may still be made anew from these: an expired licence is renewed, a lost one re-issued.
RENEWABLE = frozenset({VALID, EXPIRED, LOST})

# act → (from which states, to which state; None: it stays as it is). Acts that make a version leave the old one superseded.
ACTS: dict[str, tuple[frozenset[str], str | None]] = {
    "change": (frozenset({VALID}), SUPERSEDED),  # 变更
    "renew": (
        RENEWABLE,
        SUPERSEDED,
    ),  # 延续; 补发 of a lost one: the paper that may turn up says by which it was replaced
    "check_yearly": (frozenset({VALID}), None),  # 年检
    "suspend": (frozenset({VALID}), SUSPENDED),  # 暂扣、冻结
    "restore": (frozenset({SUSPENDED}), VALID),  # 恢复
    "cancel": (frozenset({VALID, SUSPENDED, EXPIRED, LOST}), CANCELLED),  # 注销
    "revoke": (frozenset({VALID, SUSPENDED, EXPIRED, LOST}), REVOKED),  # 吊销: a punishment
    "annul": (frozenset({VALID, SUSPENDED, EXPIRED, LOST}), ANNULLED),  # 撤销: wrongly granted
    "declare_lost": (frozenset({VALID, SUSPENDED}), LOST),  # 遗失作废
    "expire": (frozenset({VALID, SUSPENDED}), EXPIRED),  # 过期, by the calendar
    "confirm": (
        frozenset({DRAFT}),
        VALID,
    ),  # 签发: history that the issuer confirmed; it enters as its source states it
    "discard": (frozenset({DRAFT}), DISCARDED),  # 剔除: history that proved wrong
}
MAKES_A_VERSION = frozenset({"change", "renew"})
# What takes a right away, or gives one back, names the paper it rests on.
WANTS_DOCUMENT = frozenset({"suspend", "revoke", "annul"})
WORDED = (2, 500)  # how long a reason is

# Ministry interfaces (memory: medium): 01 有效 02 暂扣 03 撤销 04 注销 05 失效 99 其他.
INTERFACE_CODES = {
    VALID: "01", SUSPENDED: "02", ANNULLED: "03", CANCELLED: "04", EXPIRED: "05", LOST: "05", SUPERSEDED: "05",
    REVOKED: "04", DRAFT: "99", DISCARDED: "99",
}  # fmt: skip


def state_on(state: str, valid_from: date | None, valid_until: date | None, on: date) -> str:
    """What a stored state means on a day: a valid licence ends with its last day, whether or not the clock has swept yet.

    One whose time has not begun is `draft`: not to be shown as valid.
    """
    if state in CURRENT and valid_until is not None and valid_until < on:
        return EXPIRED
    if state == VALID and valid_from is not None and on < valid_from:
        return DRAFT
    return state


def may(act: str, state: str) -> bool:
    return state in ACTS[act][0]


def after(act: str, state: str) -> str:
    """The state an act leaves this version in."""
    return ACTS[act][1] or state


def called(act: str, state: str) -> str:
    """An act by what it is called: what renews a licence that was lost replaces it (补发)."""
    return "replace" if act == "renew" and state == LOST else act


def act_faults(act: str, state: str, *, reason: str, document: str) -> list[str]:
    """Everything in the way of an act, as codes: `state`, `reason_missing`, `reason_long`, `document_missing`."""
    length = len(reason.strip())
    faults = {
        "state": not may(act, state),
        "reason_missing": length < WORDED[0],
        "reason_long": length > WORDED[1],
        "document_missing": act in WANTS_DOCUMENT and not document.strip(),
    }
    return [code for code, stands in faults.items() if stands]


def acts_open(state: str) -> list[str]:
    """What the issuer may do to a licence as it stands, in the order of the table."""
    return [act for act in ACTS if act != "expire" and may(act, state)]
