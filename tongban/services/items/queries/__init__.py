"""Reading the catalogue. All of it is public, except what the console shows of the district's list."""

from .basic import BasicFilters, basic_counts, basic_item, basic_rows, beginning_from_basic, free_code, office_of
from .depth import depth_of
from .differences import Told, by_part, part_titles, told_differences
from .element_words import label_of
from .guide import Guide, guide_of
from .items import (
    code_tables,
    content_of,
    department_of,
    in_force_items,
    item_by_code,
    items_of,
    published,
    stamp,
    version,
)
from .listed import Filters, listed_by_code, listed_counts, listed_row, listed_rows, sentences_of
from .search import Found, Hit, browse, completions, find, find_page, search

__all__ = [
    "BasicFilters",
    "Filters",
    "Found",
    "Guide",
    "Hit",
    "Told",
    "basic_counts",
    "basic_item",
    "basic_rows",
    "beginning_from_basic",
    "browse",
    "by_part",
    "code_tables",
    "completions",
    "content_of",
    "department_of",
    "depth_of",
    "find",
    "find_page",
    "free_code",
    "guide_of",
    "in_force_items",
    "item_by_code",
    "items_of",
    "label_of",
    "listed_by_code",
    "listed_counts",
    "listed_row",
    "listed_rows",
    "office_of",
    "part_titles",
    "published",
    "search",
    "sentences_of",
    "stamp",
    "told_differences",
    "version",
]
