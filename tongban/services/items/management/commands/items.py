"""`tongban items check <files>`: what keeps definitions from being published. Exit 1 when anything does."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.services.items.actions import check_definition
from tongban.services.items.actions.definitions import sentence


class Command(BaseCommand):
    help = "Checks definitions of service items against the schema and the consistency rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["check"])
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *, files: list[Path], **options: object) -> None:
        faulty = 0
        for path in files:
            content, findings = check_definition(path.read_text())
            if content and content["code"] != path.stem:
                self.stdout.write(f"{path.name}: code {content['code']} is not the file's name")
                faulty += 1
            for finding in findings:
                self.stdout.write(f"{path.name}: {finding.path or '-'}: [{finding.code}] {sentence(finding)}")
            faulty += bool(findings)
        if faulty:
            raise CommandError(f"{faulty} of {len(files)} files are not fit to be published.")
        self.stdout.write(f"{len(files)} files are fit to be published.")
