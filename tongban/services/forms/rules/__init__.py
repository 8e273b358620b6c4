"""Forms and situation trees are data; these rules say what the data means. Nothing here knows a framework or a database."""

from . import editing, outline, parts, text
from .checking import Known, Settled, check, mentioned, settle
from .conditions import OPERATORS, Compared, Joined, Name, Named, as_list, names_of, read, write
from .definitions import FORM_SCHEMA, faults_of_form
from .evaluation import Evaluated, evaluate, is_empty
from .expressions import faults_of_expression, holds, names_in, reckon
from .faults import Fault, fault
from .palette import PALETTE, TYPE_NAMES, Element, element_named
from .pasted import Guess, Pasted, fields_in
from .posting import laid_in, parse_notes, parse_post, sources_after
from .schema import compile_form
from .situations import Leaf, leaf
from .structure import passing
from .tidying import tidy
from .trials import Trial, record_test, run_tests
from .uses import Use, uses_of
from .wording import say

__all__ = [
    "FORM_SCHEMA",
    "OPERATORS",
    "PALETTE",
    "TYPE_NAMES",
    "Compared",
    "Element",
    "Evaluated",
    "Fault",
    "Guess",
    "Joined",
    "Known",
    "Leaf",
    "Name",
    "Named",
    "Pasted",
    "Settled",
    "Trial",
    "Use",
    "as_list",
    "check",
    "compile_form",
    "editing",
    "element_named",
    "evaluate",
    "fault",
    "faults_of_expression",
    "faults_of_form",
    "fields_in",
    "holds",
    "is_empty",
    "laid_in",
    "leaf",
    "mentioned",
    "names_in",
    "names_of",
    "outline",
    "parse_notes",
    "parse_post",
    "parts",
    "passing",
    "read",
    "reckon",
    "record_test",
    "run_tests",
    "say",
    "settle",
    "sources_after",
    "text",
    "tidy",
    "uses_of",
    "write",
]
