"""What kinds of file are taken and what is wrong with one. Nothing here touches a disk, a network or a database."""

from .inspection import Inspection, inspect, is_polyglot
from .kinds import KINDS, PICTURES, Kind, decode_text, extension_of, kind_of_media, sniff
from .names import tidy_name
from .pictures import thumbnail

__all__ = [
    "KINDS",
    "PICTURES",
    "Inspection",
    "Kind",
    "decode_text",
    "extension_of",
    "inspect",
    "is_polyglot",
    "kind_of_media",
    "sniff",
    "thumbnail",
    "tidy_name",
]
