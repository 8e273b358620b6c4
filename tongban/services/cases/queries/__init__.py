"""Reading cases. Every query takes the actor and answers with what he may see."""

from tongban.services.cases.rules.masking import masked

from .applicant import (
    AtOnce,
    decided_at_once,
    draft_for,
    draft_standing,
    earlier_answers,
    earlier_of,
    my_cases,
    my_drafts,
    receipt_by_key,
    receipt_of_draft,
)
from .asked import Round, rounds_of
from .begun import affected_by_items, drafts_answering
from .case import case_by_number, case_for, closed_among, counter_of, open_transfer, standing_of, what_may_be_done
from .counter import Helper, drafts_of_visitor, helped_now, helpers_of, last_help, visit_for
from .desk import case_numbers, desk_counts, event_title, events_since, last_event
from .figures import FEW, STAGES, closed_counts, closed_on_day, open_counts
from .handing import colleagues_asked, colleagues_fit, undoable
from .reuse import earlier_files
from .seen import division_prefix, visible_cases
from .signatures import Judged, awaits_signature, judged_signatures, signatures_of, signed_file, signed_lines
from .standing import Applying, offers, offers_of, picked, stand_ins_of
from .timeline import Event, answer_promised_on, timeline
from .worklist import WorkFilters, counts_by_lamp, export_rows, export_size, saved_views, worklist

__all__ = [
    "FEW",
    "STAGES",
    "Applying",
    "AtOnce",
    "Event",
    "Helper",
    "Judged",
    "Round",
    "WorkFilters",
    "affected_by_items",
    "answer_promised_on",
    "awaits_signature",
    "case_by_number",
    "case_for",
    "case_numbers",
    "closed_among",
    "closed_counts",
    "closed_on_day",
    "colleagues_asked",
    "colleagues_fit",
    "counter_of",
    "counts_by_lamp",
    "decided_at_once",
    "desk_counts",
    "division_prefix",
    "draft_for",
    "draft_standing",
    "drafts_answering",
    "drafts_of_visitor",
    "earlier_answers",
    "earlier_files",
    "earlier_of",
    "event_title",
    "events_since",
    "export_rows",
    "export_size",
    "helped_now",
    "helpers_of",
    "judged_signatures",
    "last_event",
    "last_help",
    "masked",
    "my_cases",
    "my_drafts",
    "offers",
    "offers_of",
    "open_counts",
    "open_transfer",
    "picked",
    "receipt_by_key",
    "receipt_of_draft",
    "rounds_of",
    "saved_views",
    "signatures_of",
    "signed_file",
    "signed_lines",
    "stand_ins_of",
    "standing_of",
    "timeline",
    "undoable",
    "visible_cases",
    "visit_for",
    "what_may_be_done",
    "worklist",
]
