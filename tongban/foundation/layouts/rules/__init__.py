"""What a page may hold, how its text is laid out, and what the files of an OFD package say. Pure."""

from . import ofd_parts, ofd_signing
from .drawing import PT, Box, Dots, Mark, Picture, Sheet, Stroke, Words, drawn
from .lines import ASCENT, PITCH, clean, fitted, line_of, wrapped
from .pages import FONTS, KINDS, Fault, faults_of

__all__ = [
    "ASCENT",
    "FONTS",
    "KINDS",
    "PITCH",
    "PT",
    "Box",
    "Dots",
    "Fault",
    "Mark",
    "Picture",
    "Sheet",
    "Stroke",
    "Words",
    "clean",
    "drawn",
    "faults_of",
    "fitted",
    "line_of",
    "ofd_parts",
    "ofd_signing",
    "wrapped",
]
