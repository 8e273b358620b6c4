"""Everything that can be done to divisions, boundaries and addresses."""

from .addresses import FOLLOW, follow_addresses, read_address
from .boundaries import bring_boundaries, take_back_boundary
from .divisions import (
    DIVISIONS,
    INTERRUPTED,
    TAKE_OVER,
    carry_out_takeover,
    give_up_takeover,
    start_takeover,
    take_over,
)

__all__ = [
    "DIVISIONS",
    "FOLLOW",
    "INTERRUPTED",
    "TAKE_OVER",
    "bring_boundaries",
    "carry_out_takeover",
    "follow_addresses",
    "give_up_takeover",
    "read_address",
    "start_takeover",
    "take_back_boundary",
    "take_over",
]
