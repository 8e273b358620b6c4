"""Every night months are made ahead, and those that are over go."""

from tongban.foundation.tasks.actions import periodic

from .actions import archive_what_is_over, make_ahead


@periodic("months.make_ahead", "5 18 * * *")  # 02:05 in China
def make() -> None:
    make_ahead()


@periodic("months.archive", "25 18 * * *")
def archive() -> None:
    archive_what_is_over()
