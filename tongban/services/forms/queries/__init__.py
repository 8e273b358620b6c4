"""What other rooms may ask: what a form means, whether answers are right, how it looks."""

from tongban.services.forms.rules import (
    FORM_SCHEMA,
    Evaluated,
    Fault,
    Leaf,
    Settled,
    compile_form,
    evaluate,
    faults_of_expression,
    faults_of_form,
    holds,
    is_empty,
    leaf,
    names_in,
    parse_notes,
    parse_post,
    tidy,
)

from . import situations
from .answers import check, reasons_of, refusal_of, sentence, settle
from .objections import objections_about, objections_open
from .page import render, summary
from .prefill import prefill, values_of
from .said import answers_in_words

__all__ = [
    "FORM_SCHEMA",
    "Evaluated",
    "Fault",
    "Leaf",
    "Settled",
    "answers_in_words",
    "check",
    "compile_form",
    "evaluate",
    "faults_of_expression",
    "faults_of_form",
    "holds",
    "is_empty",
    "leaf",
    "names_in",
    "objections_about",
    "objections_open",
    "parse_notes",
    "parse_post",
    "prefill",
    "reasons_of",
    "refusal_of",
    "render",
    "sentence",
    "settle",
    "situations",
    "summary",
    "tidy",
    "values_of",
]
