"""Everything that can be done to rules, checks and tickets."""

from .checks import CHECK, ask_check, check_after_gathering, run_check
from .rows import export_rows, masked, show_rows
from .rules import end_rule, preview, save_rule
from .tickets import close, correct, explain, give_back, send

__all__ = [
    "CHECK",
    "ask_check",
    "check_after_gathering",
    "close",
    "correct",
    "end_rule",
    "explain",
    "export_rows",
    "give_back",
    "masked",
    "preview",
    "run_check",
    "save_rule",
    "send",
    "show_rows",
]
