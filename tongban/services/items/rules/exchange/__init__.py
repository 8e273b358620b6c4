"""Definitions as a workbook in the province's template and back, and as JSON."""

from tongban.foundation.kernel.workbook import Book, Unusable, open_book

from .reading import Read, read_book, read_json
from .repeated import repeated, same
from .writing import TooLongForCell, book_of, json_of

__all__ = [
    "Book",
    "Read",
    "TooLongForCell",
    "Unusable",
    "book_of",
    "json_of",
    "open_book",
    "read_book",
    "read_json",
    "repeated",
    "same",
]
