"""Registers, their records and history, how they were built, and what stewards decided. Everybody in the demo city is invented."""

from .credit import CreditRecord, RegisterState
from .records import Earlier, Record
from .registers import Build, Register, Ruling
from .stewards import Conflict, Join, Pair

__all__ = [
    "Build",
    "Conflict",
    "CreditRecord",
    "Earlier",
    "Join",
    "Pair",
    "Record",
    "Register",
    "RegisterState",
    "Ruling",
]
