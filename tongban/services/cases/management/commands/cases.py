"""`tongban cases verify [number…]`: check every personal signature, or those of some cases; `signed number`: hand them out."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from tongban.foundation.kernel.actors import installer
from tongban.services.cases.models import Case
from tongban.services.cases.queries import judged_signatures, signed_file


class Command(BaseCommand):
    help = "验证办件上的个人签名（verify [办件编号…]），或者导出一个办件的签名供他人验证（signed 办件编号）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["verify", "signed"])
        parser.add_argument("numbers", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        with override("zh-hans"):
            (self.verify if options["verb"] == "verify" else self.signed)(options["numbers"])

    def verify(self, numbers: list[str]) -> None:
        """Says how many were checked; fails naming each that does not stand, and in which step."""
        count = wrong = 0
        for case in self._cases(numbers).exclude(signatures=None).distinct().iterator(chunk_size=200):
            for one in judged_signatures(installer(), case):
                count += 1
                wrong += one.good is not True
                self._tell(case, one)
        if wrong:
            raise CommandError(f"{count} 个签名，{wrong} 个没有通过。")
        self.stdout.write(f"{count} 个签名，全部通过。")

    def _tell(self, case: Case, one: Any) -> None:
        for step in one.steps:
            if not step.ok:
                self.stderr.write(f"{case.project_no} {one.title}（{one.row.pk}） {step.name}：{step.words}")

    def signed(self, numbers: list[str]) -> None:
        for case in self._cases(numbers[:1] or [""]):
            self.stdout.write(json.dumps(signed_file(installer(), case), ensure_ascii=False, indent=1))

    def _cases(self, numbers: list[str]) -> Any:
        """Every case, or those named; all of them must be there."""
        rows = Case.objects.order_by("id")
        if not numbers:
            return rows
        if missing := set(numbers) - set(rows.filter(project_no__in=numbers).values_list("project_no", flat=True)):
            raise CommandError("没有这些办件：" + "、".join(sorted(missing)))
        return rows.filter(project_no__in=numbers)
