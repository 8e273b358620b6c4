"""What flows into what, and how it is drawn. Pure."""

from .graph import BACK, BOTH, FORWARD, KINDS, PARTS, Edge, Graph, Node
from .picture import Picture, drawn, short
from .steps import steps_of

__all__ = [
    "BACK",
    "BOTH",
    "FORWARD",
    "KINDS",
    "PARTS",
    "Edge",
    "Graph",
    "Node",
    "Picture",
    "drawn",
    "short",
    "steps_of",
]
