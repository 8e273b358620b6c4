"""Everything that can be done with rules that decide by themselves, and with what they decided."""

from .considering import Verdict, consider
from .halting import halt, lift
from .rehearsing import begin_rehearsal, keep_rehearsal, note_tried, open_rehearsal
from .sampling import answer_check, ask_person, correct_check, draw_checks
from .writing import KIND, VERB, give_back, hand_in, load_rules, open_quota, publish, write_rules

__all__ = [
    "KIND",
    "VERB",
    "Verdict",
    "answer_check",
    "ask_person",
    "begin_rehearsal",
    "consider",
    "correct_check",
    "draw_checks",
    "give_back",
    "halt",
    "hand_in",
    "keep_rehearsal",
    "lift",
    "load_rules",
    "note_tried",
    "open_quota",
    "open_rehearsal",
    "publish",
    "write_rules",
]
