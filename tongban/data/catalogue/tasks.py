"""Each morning: whose grounds for not sharing are to be looked at again."""

from tongban.foundation.tasks.actions import periodic

from .actions import warn_of_grounds


@periodic("catalogue.warn_of_grounds", "40 22 * * *")  # 6:40 in China
def warn() -> None:
    warn_of_grounds()
