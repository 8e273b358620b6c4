"""Everything that can be done with rules that decide by themselves, and with what they decided."""

from .considering import Verdict, consider
from .halting import halt, lift
from .sampling import answer_check, ask_person, draw_checks
from .writing import give_back, hand_in, load_rules, open_quota, publish, write_rules

__all__ = [
    "Verdict",
    "answer_check",
    "ask_person",
    "consider",
    "draw_checks",
    "give_back",
    "halt",
    "hand_in",
    "lift",
    "load_rules",
    "open_quota",
    "publish",
    "write_rules",
]
