"""Everything that can be done to sources, jobs and their runs."""

from .jobs import accept_shape, change_schedule, create_job, pause_job, resume_job
from .mapping import change_column, change_mapping, foresee_mapping
from .replaying import REPLAY, ask_replay, replay
from .runs import GATHER, answer_shape, gather, give_up, pause_run, resume_run, start_due, start_run
from .showing import show_bad_rows
from .sources import change_source, check_source, connect_source, test_connection, upload_file
from .trying import Cell, Row, Tried, try_out

__all__ = [
    "GATHER",
    "REPLAY",
    "Cell",
    "Row",
    "Tried",
    "accept_shape",
    "answer_shape",
    "ask_replay",
    "change_column",
    "change_mapping",
    "change_schedule",
    "change_source",
    "check_source",
    "connect_source",
    "create_job",
    "foresee_mapping",
    "gather",
    "give_up",
    "pause_job",
    "pause_run",
    "replay",
    "resume_job",
    "resume_run",
    "show_bad_rows",
    "start_due",
    "start_run",
    "test_connection",
    "try_out",
    "upload_file",
]
