"""`tongban audit verify|seal|export`: is everything as it was written; sign a root now; write facts out for a checker."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.foundation.audit.actions import seal
from tongban.foundation.audit.queries import exported, seal_keys, seals, statement_of_seal, verify
from tongban.foundation.kernel.clock import now

WORDS = {
    "changed": "内容被改动",
    "missing": "缺少条目（被删除）",
    "inserted": "多出条目（事后插入）",
    "reordered": "顺序被调换",
    "seal": "封存记录被改动，或签名不符",
}


class Command(BaseCommand):
    help = "核对审计记录是否原样（verify）、立即封存（seal）、导出供第三方核对（export）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["verify", "seal", "export"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"verify": self.verify, "seal": self.seal, "export": self.export}[options["verb"]]()

    def verify(self) -> None:
        """Silent success is no proof, so it says what was looked at; the first alteration makes it fail."""
        altered = verify()
        if altered:
            for fault in altered[:20]:
                detail = f"（{fault.detail}）" if fault.detail else ""
                self.stderr.write(f"{fault.stream} 第{fault.position}条：{WORDS[fault.kind]}{detail}")
            first = altered[0]
            raise CommandError(f"审计记录已被改动，共{len(altered)}处；最早一处：{first.stream} 第{first.position}条。")
        self.stdout.write(f"审计记录原样无误，封存 {len(seals(limit=100_000))} 次。")

    def seal(self) -> None:
        made = seal()
        self.stdout.write(
            f"已封存第{made.number}次：{made.facts} 条，根 {made.root}" if made else "没有新的可封存的记录。"
        )

    def export(self) -> None:
        """JSON lines on standard output: keys, seals, then facts."""
        until: datetime = now()
        for key_id, pem in seal_keys().items():
            self._line({"kind": "key", "id": key_id, "pem": pem})
        for made in reversed(seals(limit=100_000)):
            statement = statement_of_seal(made).decode()
            self._line({
                "kind": "seal", "number": made.number, "statement": statement, "key": made.key_id,
                "signature": made.signature,
            })  # fmt: skip
        for fact in exported(None, until):
            self._line({"kind": "fact"} | fact)

    def _line(self, value: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n")
