"""Watching, every five minutes; the audit trail and the house, every night after it was sealed."""

from tongban.foundation.tasks.actions import periodic

from .actions import check_house, check_trail, watch


@periodic("threats.watch", "*/5 * * * *")
def look_around() -> None:
    watch()


@periodic("threats.check_trail", "30 16 * * *")  # 00:30 in China
def check() -> None:
    check_trail()
    check_house()
