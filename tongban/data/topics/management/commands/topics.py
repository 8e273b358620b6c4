"""`tongban topics rebuild|follow`: all rows anew from all facts, or a pass now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongban.data.topics.actions import follow, rebuild


class Command(BaseCommand):
    help = "主题库：从全部事实重做（rebuild）、立即跟一次（follow）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["rebuild", "follow"])

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{ {'rebuild': rebuild, 'follow': follow}[options['verb']]() }")
