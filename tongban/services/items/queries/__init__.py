"""Reading the catalogue. All of it is public, except what the console shows of the district's list."""

from .depth import depth_of
from .items import (
    code_tables,
    content_of,
    department_of,
    in_force_items,
    item_by_code,
    items_of,
    published,
    version,
)

__all__ = [
    "code_tables",
    "content_of",
    "department_of",
    "depth_of",
    "in_force_items",
    "item_by_code",
    "items_of",
    "published",
    "version",
]
