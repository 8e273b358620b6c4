"""`tongban language collect | compile | missing`: the English catalogue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongban.web import language


class Command(BaseCommand):
    help = "Keep the English catalogue: collect what the code says, compile it, or list what lacks English."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["collect", "compile", "missing"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "collect":
            self.stdout.write(f"{language.collect()} messages lack English")
        elif verb == "compile":
            language.compile_catalogue()
        else:
            for context, singular, _plural in language.missing():
                self.stdout.write(f"{context + ' | ' if context else ''}{singular}")
