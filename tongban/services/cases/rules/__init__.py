"""What the law and the flow allow: 行政许可法 arts. 32, 42–45. Pure."""

from .flow import ACCEPTING, Part, Stage, next_stage, stages_of
from .numbers import compose_project_no, number_prefix, serial_text
from .results import RESULTS, Result, code_in_set_a, code_in_set_b, national_code
from .states import (
    ANSWER_DAYS,
    MOVES,
    NEEDS_DECISION,
    OPEN_STATES,
    RIGHTS,
    Given,
    Standing,
    State,
    moved,
    obstacles,
    open_verbs,
    right_for,
    silence_means_accepted,
)

__all__ = [
    "ACCEPTING",
    "ANSWER_DAYS",
    "MOVES",
    "NEEDS_DECISION",
    "OPEN_STATES",
    "RESULTS",
    "RIGHTS",
    "Given",
    "Part",
    "Result",
    "Stage",
    "Standing",
    "State",
    "code_in_set_a",
    "code_in_set_b",
    "compose_project_no",
    "moved",
    "national_code",
    "next_stage",
    "number_prefix",
    "obstacles",
    "open_verbs",
    "right_for",
    "serial_text",
    "silence_means_accepted",
    "stages_of",
]
