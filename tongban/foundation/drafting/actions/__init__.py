"""Everything that can be done to a draft. An edit is its own record; what else happens is a fact."""

from .comments import arrive, comment, reopen, reply, resolve
from .editing import Edited, begin, edit, redo, rename, undo
from .states import finish, restore, return_, submit, trash

__all__ = [
    "Edited",
    "arrive",
    "begin",
    "comment",
    "edit",
    "finish",
    "redo",
    "rename",
    "reopen",
    "reply",
    "resolve",
    "restore",
    "return_",
    "submit",
    "trash",
    "undo",
]
