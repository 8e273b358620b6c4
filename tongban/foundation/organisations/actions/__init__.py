"""Everything that can be done to divisions, departments, posts, halls and windows."""

from .city import load_city
from .divisions import add_divisions, import_divisions
from .halls import add_hall, add_window, change_hall, remove_window
from .offices import add_department, add_post, change_department, place_post, set_post_in_use

__all__ = [
    "add_department", "add_divisions", "add_hall", "add_post", "add_window", "change_department", "change_hall",
    "import_divisions", "load_city", "place_post", "remove_window", "set_post_in_use",
]  # fmt: skip
