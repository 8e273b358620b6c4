"""Whether a name and an ID number belong together: asked of the police's population register (实名核验)."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Checked(Enum):
    """What the register answered."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class RealNameCheck(Protocol):
    """One question, one answer; raises `Unavailable` when the register does not answer."""

    def check(self, *, name: str, id_number: str) -> Checked: ...


class PretendRealNameCheck:
    """Stands in for the register in development and the demo city: no real register is asked.

    Says yes to everybody but those whose sequence number is 998 (names differ) or 999 (nobody has that number).
    """

    def check(self, *, name: str, id_number: str) -> Checked:
        answers = {"998": Checked.DIFFERENT, "999": Checked.UNKNOWN}
        return answers.get(id_number[14:17], Checked.SAME)


def real_name_check() -> RealNameCheck:
    """The gateway named in the settings."""
    return import_string(settings.REAL_NAME_CHECK)()
