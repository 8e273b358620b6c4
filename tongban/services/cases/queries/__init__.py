"""Reading cases. Every query takes the actor and answers with what he may see."""

from .applicant import draft_for, draft_standing, earlier_answers, my_cases, my_drafts, receipt_by_key, receipt_of_draft
from .case import case_by_number, case_for, standing_of, what_may_be_done
from .reuse import earlier_files
from .seen import division_prefix, visible_cases
from .timeline import Event, timeline
from .worklist import WorkFilters, counts_by_lamp, export_rows, saved_views, worklist

__all__ = [
    "Event",
    "WorkFilters",
    "case_by_number",
    "case_for",
    "counts_by_lamp",
    "division_prefix",
    "draft_for",
    "draft_standing",
    "earlier_answers",
    "earlier_files",
    "export_rows",
    "my_cases",
    "my_drafts",
    "receipt_by_key",
    "receipt_of_draft",
    "saved_views",
    "standing_of",
    "timeline",
    "visible_cases",
    "what_may_be_done",
    "worklist",
]
