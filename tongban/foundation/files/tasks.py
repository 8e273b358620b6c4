"""Clearing away, each night, the files that hang on nothing."""

from tongban.foundation.tasks.actions import periodic

from .actions import clear_orphans


@periodic("files.clear_orphans", "40 18 * * *")  # 02:40 in China
def clear() -> None:
    clear_orphans()
