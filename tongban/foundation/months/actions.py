"""Months made ahead, put away when they are over, brought back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.queries import last_fact
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now, today

from . import gateways
from .errors import MonthDamaged, NoSuchMonth
from .queries import archived, months_of
from .rules import LEFT_ALONE, Month, Monthly, is_over, months_wanted

CLOCKWORK = installer("months.keep")


def make_ahead() -> int:
    """The months of a year ahead of every table that lies in months; how many were made. Harmless to repeat."""
    made = 0
    for monthly in settings.MONTHLY:
        there = {one.month for one in months_of(monthly.table)}
        for month in months_wanted(today()):
            if month not in there:
                gateways.make(monthly.table, month)
                made += 1
    return made


def archive_what_is_over() -> int:
    """Every month that need not be at hand any longer goes into its file; how many. One that was brought back stays a while."""
    done = 0
    for monthly in settings.MONTHLY:
        for month in months_of(monthly.table):
            if is_over(month, monthly.at_hand_days, now()) and not _brought_back_lately(month):
                archive(monthly, month)
                done += 1
    return done


def _stream(table: str, month: date) -> str:
    return f"month:{table}-{month:%Y-%m}"


def _brought_back_lately(month: Month) -> bool:
    fact = last_fact(_stream(month.table, month.month))
    return fact is not None and fact.name == "months.restored" and fact.at > now() - LEFT_ALONE


def archive(monthly: Monthly, month: Month) -> None:
    """Let go, write, read back and compare, tell, drop. Broken off anywhere, it goes on from there when it is called again."""
    if month.is_attached:
        gateways.let_go(month)
    file = gateways.file_of(month.table, month.month)
    rows, digest = gateways.write(monthly, month, file)
    if gateways.read(file) != (rows, digest) or gateways.count(month.name) != rows:
        raise MonthDamaged
    _tell("months.archived", month.table, month.month, rows, digest)
    gateways.drop(month.name)


def bring_back(monthly: Monthly, month: date) -> int:
    """A month out of its file into its table again, if the file is what it was; how many rows."""
    table = monthly.table
    fact = last_fact(_stream(table, month))
    if month not in archived(table) or fact is None or any(one.month == month for one in months_of(table)):
        raise NoSuchMonth
    file = gateways.file_of(table, month)
    if gateways.read(file) != (fact.data["rows"], fact.data["digest"]):
        raise MonthDamaged
    rows = gateways.fill(monthly, month, file)
    _tell("months.restored", table, month, rows, fact.data["digest"])
    return rows


def _tell(name: str, table: str, month: date, rows: int, digest: str) -> None:
    data: dict[str, Any] = {"table": table, "month": f"{month:%Y-%m}", "rows": rows, "digest": digest}
    record(name, actor=CLOCKWORK, subject=_stream(table, month), data=data)
