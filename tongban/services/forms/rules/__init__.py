"""Forms and situation trees are data; these rules say what the data means. Nothing here knows a framework or a database."""

from . import text
from .checking import Known, Settled, check, mentioned, settle
from .definitions import FORM_SCHEMA, faults_of_form
from .evaluation import Evaluated, evaluate, is_empty
from .expressions import faults_of_expression, holds, names_in, reckon
from .faults import Fault, fault
from .posting import parse_notes, parse_post
from .schema import compile_form
from .situations import Leaf, leaf
from .tidying import tidy

__all__ = [
    "FORM_SCHEMA",
    "Evaluated",
    "Fault",
    "Known",
    "Leaf",
    "Settled",
    "check",
    "compile_form",
    "evaluate",
    "fault",
    "faults_of_expression",
    "faults_of_form",
    "holds",
    "is_empty",
    "leaf",
    "mentioned",
    "names_in",
    "parse_notes",
    "parse_post",
    "reckon",
    "settle",
    "text",
    "tidy",
]
