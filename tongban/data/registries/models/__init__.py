"""Registers, their records and history, how they were built, and what stewards decided. Everybody in the demo city is invented."""

from .records import Earlier, Record
from .registers import Amendment, Build, Register, Ruling
from .states import RegisterState
from .stewards import Conflict, Join, Pair

__all__ = [
    "Amendment",
    "Build",
    "Conflict",
    "Earlier",
    "Join",
    "Pair",
    "Record",
    "Register",
    "RegisterState",
    "Ruling",
]
