"""The figures of a run as a table: on the screen, and in docs/reliability.md."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.load.figures import put_between

from . import checker
from .checker import Fault
from .ledger import ACKNOWLEDGED, REFUSED, SENT, UNKNOWN, Request

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- torture: written by make torture -->", "<!-- torture: end -->"


@dataclass
class Run:
    """What was asked for and what came of it."""

    seed: int
    rounds: int
    clients: str
    seconds: float
    machine: str
    command: str
    blows: Counter[str] = field(default_factory=Counter)
    cuts: int = 0
    requests: list[Request] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)  # what the database holds
    faults: list[Fault] = field(default_factory=list)

    def table(self) -> list[str]:
        """Markdown, readable as it is."""
        told = Counter(one.outcome for one in self.requests)
        keys = {(one.by, one.key) for one in self.requests if one.act == "apply"}
        taken = {(one.by, one.key) for one in self.requests if one.act == "apply" and one.outcome == ACKNOWLEDGED}
        wrong = Counter(fault.rule for fault in self.faults)
        return [
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {self.machine} · `{self.command}`",  # noqa: TID251
            "",
            "| what | figure |",
            "|---|---:|",
            f"| rounds, seed | {self.rounds}, {self.seed} |",
            f"| clients | {self.clients} |",
            f"| seconds, all in all | {self.seconds:.0f} |",
            *(f"| blows: {name} | {count} |" for name, count in sorted(self.blows.items())),
            f"| connections cut | {self.cuts} |",
            f"| requests that change something | {len(self.requests)} |",
            *(f"| … {name} | {told[name]} |" for name in (ACKNOWLEDGED, REFUSED, UNKNOWN, SENT) if told[name]),
            f"| applications sent, acknowledged | {len(keys)}, {len(taken)} |",
            *(f"| in the database: {name} | {count} |" for name, count in self.held.items()),
            *(f"| faults: {rule} | {wrong[rule]} |" for rule in checker.names()),
            "",
            "**No fault found.**" if not self.faults else f"**{len(self.faults)} faults:**",
            *(f"- {fault}" for fault in self.faults[:50]),
        ]

    def write(self, page: Path = PAGE) -> None:
        """Replace the part between the two marks."""
        put_between(page, BEGIN, END, self.table())
