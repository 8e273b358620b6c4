"""Clearing away, each night, what need not be kept any longer."""

from tongban.foundation.tasks.actions import periodic

from .actions import clear_old


@periodic("attempts.clear_old", "50 18 * * *")  # 02:50 in China
def clear() -> None:
    clear_old()
