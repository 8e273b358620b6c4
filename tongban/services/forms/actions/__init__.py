"""What can be done with a form: read a posted page, say that a filled-in value is wrong, answer that, share parts of it."""

from .library import publish_part, refuse_part, share_part
from .objections import answer_objection, object_to_values
from .read_page import read_page

__all__ = [
    "answer_objection",
    "object_to_values",
    "publish_part",
    "read_page",
    "refuse_part",
    "share_part",
]
