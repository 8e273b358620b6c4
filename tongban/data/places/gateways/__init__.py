"""Files of boundaries read, and many rows into the database at once."""

from .aside import telling_aside
from .files import MOST_FILE, Piece, read_file
from .tables import alone, candidates_for, groups_in, points_in, put_addresses, roads_known, take_in

__all__ = [
    "MOST_FILE",
    "Piece",
    "alone",
    "candidates_for",
    "groups_in",
    "points_in",
    "put_addresses",
    "read_file",
    "roads_known",
    "take_in",
    "telling_aside",
]
