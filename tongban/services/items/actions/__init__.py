"""Everything that can be done to the catalogue of service items."""

from .basic import BasicRow, basic_rows_of_definitions, basic_rows_of_listed, import_basic
from .codes import clashes
from .definitions import check_definition, load_definition, reasons, sentence
from .import_drafts import confirm_import, drop_import, put_in
from .import_file import begin_import, read_import
from .keeping_tables import drop_table, hand_in_table, publish_table
from .listed import check_listed, correct_listed, import_listed
from .proposals import confirm_proposal, propose, refuse_proposal, withdraw_proposal
from .tables import load_code_tables, load_synonyms
from .versions import (
    draft_version,
    publish_version,
    recall_version,
    return_version,
    roll_back,
    submit_for_review,
    take_back_version,
)

__all__ = [
    "BasicRow",
    "basic_rows_of_definitions",
    "basic_rows_of_listed",
    "begin_import",
    "check_definition",
    "check_listed",
    "clashes",
    "confirm_import",
    "confirm_proposal",
    "correct_listed",
    "draft_version",
    "drop_import",
    "drop_table",
    "hand_in_table",
    "import_basic",
    "import_listed",
    "load_code_tables",
    "load_definition",
    "load_synonyms",
    "propose",
    "publish_table",
    "publish_version",
    "put_in",
    "read_import",
    "reasons",
    "recall_version",
    "refuse_proposal",
    "return_version",
    "roll_back",
    "sentence",
    "submit_for_review",
    "take_back_version",
    "withdraw_proposal",
]
