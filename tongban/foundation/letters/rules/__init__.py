"""How letters are numbered, what may stand in them, and how an official's text becomes type. Pure."""

from .blocks import BLOCKS, SCHEMA, Fault, answers_wanted, compose, faults_of
from .fields import STEPS, Field, fields_of, sample_of
from .numbers import CODE_ALPHABET, agency_word, chinese_day, letter_number, shown

__all__ = [
    "BLOCKS",
    "CODE_ALPHABET",
    "SCHEMA",
    "STEPS",
    "Fault",
    "Field",
    "agency_word",
    "answers_wanted",
    "chinese_day",
    "compose",
    "faults_of",
    "fields_of",
    "letter_number",
    "sample_of",
    "shown",
]
