"""`tongban drilled`: what `tongban drill` calls at its end, so that operators see how it went."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongban.foundation.kernel.actors import Actor
from tongban.foundation.tasks.actions import report_drill


class Command(BaseCommand):
    help = "记下一次恢复演练的结果（由 tongban drill 调用）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("figures")

    def handle(self, *args: Any, **options: Any) -> None:
        report_drill(actor=Actor(kind="system"), data=json.loads(options["figures"]))
