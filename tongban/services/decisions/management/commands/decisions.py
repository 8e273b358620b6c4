"""`tongban decisions replay [id…]`: reach recorded decisions again; `draw`: draw the sample now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongban.foundation.kernel.errors import NotFound
from tongban.services.decisions.actions import draw_checks
from tongban.services.decisions.queries import Replayed, replay, replay_all

WORDS = {"outcome": "结论不同", "grounds": "理由不同", "digest": "摘要不符", "engine": "引擎版本不同"}


class Command(BaseCommand):
    help = "重放已记录的智能审批（replay [编号…]），或者立即抽检（draw）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["replay", "draw"])
        parser.add_argument("ids", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "draw":
            self.stdout.write(f"抽出 {draw_checks()} 件。")
        else:
            self.replay(options["ids"])

    def replay(self, ids: list[str]) -> None:
        """Says how many were looked at; fails naming each that comes out otherwise."""
        count, wrong, engines = 0, [], 0
        for found in self._chosen(ids):
            count += 1
            engines += "engine" in found.differs
            if not found.same:
                wrong.append(found)
                words = "、".join(WORDS[name] for name in found.differs)
                self.stderr.write(f"{found.decided_id}（办件 {found.case_id}）：{words}")
        if wrong:
            raise CommandError(f"重放 {count} 件，{len(wrong)} 件与记录不符。")
        note = f"，其中 {engines} 件由另一版引擎重放" if engines else ""
        self.stdout.write(f"重放 {count} 件，结论、理由、摘要全部与记录一致{note}。")

    def _chosen(self, ids: list[str]) -> Any:
        if not ids:
            return replay_all()
        return (self._one(one) for one in ids)

    def _one(self, decided_id: str) -> Replayed:
        try:
            return replay(decided_id)
        except NotFound:
            raise CommandError(f"没有这次智能审批的记录：{decided_id}") from None
