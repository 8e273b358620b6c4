"""What divisions, boundaries and addresses must be, as functions on plain values."""

from .addresses import DOOR_PARTS, PARTS, Said, line_of, parsed, road_plain
from .areas import BOX_LIMITS, cell_of, read_box
from .divisions import LEVELS, ancestors_of, code_of_twelve, level_of
from .geometry import Fault, Shape, checked
from .matching import ENOUGH, MATCHER, Candidate, Match, near, score_of, settle
from .positions import CGCS2000, GCJ02, IN_CHINA, SYSTEMS, WGS84, from_gcj02, named_system

__all__ = [
    "BOX_LIMITS",
    "CGCS2000",
    "DOOR_PARTS",
    "ENOUGH",
    "GCJ02",
    "IN_CHINA",
    "LEVELS",
    "MATCHER",
    "PARTS",
    "SYSTEMS",
    "WGS84",
    "Candidate",
    "Fault",
    "Match",
    "Said",
    "Shape",
    "ancestors_of",
    "cell_of",
    "checked",
    "code_of_twelve",
    "from_gcj02",
    "level_of",
    "line_of",
    "named_system",
    "near",
    "parsed",
    "read_box",
    "road_plain",
    "score_of",
    "settle",
]
