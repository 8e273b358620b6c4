"""The room's reading door."""

from .files import verdict_of_file
from .verdicts import Row, Verdict, verdicts_of

__all__ = ["Row", "Verdict", "verdict_of_file", "verdicts_of"]
