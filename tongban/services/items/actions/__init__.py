"""Everything that can be done to the catalogue of service items."""

from .basic import BasicRow, basic_rows_of_definitions, basic_rows_of_listed, import_basic
from .definitions import check_definition, load_definition
from .listed import check_listed, correct_listed, import_listed
from .tables import load_code_tables, load_synonyms
from .versions import draft_version, publish_version, set_status, submit_for_review

__all__ = [
    "BasicRow",
    "basic_rows_of_definitions",
    "basic_rows_of_listed",
    "check_definition",
    "check_listed",
    "correct_listed",
    "draft_version",
    "import_basic",
    "import_listed",
    "load_code_tables",
    "load_definition",
    "load_synonyms",
    "publish_version",
    "set_status",
    "submit_for_review",
]
