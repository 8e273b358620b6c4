"""What is owed, what goes back, and how a payment code is made. 行政事业性收费 are non-tax revenue: the treasury's, never the body's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# Ends of a case after which what was paid goes back: nothing was granted, so nothing was owed. A fee may say otherwise
# (`refund_when`), as one for an examination that was sat, where its basis says so.
REFUND_WHEN = frozenset({"not_accepted", "withdrawn", "lapsed", "transferred", "terminated", "void", "refused"})

# due → paid → refunding → refunded; a bill nobody paid is cancelled when its case ends.
MOVES: Mapping[str, frozenset[str]] = {
    "due": frozenset({"paid", "cancelled"}),
    "paid": frozenset({"refunding"}),
    "refunding": frozenset({"refunded"}),
    "refunded": frozenset(),
    "cancelled": frozenset({"paid"}),  # money that was on its way when the case ended: it is taken, and given back
}


def may_become(state: str, after: str) -> bool:
    return after in MOVES[state]


@dataclass(frozen=True)
class Line:
    """One fee of a bill. `basis` is the document that allows it: without one nothing may be charged."""

    key: str
    name: str
    amount_fen: int
    standard: str = ""
    basis: str = ""
    refund_when: tuple[str, ...] | None = None

    def as_data(self) -> dict[str, Any]:
        kept = {"key": self.key, "name": self.name, "amount_fen": self.amount_fen, "standard": self.standard}
        rest = {"refund_when": list(self.refund_when)} if self.refund_when is not None else {}
        return kept | {"basis": self.basis} | rest


def lines_of(fees: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of a bill from an item's fees that apply; a fee of nothing is no line."""
    return [
        Line(
            key=fee["key"],
            name=fee["name"],
            amount_fen=int(fee["amount_fen"]),
            standard=fee.get("standard") or "",
            basis=fee.get("basis") or "",
            refund_when=tuple(fee["refund_when"]) if fee.get("refund_when") is not None else None,
        )
        for fee in fees
        if int(fee.get("amount_fen") or 0) > 0
    ]


def faults_of(lines: Iterable[Line]) -> list[str]:
    """Why these lines may not be charged: `no_basis`, `negative`."""
    lines = list(lines)
    faults = {
        "no_basis": any(not line.basis for line in lines),
        "negative": any(line.amount_fen < 0 for line in lines),
    }
    return [code for code, wrong in faults.items() if wrong]


def to_give_back(lines: Iterable[Mapping[str, Any]], result: str) -> int:
    """Fen to refund when a paid case ends with `result`."""
    return sum(line["amount_fen"] for line in lines if result in line.get("refund_when", REFUND_WHEN))


def payment_code(division: str, on: date, serial: int) -> str:
    """缴款码, 20 digits: division 6, day 6, serial 7, check digit (Luhn). The layout is ours; provinces differ."""
    body = f"{division[:6]}{on:%y%m%d}{serial % 10**7:07d}"
    return body + str(luhn_digit(body))


def luhn_digit(digits: str) -> int:
    """The digit to append (ISO/IEC 7812-1 annex B)."""
    doubled = (2 * int(d) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(digits)))
    return -sum(d - 9 if d > 9 else d for d in doubled) % 10
