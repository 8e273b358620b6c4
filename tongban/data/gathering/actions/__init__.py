"""Everything that can be done to sources, jobs and their runs."""

from .jobs import accept_shape, create_job, pause_job, resume_job, try_out
from .runs import GATHER, gather, give_up, pause_run, resume_run, start_due, start_run
from .sources import change_source, connect_source

__all__ = [
    "GATHER",
    "accept_shape",
    "change_source",
    "connect_source",
    "create_job",
    "gather",
    "give_up",
    "pause_job",
    "pause_run",
    "resume_job",
    "resume_run",
    "start_due",
    "start_run",
    "try_out",
]
