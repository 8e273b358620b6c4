"""What the law and the flow allow: 行政许可法 arts. 32, 42–45. Pure."""

from .flow import ACCEPTING, Part, Stage, next_stage, stages_of
from .lamps import higher, lamp_of_day
from .materials import FORM, PROMISE, WITH_FILE, MaterialFault, is_the_form, material_faults, tolerance_days
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
    rights_for,
    silence_means_accepted,
)

__all__ = [
    "ACCEPTING",
    "ANSWER_DAYS",
    "FORM",
    "MOVES",
    "NEEDS_DECISION",
    "OPEN_STATES",
    "PROMISE",
    "RESULTS",
    "RIGHTS",
    "WITH_FILE",
    "Given",
    "MaterialFault",
    "Part",
    "Result",
    "Stage",
    "Standing",
    "State",
    "code_in_set_a",
    "code_in_set_b",
    "compose_project_no",
    "higher",
    "is_the_form",
    "lamp_of_day",
    "material_faults",
    "moved",
    "national_code",
    "next_stage",
    "number_prefix",
    "obstacles",
    "open_verbs",
    "rights_for",
    "serial_text",
    "silence_means_accepted",
    "stages_of",
    "tolerance_days",
]
