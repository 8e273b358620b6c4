"""The house's own housekeeping."""

from tongban.foundation.tasks.actions import periodic

from .actions import forget_silent


@periodic("operations.forget_silent", "41 * * * *")
def forget() -> None:
    forget_silent()
