"""Everything that can be done to a draft of an item as a whole. Single edits are drafting's."""

from .beginning import begin_item
from .handing_in import hand_in
from .links import ask_for_link_check, check_all_links, check_links
from .rehearsing_rules import go_through, rehearse_rules
from .settling import settle_drafts, take_out_of_review

__all__ = [
    "ask_for_link_check",
    "begin_item",
    "check_all_links",
    "check_links",
    "go_through",
    "hand_in",
    "rehearse_rules",
    "settle_drafts",
    "take_out_of_review",
]
