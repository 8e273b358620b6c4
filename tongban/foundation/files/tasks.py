"""Clearing away, each night, the files that hang on nothing and those that were never finished."""

from tongban.foundation.tasks.actions import periodic

from .actions import clear_orphans, clear_unfinished


@periodic("files.clear_orphans", "40 18 * * *")  # 02:40 in China
def clear() -> None:
    clear_orphans()
    clear_unfinished()
