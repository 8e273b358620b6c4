"""`tongban files seal`: what was kept before files were sealed, or under a key from before, is sealed with the current key."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.foundation.files.actions import seal_old


class Command(BaseCommand):
    help = "把尚未加密、或用旧密钥加密的文件用现在的密钥加密（seal）；可随时中断、重来"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["seal"])

    def handle(self, *args: Any, **options: Any) -> None:
        done: Counter[str] = Counter()
        for name, what in seal_old():
            done[what] += 1
            if what == "damaged":
                self.stderr.write(f"打不开：{name}")
        self.stdout.write(f"加密了 {done['sealed']} 个文件。")
        if done["damaged"]:
            raise CommandError(f"{done['damaged']} 个文件打不开，请从备份中恢复。")
