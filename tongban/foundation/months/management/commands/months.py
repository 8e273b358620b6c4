"""`tongban months`: which months there are, making them, putting them away, bringing one back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.months.actions import archive_what_is_over, bring_back, make_ahead
from tongban.foundation.months.queries import archived, months_of


class Command(BaseCommand):
    help = "按月分表：列出、提前建表、归档到期月份、恢复一个月"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", default="list", choices=["list", "make", "archive", "restore"])
        parser.add_argument("table", nargs="?", choices=[monthly.table for monthly in settings.MONTHLY])
        parser.add_argument("month", nargs="?", help="2026-01")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"list": self._list, "make": make_ahead, "archive": archive_what_is_over}.get(
                options["what"], lambda: self._restore(options)
            )()
        except TongbanError as error:
            raise CommandError(str(error)) from error

    def _list(self) -> None:
        for monthly in settings.MONTHLY:
            for month in archived(monthly.table):
                self.stdout.write(f"{monthly.table} {month:%Y-%m} archived")
            for part in months_of(monthly.table):
                self.stdout.write(f"{monthly.table} {part.month:%Y-%m} at hand")

    def _restore(self, options: dict[str, Any]) -> None:
        if not options["table"] or not options["month"]:
            raise CommandError("tongban months restore <table> <2026-01>")
        (monthly,) = [one for one in settings.MONTHLY if one.table == options["table"]]
        rows = bring_back(monthly, date.fromisoformat(f"{options['month']}-01"))
        self.stdout.write(f"{rows}")
