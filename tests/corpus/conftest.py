"""The town of the fuzzing, for whoever knocks at its doors."""

from tests.fuzz.conftest import _quiet, town

__all__ = ["_quiet", "town"]
