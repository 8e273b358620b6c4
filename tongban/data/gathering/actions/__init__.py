"""Everything that can be done to sources, jobs and their runs."""

from .jobs import accept_shape, change_schedule, create_job, pause_job, resume_job, try_out
from .replaying import REPLAY, ask_replay, replay
from .runs import GATHER, answer_shape, gather, give_up, pause_run, resume_run, start_due, start_run
from .showing import show_bad_rows
from .sources import change_source, check_source, connect_source, test_connection, upload_file

__all__ = [
    "GATHER",
    "REPLAY",
    "accept_shape",
    "answer_shape",
    "ask_replay",
    "change_schedule",
    "change_source",
    "check_source",
    "connect_source",
    "create_job",
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
