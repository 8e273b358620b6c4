"""Everything that can be done to sources, jobs and their runs."""

from tongban.data.gathering.gateways import forget_old

from .jobs import accept_shape, change_schedule, create_job, pause_job, resume_job
from .mapping import change_column, change_mapping, foresee_mapping
from .replaying import REPLAY, ask_replay, replay
from .runs import GATHER, answer_shape, gather, give_up, pause_run, resume_run, start_due, start_run
from .showing import show_bad_rows
from .sources import change_source, check_source, connect_source, test_connection, upload_file
from .trying import BRING, Cell, Row, Tried, ask_for_file, bring_file, try_out

__all__ = [
    "BRING",
    "GATHER",
    "REPLAY",
    "Cell",
    "Row",
    "Tried",
    "accept_shape",
    "answer_shape",
    "ask_for_file",
    "ask_replay",
    "bring_file",
    "change_column",
    "change_mapping",
    "change_schedule",
    "change_source",
    "check_source",
    "connect_source",
    "create_job",
    "foresee_mapping",
    "forget_old",
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
