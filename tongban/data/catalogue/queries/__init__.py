"""What the catalogue tells other rooms and its own faces."""

from .checking import faults_of, reasons
from .entries import (
    Filters,
    catalogue_page,
    data_item,
    differences,
    entry_by_code,
    entry_for,
    facets,
    item_codes_called,
    item_names,
    items_of,
    resources_fed_by,
    reviews_waiting,
    version_for,
    versions_of,
)
from .flowing import FLOW_TABLES, parts_for_lineage
from .lists import Figures, demand_page, duty_page, figures, no_share_page
from .showing import grading_of, gradings_of, guess_of, show, ungraded
from .tables import limit, value_tables

__all__ = [
    "FLOW_TABLES",
    "Figures",
    "Filters",
    "catalogue_page",
    "data_item",
    "demand_page",
    "differences",
    "duty_page",
    "entry_by_code",
    "entry_for",
    "facets",
    "faults_of",
    "figures",
    "grading_of",
    "gradings_of",
    "guess_of",
    "item_codes_called",
    "item_names",
    "items_of",
    "limit",
    "no_share_page",
    "parts_for_lineage",
    "reasons",
    "resources_fed_by",
    "reviews_waiting",
    "show",
    "ungraded",
    "value_tables",
    "version_for",
    "versions_of",
]
