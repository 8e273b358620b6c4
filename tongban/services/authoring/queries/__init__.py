"""Reading drafts of items: what they hold, what is wrong with them, what their places are called."""

from .contacts import contact_findings
from .drafts import KIND, VERB, draft_counts, item_draft, item_drafts
from .findings import Finding, completed, findings_of
from .whole import all_findings, must_be_mended
from .words import begun_from, describe, link, tab_of

__all__ = [
    "KIND",
    "VERB",
    "Finding",
    "all_findings",
    "begun_from",
    "completed",
    "contact_findings",
    "describe",
    "draft_counts",
    "findings_of",
    "item_draft",
    "item_drafts",
    "link",
    "must_be_mended",
    "tab_of",
]
