"""Clearing away, each night, the files of the lake that no version of it knows."""

from tongban.foundation.tasks.actions import periodic

from .actions import clear_orphans


@periodic("lake.clear_orphans", "30 18 * * *")  # 02:30 in China
def clear() -> None:
    clear_orphans()
