"""Everything that can be done to registers."""

from .amendments import agree_to_amendment, ask_for_amendment, turn_down_amendment
from .building import BUILD, build, build_now, start_build, start_due
from .conflicts import answer_conflict, decide_conflict, return_conflict
from .exporting import export_records
from .joins import BUILD_PAIR, build_pair, merge_pair, part_pair
from .pairs import LOOK_FOR, ask_for_pairs, find_pairs
from .registers import (
    create_register,
    draft_register,
    drop_draft,
    drop_register,
    keep_draft,
    propose_ruling,
    publish_ruling,
    turn_down_ruling,
)
from .sample import company_values, index_names, load_credit, load_sample, person_values

__all__ = [
    "BUILD",
    "BUILD_PAIR",
    "LOOK_FOR",
    "agree_to_amendment",
    "answer_conflict",
    "ask_for_amendment",
    "ask_for_pairs",
    "build",
    "build_now",
    "build_pair",
    "company_values",
    "create_register",
    "decide_conflict",
    "draft_register",
    "drop_draft",
    "drop_register",
    "export_records",
    "find_pairs",
    "index_names",
    "keep_draft",
    "load_credit",
    "load_sample",
    "merge_pair",
    "part_pair",
    "person_values",
    "propose_ruling",
    "publish_ruling",
    "return_conflict",
    "start_build",
    "start_due",
    "turn_down_amendment",
    "turn_down_ruling",
]
