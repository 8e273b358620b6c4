"""What flows where, where a row came from, what data there are."""

from .assets import Assets, assets
from .focus import Look, beginnings, impact, look
from .graph import whole_graph
from .rows import SEE, Trace, columns_of, dataset_of, job_of, rows_like, trace_of
from .values import Place, Story, story_of

__all__ = [
    "SEE",
    "Assets",
    "Look",
    "Place",
    "Story",
    "Trace",
    "assets",
    "beginnings",
    "columns_of",
    "dataset_of",
    "impact",
    "job_of",
    "look",
    "rows_like",
    "story_of",
    "trace_of",
    "whole_graph",
]
