"""How a message is worded, measured and sent: decisions on plain values."""

from .sending import (
    EMAIL,
    MOST_ATTEMPTS,
    SITE,
    SMS,
    WAYS_OUT,
    faults_of,
    fill,
    masked_address,
    ways_out,
    words_asked_for,
)
from .wording import (
    TEXTS,
    Field,
    Notice,
    composed,
    faults_of_text,
    fields_of,
    legible,
    measured,
    preview_of,
    written,
)

__all__ = [
    "EMAIL",
    "MOST_ATTEMPTS",
    "SITE",
    "SMS",
    "TEXTS",
    "WAYS_OUT",
    "Field",
    "Notice",
    "composed",
    "faults_of",
    "faults_of_text",
    "fields_of",
    "fill",
    "legible",
    "masked_address",
    "measured",
    "preview_of",
    "ways_out",
    "words_asked_for",
    "written",
]
