"""What the registers say, to whom, and what is known of them."""

from tongban.data.registries.rules import CREDIT, LEGAL_PERSONS, LOOK, POPULATION

from .looking import company_record, masked_record, person_record, registered
from .records import (
    SEE,
    as_known,
    content_of,
    found,
    look_in_full,
    masked_value,
    origin_in,
    origin_of,
    record_of,
    register_of,
    spans_known,
    values_of,
)
from .registers import (
    Standing,
    builds_of,
    conflict,
    conflicts_page,
    fed_by,
    pair,
    pairs_page,
    registers,
    ruling,
    rulings_of,
)

__all__ = [
    "CREDIT",
    "LEGAL_PERSONS",
    "LOOK",
    "POPULATION",
    "SEE",
    "Standing",
    "as_known",
    "builds_of",
    "company_record",
    "conflict",
    "conflicts_page",
    "content_of",
    "fed_by",
    "found",
    "look_in_full",
    "masked_record",
    "masked_value",
    "origin_in",
    "origin_of",
    "pair",
    "pairs_page",
    "person_record",
    "record_of",
    "register_of",
    "registered",
    "registers",
    "ruling",
    "rulings_of",
    "spans_known",
    "values_of",
]
