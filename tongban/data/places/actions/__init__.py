"""Everything that can be done to divisions, boundaries and addresses."""

from .addresses import FOLLOW, follow_addresses, read_address
from .boundaries import bring_boundaries, take_back_boundary
from .divisions import DIVISIONS, take_over

__all__ = [
    "DIVISIONS",
    "FOLLOW",
    "bring_boundaries",
    "follow_addresses",
    "read_address",
    "take_back_boundary",
    "take_over",
]
