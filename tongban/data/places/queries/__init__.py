"""Divisions, boundaries and addresses: what stands, on a day, in a part of the map, and what somebody may mean."""

from .addresses import ADDRESSES, address, addresses_page, find_address, find_addresses, origins_of, suggested, text_of
from .boundaries import SEE, boundaries_of, boundary_in_use, box_of, outlines, points
from .divisions import (
    MANAGE,
    above,
    children_page,
    division,
    found,
    held_version,
    home,
    lines_of,
    names_in,
    open_takeover,
    takeover,
    takeovers,
)

__all__ = [
    "ADDRESSES",
    "MANAGE",
    "SEE",
    "above",
    "address",
    "addresses_page",
    "boundaries_of",
    "boundary_in_use",
    "box_of",
    "children_page",
    "division",
    "find_address",
    "find_addresses",
    "found",
    "held_version",
    "home",
    "lines_of",
    "names_in",
    "open_takeover",
    "origins_of",
    "outlines",
    "points",
    "suggested",
    "takeover",
    "takeovers",
    "text_of",
]
