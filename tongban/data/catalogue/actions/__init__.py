"""Everything that can be done to the catalogue."""

from .demands import ask_for_data, close_demand, match_demand
from .drafts import begin_entry, drop_draft, grade_as_suggested, revise, write
from .following import note_gathered, warn_of_grounds
from .reviews import agree, ask_withdrawal, hand_in, recall, refuse
from .tables import hear_of_item, load_value_tables
from .taking_in import drop_intake, put_in, take_in

__all__ = [
    "agree",
    "ask_for_data",
    "ask_withdrawal",
    "begin_entry",
    "close_demand",
    "drop_draft",
    "drop_intake",
    "grade_as_suggested",
    "hand_in",
    "hear_of_item",
    "load_value_tables",
    "match_demand",
    "note_gathered",
    "put_in",
    "recall",
    "refuse",
    "revise",
    "take_in",
    "warn_of_grounds",
    "write",
]
