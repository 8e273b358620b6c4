"""Everything that can be done to standards, their versions, their codes, and what is bound to them."""

from .binding import bind, bind_items, unbind
from .codes import drop_value, import_values, put_value
from .drafts import begin_standard, begin_version, change_draft, drop_draft
from .loading import load_standards, publish_set
from .reviews import agree, hand_in, send_back, withdraw

__all__ = [
    "agree",
    "begin_standard",
    "begin_version",
    "bind",
    "bind_items",
    "change_draft",
    "drop_draft",
    "drop_value",
    "hand_in",
    "import_values",
    "load_standards",
    "publish_set",
    "put_value",
    "send_back",
    "unbind",
    "withdraw",
]
