"""`tongban verify`: listed with the other commands; `tongban/__main__.py` runs it without waking the rest of the house."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from tongban.foundation.credentials.offline import main


class Command(BaseCommand):
    help = "不联网核对证照上的核验码（核验码 --keys keys.json [--status 0.json]）"

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(main(list(args)))
