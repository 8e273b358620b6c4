"""Everything that can be done to the catalogue of service items."""

from .definitions import check_definition, load_definition
from .tables import load_code_tables, load_synonyms
from .versions import draft_version, publish_version, set_status, submit_for_review

__all__ = [
    "check_definition",
    "draft_version",
    "load_code_tables",
    "load_definition",
    "load_synonyms",
    "publish_version",
    "set_status",
    "submit_for_review",
]
