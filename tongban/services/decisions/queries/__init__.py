"""Reading rule sets and what they decided. Every query about a case takes the actor."""

from .board import Row, board, check_for, checks_for, decided_of, halts_of, task_names
from .explaining import SEE, Explained, explained, explained_one
from .faults import Tried, faults_of, reasons_of, remarks_of, tried
from .in_force import Standing, forget_rules, is_halted, rule_set_in_force, standing_rules
from .rehearsing import last_rehearsal, rule_sets_of, rules_waiting, would_have
from .replaying import Replayed, replay, replay_all

__all__ = [
    "SEE",
    "Explained",
    "Replayed",
    "Row",
    "Standing",
    "Tried",
    "board",
    "check_for",
    "checks_for",
    "decided_of",
    "explained",
    "explained_one",
    "faults_of",
    "forget_rules",
    "halts_of",
    "is_halted",
    "last_rehearsal",
    "reasons_of",
    "remarks_of",
    "replay",
    "replay_all",
    "rule_set_in_force",
    "rule_sets_of",
    "rules_waiting",
    "standing_rules",
    "task_names",
    "tried",
    "would_have",
]
